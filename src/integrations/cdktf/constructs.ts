import { withoutKeys } from "../../model/address.ts";
import type { Finding } from "../../model/report.ts";
import { type App, type Construct, resourcesOf, stacksOf } from "./app.ts";

/** The constructs that findings are about; looked up only where there are findings. */
export class Constructs {
  readonly #app: App;
  #resources: ReadonlyMap<string, { readonly stack: Construct; readonly byAddress: Resources }> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  /** The resource's construct; the stack's where the finding is about the whole or about what the stack no longer has. */
  of({ address, deployment }: Finding): Construct {
    this.#resources ??= new Map(
      stacksOf(this.#app).map((stack) => [stack.node.id, { stack, byAddress: resourcesOf(stack) }]),
    );
    const found = deployment === undefined ? undefined : this.#resources.get(deployment);
    return found?.byAddress.get(withoutKeys(address)) ?? found?.stack ?? this.#app;
  }
}

type Resources = ReadonlyMap<string, Construct>;
