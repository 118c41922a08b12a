import { parseBytes } from "../../json/scanner.ts";
import type { Action, Change, Provider } from "../../model/change.ts";
import type { Value } from "../../model/value.ts";
import { overlay } from "./overlay.ts";

/** One state of a resource as the plan writes it: bytes, parsed only when somebody asks. */
export interface StateBytes {
  readonly state: Buffer;
  readonly unknown: Buffer | undefined;
  readonly sensitive: Buffer | undefined;
}

/** What the plan says of a resource beside its values. */
export interface PlannedHead {
  readonly address: string;
  readonly name: string;
  readonly type: string;
  readonly action: Action;
  readonly deferred: boolean;
  readonly provider: Provider | undefined;
}

/**
 * A change of a plan. Values of touched resources are parsed once, those of untouched ones each time: a plan has many of
 * them and hardly any is ever looked at.
 */
export class PlannedChange implements Change {
  readonly address: string;
  readonly name: string;
  readonly type: string;
  readonly nativeType: string;
  readonly action: Action;
  readonly deferred: boolean;
  readonly provider?: Provider;
  readonly #before: StateBytes | undefined;
  readonly #after: StateBytes | undefined;
  #parsed: { before: Value | undefined; after: Value | undefined } | undefined;

  constructor(head: PlannedHead, before: StateBytes | undefined, after: StateBytes | undefined) {
    this.address = head.address;
    this.name = head.name;
    this.type = head.type;
    this.nativeType = head.type;
    this.action = head.action;
    this.deferred = head.deferred;
    if (head.provider !== undefined) this.provider = head.provider;
    this.#before = before;
    this.#after = after;
  }

  get before(): Value | undefined {
    return this.#values().before;
  }

  get after(): Value | undefined {
    return this.#values().after;
  }

  text(): readonly Uint8Array[] {
    const states = this.#before === this.#after ? [this.#after] : [this.#after, this.#before];
    return states.flatMap((one) => (one === undefined ? [] : [one.state]));
  }

  #values(): { before: Value | undefined; after: Value | undefined } {
    if (this.#parsed !== undefined) return this.#parsed;
    const after = valueOf(this.#after);
    const before = this.#before === this.#after ? after : valueOf(this.#before);
    const values = { before, after };
    if (this.action !== "keep") this.#parsed = values;
    return values;
  }
}

function valueOf(bytes: StateBytes | undefined): Value | undefined {
  if (bytes === undefined) return undefined;
  const marks = (part: Buffer | undefined) => (part === undefined ? undefined : parseBytes(part));
  return overlay(parseBytes(bytes.state), marks(bytes.unknown), marks(bytes.sensitive));
}
