import { addressMatcher } from "../../src/config/globs.ts";
import { evaluate } from "../../src/engine/evaluate.ts";
import type { RawFinding } from "../../src/engine/evaluation.ts";
import type { Policy } from "../../src/engine/policy.ts";
import { sharingOf } from "../../src/engine/sharing.ts";
import { Graph } from "../../src/graph/graph.ts";
import type { Action, Change } from "../../src/model/change.ts";
import type { Deployment, Edge } from "../../src/model/deployment.ts";
import type { Undetermined } from "../../src/model/report.ts";
import type { Value } from "../../src/model/value.ts";

/** A change as a test writes it: what is left out follows from the rest. */
export interface ChangeSpec {
  readonly type: string;
  readonly address?: string;
  readonly before?: Value;
  readonly after?: Value;
  readonly action?: Action;
  readonly providerMajor?: number;
  readonly deferred?: boolean;
}

export interface Scene {
  readonly changes: readonly ChangeSpec[];
  readonly edges?: readonly Edge[];
  readonly knows?: Deployment["knows"];
  readonly options?: Readonly<Record<string, unknown>>;
  /** `shared:` as the configuration writes it. */
  readonly shared?: readonly { address?: string; tags?: Record<string, string>; exempt?: boolean }[];
  readonly all?: boolean;
  readonly today?: string;
}

/** What one policy says about a scene. */
export interface Said {
  readonly findings: readonly RawFinding[];
  readonly undetermined: readonly Undetermined[];
  readonly compliant: number;
  readonly notApplicable: number;
}

/** Makes a Change of a spec. The action follows from before and after; equal values are `keep`. */
export function change(spec: ChangeSpec, index = 0): Change {
  const { before, after, type } = spec;
  const same = JSON.stringify(before) === JSON.stringify(after);
  const action =
    spec.action ??
    (before === undefined ? "create" : after === undefined ? "delete" : same ? "keep" : "update");
  const address = spec.address ?? `${type}.example${index === 0 ? "" : index}`;
  return {
    address,
    name: address.split(".").at(-1) ?? address,
    type,
    nativeType: type,
    action,
    before,
    after,
    provider: { name: "test", ...(spec.providerMajor !== undefined && { major: spec.providerMajor }) },
    ...(spec.deferred !== undefined && { deferred: spec.deferred }),
  };
}

export function deployment(scene: Scene): Deployment {
  return {
    host: "terraform-plan",
    name: "test",
    knows: scene.knows ?? "before-and-after",
    changes: scene.changes.map(change),
    edges: scene.edges ?? [],
    problems: [],
  };
}

/** Runs one policy, and no other, over a scene. A crash of the policy is thrown, so that no test passes over it. */
export function run(policy: Policy, scene: Scene): Said {
  return runOver(policy, [deployment(scene)], scene);
}

/** The same over deployments that a reader has read. */
export function runOver(
  policy: Policy,
  deployments: readonly Deployment[],
  scene: Pick<Scene, "options" | "shared" | "today" | "all">,
): Said {
  const evaluation = evaluate(
    deployments,
    [
      {
        policy,
        level: "mandatory",
        options: (policy.options ?? { parse: () => ({}) }).parse(scene.options ?? {}),
      },
    ],
    {
      graph: new Graph(deployments),
      sharing: sharingOf(
        (scene.shared ?? []).map(({ address, ...rule }) => ({
          ...rule,
          ...(address !== undefined && { coversAddress: addressMatcher(address) }),
        })),
      ),
      today: scene.today ?? "2026-11-22",
      all: scene.all ?? false,
    },
  );
  if (evaluation.problems.length > 0)
    throw new Error(evaluation.problems.map((problem) => problem.message).join("\n"));
  return evaluation;
}
