import { withoutKeys } from "../../model/address.ts";
import type { Change } from "../../model/change.ts";
import type { Configuration } from "../../model/deployment.ts";
import type { Value } from "../../model/value.ts";
import { configured } from "./configured.ts";
import { Stack } from "./stack.ts";

/** Makes the stacks of one app known to one another, and gives the configuration that they are together. */
export function configurationOf(stacks: readonly Stack[]): Configuration {
  relate(stacks);
  return {
    resolvedBy(lookup) {
      const named = Map.groupBy(stacks, ({ name }) => name);
      // Where two have the same name, nobody can say whose attributes are looked up.
      const again = stacks.map(
        ({ name, document }) => new Stack(name, document, named.get(name)?.length === 1 ? lookup : undefined),
      );
      relate(again);
      const byName = new Map(again.map((stack) => [stack.name, stack]));
      return (change) => afterIn(byName.get(change.stack ?? ""), change);
    },
  };
}

function relate(stacks: readonly Stack[]): void {
  for (const stack of stacks) {
    stack.siblings = stacks.filter((other) => other !== stack);
    stack.budget.nestIn((stacks[0] ?? stack).budget);
  }
}

function afterIn(stack: Stack | undefined, { address, type }: Change): Value | undefined {
  const block = stack?.block(withoutKeys(address));
  if (stack === undefined || block === undefined || !stack.looksUpAttributes) return undefined;
  const { instances, isOpen } = stack.instancesOf(block);
  const instance = isOpen
    ? instances[0]
    : instances.find(({ suffix }) => `${block.address}${suffix}` === address);
  if (instance === undefined) return undefined;
  const after = configured(stack, block, instance);
  return after.type === type ? after.value : undefined;
}
