import { memoryInput } from "../../../src/inputs/input.ts";
import { terraformPlan } from "../../../src/inputs/terraform-plan/terraform-plan.ts";
import type { Change } from "../../../src/model/change.ts";
import type { Deployment } from "../../../src/model/deployment.ts";

/** Reads a plan; what is left out of it is as in a plan of today. */
export function readPlan(plan: Record<string, unknown>): Deployment {
  return readText(JSON.stringify({ format_version: "1.2", terraform_version: "1.9.0", ...plan }));
}

export function readText(text: string): Deployment {
  const [deployment] = terraformPlan.read(memoryInput("prod/plan.json", Buffer.from(text)));
  if (deployment === undefined) throw new Error("nothing was read");
  return deployment;
}

/** One element of `resource_changes`. */
export function planned(change: unknown, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return { address: "some_type.a", mode: "managed", type: "some_type", name: "a", change, ...rest };
}

/** The change that one element gives. */
export function changeOf(change: unknown, rest: Record<string, unknown> = {}): Change {
  const { changes, problems } = readPlan({ resource_changes: [planned(change, rest)] });
  if (changes[0] === undefined) throw new Error(problems.map((problem) => problem.message).join());
  return changes[0];
}
