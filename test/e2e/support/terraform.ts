import { isObject, type Value } from "../../../src/model/value.ts";
import type { Workspace } from "../../support/terraform/workspace.ts";
import { firebreak } from "./cli.ts";

const FORMATS = ["pretty", "json", "sarif", "junit", "markdown", "github"] as const;

/** What tests look at in the JSON report. */
export interface Report {
  readonly verdict: string;
  readonly deployments: readonly { readonly changes: Readonly<Record<string, number>> }[];
  readonly findings: readonly {
    readonly policy: string;
    readonly address: string;
    readonly message: string;
    readonly reach: { readonly resources: number; readonly nearest: readonly string[] };
  }[];
  readonly undetermined: readonly {
    readonly policy: string;
    readonly address: string;
    readonly path: string;
    readonly because: string;
  }[];
  readonly problems: readonly { readonly severity: string; readonly message: string }[];
  readonly code: number | null;
}

/** The JSON report of `firebreak check`, with its exit code; the command runs in the root module, so paths are its files. */
export function checked(workspace: Workspace, ...args: readonly string[]): Report {
  const { code, stdout, stderr } = firebreak(["check", ...args, "--format", "json"], { cwd: workspace.root });
  if (stdout === "") throw new Error(`firebreak check ${args.join(" ")} ended with ${code}:\n${stderr}`);
  return { ...(JSON.parse(stdout) as Omit<Report, "code">), code };
}

/** All that `firebreak check` says about a plan, in each format. */
export function toldInEachFormat(workspace: Workspace, plan: string): string {
  return FORMATS.map((format) => {
    const { stdout, stderr } = firebreak(
      ["check", plan, "--all", "--show-undetermined", "--format", format],
      {
        cwd: workspace.root,
      },
    );
    return stdout + stderr;
  }).join("\n");
}

/** A configuration that makes every dependent of a changed resource count, so that the report tells who depends on whom. */
export function smallBudget(workspace: Workspace): readonly string[] {
  // Not in the root module itself, where every check would find it.
  const config = "small-budget/firebreak.yaml";
  workspace.write(config, "version: 1\nbudget: { resources: 1 }\n");
  return ["--config", config, "--pack", "strict"];
}

/** Who depends on the resource, as the finding of `smallBudget` says; in the order of addresses. */
export function dependentsOf({ findings }: Report, address: string): readonly string[] {
  const found = findings.find(
    (one) => one.policy === "dependencies/blast-radius-budget" && one.address === address,
  );
  return [...(found?.reach.nearest ?? [])].sort();
}

/** Every text in the changes of a plan that its maps mark as sensitive. */
export function sensitiveTexts(plan: string): readonly string[] {
  const found = new Set<string>();
  const { resource_changes: changes } = JSON.parse(plan) as {
    resource_changes: { change: Record<string, Value> }[];
  };
  for (const { change } of changes) {
    collect(change.before, change.before_sensitive, found);
    collect(change.after, change.after_sensitive, found);
  }
  return [...found];
}

function collect(value: Value | undefined, marks: Value | undefined, found: Set<string>): void {
  if (typeof value === "string" && marks === true) found.add(value);
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const mark =
      marks === true
        ? true
        : isObject(marks) || Array.isArray(marks)
          ? Object.entries(marks).find(([name]) => name === key)?.[1]
          : undefined;
    collect(part as Value, mark as Value | undefined, found);
  }
}
