import { beforeAll, describe, expect, it } from "vitest";
import { policies } from "../../policies/index.ts";
import type { Finding } from "../../src/model/report.ts";
import { visible } from "../../src/reporters/text.ts";
import { changeInWords } from "../../src/reporters/words.ts";
import { type BothWays, FORMS, judgeBothWays } from "../support/pulumi/both-ways.ts";
import { caseStacks } from "../support/pulumi/cases.ts";
import type { Diagnostic } from "../support/pulumi/messages.ts";
import { rootUrn, type StackChange } from "../support/pulumi/stack-change.ts";
import { type ExampleStack, exampleStacks } from "../support/pulumi/stacks.ts";

/** The policies under which the pack speaks of itself. */
const OF_THE_PACK = /^firebreak(\/|$)/;

const stacks = [...exampleStacks(policies), ...caseStacks];
const judged = new Map<ExampleStack, PromiseSettledResult<BothWays>>();

beforeAll(async () => {
  // Each pack is a process: as many at a time as test machines have cores.
  const open = stacks.values();
  const worker = async () => {
    for (const stack of open) {
      const [outcome] = await Promise.allSettled([judgeBothWays(stack)]);
      judged.set(stack, outcome);
    }
  };
  await Promise.all([worker(), worker()]);
}, 600_000);

function outcomeOf(stack: ExampleStack): BothWays {
  const outcome = judged.get(stack);
  if (outcome?.status !== "fulfilled") throw outcome?.reason ?? new Error(`${stack.title} was not judged`);
  return outcome.value;
}

describe.each(stacks.map((stack) => [stack.title, stack] as const))("%s", (_, stack) => {
  it.each(FORMS)("the pack says what `firebreak check` says of %s", (form) => {
    const { reports, pack } = outcomeOf(stack);
    const { findings } = reports[form];
    const said = diagnosticsOf(pack);
    expect(said.map(rowOf).sort()).toEqual(findings.map((one) => rowOfFinding(one, stack.change)).sort());
    const untold = findings.filter((one) => !said.some((other) => tells(other, one, stack.change)));
    expect(untold.map(inWords), said.map(({ message }) => message).join("\n\n")).toEqual([]);
  });

  it("the pack could read everything", () => {
    const { pack, reports } = outcomeOf(stack);
    const own = [...pack.resource, ...pack.stack].filter(({ policy }) => OF_THE_PACK.test(policy));
    const undecided = reports["preview.json"].undetermined.length;
    expect(own.filter(({ level }) => level === "mandatory")).toEqual([]);
    expect(own.length, own.map(({ message }) => message).join("\n")).toBe(undecided > 0 ? 1 : 0);
    expect(pack.stderr).toBe("");
  });

  if (stack.avoids === undefined) return;
  it(`${stack.avoids} refuses it`, () => {
    const { pack } = outcomeOf(stack);
    expect(diagnosticsOf(pack).map(({ policy }) => policy)).toContain(stack.avoids);
  });
});

it("every policy is seen firing", () => {
  const fired = new Set(
    stacks.flatMap((stack) => diagnosticsOf(outcomeOf(stack).pack)).map(({ policy }) => policy),
  );
  expect(policies.map(({ id }) => id).filter((id) => !fired.has(id))).toEqual([]);
});

/** What the pack says of the change, without what it says of itself. */
function diagnosticsOf({ resource, stack }: BothWays["pack"]): readonly Diagnostic[] {
  return [...resource, ...stack].filter(({ policy }) => !OF_THE_PACK.test(policy));
}

function rowOf({ policy, level, urn }: Diagnostic): string {
  return JSON.stringify([policy, level, urn]);
}

function rowOfFinding(finding: Finding, change: StackChange): string {
  return JSON.stringify([finding.policy, finding.level, urnOf(finding, change)]);
}

/** Pulumi shows what is about no resource that stays at the stack. */
function urnOf({ address }: Finding, change: StackChange): string {
  const stays = change.resources.some(({ urn, next }) => urn === address && next !== undefined);
  return stays ? address : rootUrn(change);
}

/** Whether the diagnostic is about the finding and holds all that a person has to know of it. */
function tells(diagnostic: Diagnostic, finding: Finding, change: StackChange): boolean {
  if (rowOf(diagnostic) !== rowOfFinding(finding, change)) return false;
  const isGone = finding.type !== "deployment" && urnOf(finding, change) !== finding.address;
  const parts = [
    changeInWords(finding),
    visible(finding.message),
    visible(finding.fix),
    ...(isGone ? [finding.address] : []),
  ];
  return parts.every((part) => part === undefined || diagnostic.message.includes(part));
}

function inWords(finding: Finding): string {
  return [finding.policy, finding.address, changeInWords(finding), finding.message, finding.fix].join("\n");
}
