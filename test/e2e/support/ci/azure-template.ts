import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { shell } from "./shell.ts";

interface Step {
  readonly bash?: string;
  readonly task?: string;
  readonly displayName: string;
  readonly condition?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

interface Template {
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly default: string }[];
  readonly steps: readonly Step[];
}

export function azureTemplateIn(file: string): Template {
  return parse(readFileSync(file, "utf8"));
}

/** A job of Azure Pipelines: its variables, and whether something has failed already. */
export interface AzureJob {
  readonly workspace: string;
  readonly temporary: string;
  readonly env: Readonly<Record<string, string>>;
  /** By their names in pipelines, such as Build.Reason. */
  readonly variables: Map<string, string>;
  failed: boolean;
}

interface AzureStepRun {
  readonly name: string;
  readonly outcome: "succeeded" | "failed" | "skipped";
  readonly log: string;
  /** What a task is given. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Runs the steps of a template as an agent does: conditions, macros, logging commands that set variables. Tasks are only recorded. */
export async function runAzureTemplate(
  { parameters, steps }: Template,
  given: Readonly<Record<string, string>>,
  job: AzureJob,
): Promise<readonly AzureStepRun[]> {
  const values = new Map(parameters.map(({ name, default: value }) => [name, given[name] ?? value]));
  const template = (text: string) =>
    text.replace(/\$\{\{ parameters\.(\w+) \}\}/g, (whole, name) => values.get(name) ?? whole);
  // What no variable has as its name stays as it is written, also in a script.
  const macros = (text: string) =>
    text.replace(/\$\(([\w.]+)\)/g, (whole, name) => job.variables.get(name) ?? whole);
  const runs: AzureStepRun[] = [];
  for (const step of steps) {
    const name = step.displayName;
    const mapped = (values: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(Object.entries(values).map(([key, text]) => [key, macros(template(text))]));
    if (!holds(template(step.condition ?? "succeeded()"), job)) {
      runs.push({ name, outcome: "skipped", log: "", inputs: {} });
      continue;
    }
    if (step.bash === undefined) {
      runs.push({ name, outcome: "succeeded", log: "", inputs: mapped(step.inputs) });
      continue;
    }
    if (step.bash.includes("${{")) throw new Error(`a parameter is part of the script of "${name}"`);
    const script = join(mkdtempSync(join(job.temporary, "script-")), "script.sh");
    writeFileSync(script, macros(step.bash));
    const { code, log } = await shell(["bash", "--noprofile", "--norc", script], {
      cwd: job.workspace,
      env: { ...job.env, ...environmentOf(job.variables), ...mapped(step.env) },
    });
    for (const [, variable = "", value = ""] of log.matchAll(
      /^##vso\[task\.setvariable variable=(\w+)\](.*)$/gm,
    )) {
      job.variables.set(variable, value);
    }
    job.failed ||= code !== 0;
    runs.push({ name, outcome: code === 0 ? "succeeded" : "failed", log, inputs: {} });
  }
  return runs;
}

/** Secrets get into no environment by themselves. */
function environmentOf(variables: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...variables]
      .filter(([name]) => name !== "System.AccessToken")
      .map(([name, value]) => [name.toUpperCase().replaceAll(".", "_"), value]),
  );
}

/** `succeeded()`, `succeededOrFailed()` and comparisons of a variable with a text, also joined by `and(…)`. */
function holds(condition: string, job: AzureJob): boolean {
  const parts = /^and\((.*)\)$/s.exec(condition)?.[1]?.split(/, (?=eq\(|succeeded)/) ?? [condition];
  return parts.every((part) => {
    if (part === "succeeded()") return !job.failed;
    if (part === "succeededOrFailed()") return true;
    const [, name, value] = /^eq\(variables\['([\w.]+)'\], '([^']*)'\)$/.exec(part) ?? [];
    if (name === undefined) throw new Error(`the condition ${part} cannot be read`);
    return job.variables.get(name) === value;
  });
}
