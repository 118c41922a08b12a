import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { shell } from "./shell.ts";

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export function actionIn(file: string): Action {
  return parse(readFileSync(file, "utf8"));
}

/** What a job gives to an action. */
export interface Job {
  /** Where action.yml is. */
  readonly action: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** The runner's folder for temporary files. */
  readonly temporary: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly token: string;
  /** Plays the actions that a step uses, by their name without a version; gives folders to put on the PATH. */
  readonly uses?: Readonly<Record<string, (inputs: Readonly<Record<string, string>>) => readonly string[]>>;
}

interface StepRun {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  readonly log: string;
}

interface Ran {
  readonly succeeded: boolean;
  readonly steps: readonly StepRun[];
  readonly outputs: Readonly<Record<string, string>>;
  /** The job's summary, as Markdown. */
  readonly summary: string;
  /** Everything that the steps printed. */
  readonly log: string;
}

/** What `shell: bash` stands for (docs.github.com/actions/reference/workflow-syntax, on `shell`). */
const BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail"];

/** Runs a composite action as a runner does: the same shell, files for outputs and summary, conditions, expressions. */
export async function runAction(job: Job): Promise<Ran> {
  const { inputs: declared, outputs: promised, runs } = actionIn(join(job.action, "action.yml"));
  const unknown = Object.keys(job.inputs).filter((name) => !(name in declared));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(", ")}`);
  const files = mkdtempSync(join(job.temporary, "_runner_file_commands_"));
  const summaryFile = join(files, "summary");
  writeFileSync(summaryFile, "");
  const known = new Map<string, string>([["github.token", job.token]]);
  for (const [name, { default: value = "" }] of Object.entries(declared)) {
    known.set(`inputs.${name}`, job.inputs[name] ?? filled(value, known));
  }
  const steps: StepRun[] = [];
  let path = job.env.PATH ?? "";
  let failed = false;
  for (const [i, step] of runs.steps.entries()) {
    if (!holds(step.if, known, failed)) {
      steps.push({ name: step.name, outcome: "skipped", log: "" });
      continue;
    }
    if (step.uses !== undefined) {
      const play = job.uses?.[step.uses.split("@")[0] ?? ""];
      if (play === undefined) throw new Error(`nobody plays ${step.uses}`);
      path = [...play(mapped(step.with, known)), path].join(":");
      steps.push({ name: step.name, outcome: "success", log: "" });
      continue;
    }
    const [script, output] = [join(files, `${i}.sh`), join(files, `${i}.output`)];
    if (/\$\{\{/.test(step.run ?? ""))
      throw new Error(`an expression is part of the script of "${step.name}"`);
    writeFileSync(script, step.run ?? "");
    writeFileSync(output, "");
    const { code, log } = await shell([...BASH, script], {
      cwd: resolve(job.workspace, filled(step["working-directory"] ?? ".", known)),
      env: {
        ...job.env,
        PATH: path,
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_ACTION_PATH: job.action,
        GITHUB_WORKSPACE: job.workspace,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summaryFile,
        RUNNER_TEMP: job.temporary,
        ...mapped(step.env, known),
      },
    });
    for (const [name, value] of outputsIn(readFileSync(output, "utf8"))) {
      known.set(`steps.${step.id}.outputs.${name}`, value);
    }
    failed ||= code !== 0;
    steps.push({ name: step.name, outcome: code === 0 ? "success" : "failure", log });
  }
  return {
    succeeded: !failed,
    steps,
    outputs: Object.fromEntries(
      Object.entries(promised).map(([name, { value }]) => [name, filled(value, known)]),
    ),
    summary: readFileSync(summaryFile, "utf8"),
    log: steps.map(({ log }) => log).join(""),
  };
}

type Known = ReadonlyMap<string, string>;

function mapped(values: Readonly<Record<string, string>> = {}, known: Known): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, filled(value, known)]));
}

function filled(text: string, known: Known): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression) => lookUp(expression, known));
}

/** `inputs.NAME`, `steps.ID.outputs.NAME`, `github.token`; what a step has not set is empty, anything else is a mistake. */
function lookUp(expression: string, known: Known): string {
  const value = known.get(expression);
  if (value !== undefined) return value;
  if (/^steps\.[\w-]+\.outputs\.[\w-]+$/.test(expression)) return "";
  throw new Error(`the expression ${expression} means nothing here`);
}

/** A condition: comparisons with texts, and `!cancelled()`, joined by `&&`; without the latter nothing may have failed. */
function holds(condition: string | undefined, known: Known, failed: boolean): boolean {
  const parts = (condition ?? "")
    .replace(/^\$\{\{|\}\}$/g, "")
    .split("&&")
    .map((part) => part.trim());
  const whenever = parts.includes("!cancelled()");
  if (failed && !whenever) return false;
  return parts.every((part) => {
    if (part === "" || part === "!cancelled()") return true;
    const [, left = "", operator, right] = /^([\w.-]+) (==|!=) '([^']*)'$/.exec(part) ?? [];
    if (operator === undefined) throw new Error(`the condition ${part} cannot be read`);
    return (lookUp(left, known) === right) === (operator === "==");
  });
}

/** `NAME=VALUE`, and `NAME<<DELIMITER` with the value in the lines up to the delimiter. */
function outputsIn(text: string): Map<string, string> {
  const outputs = new Map<string, string>();
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line === "") continue;
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter, i + 1);
      if (end < 0) throw new Error(`the output ${name} does not end`);
      outputs.set(name, lines.slice(i + 1, end).join("\n"));
      i = end;
      continue;
    }
    const at = line.indexOf("=");
    if (at < 1) throw new Error(`the output "${line}" cannot be read`);
    outputs.set(line.slice(0, at), line.slice(at + 1));
  }
  return outputs;
}
