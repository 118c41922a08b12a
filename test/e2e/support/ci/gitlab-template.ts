import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { shell } from "./shell.ts";

interface GitLabJob {
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: {
    readonly when: string;
    readonly paths: readonly string[];
    readonly reports: Readonly<Record<string, string>>;
  };
}

export function gitlabJobIn(file: string): GitLabJob {
  return parse(readFileSync(file, "utf8"))[".firebreak"];
}

/** Runs a job's script as GitLab's runner does: all lines in one shell, which is Bash where the image has it. */
export async function runGitLabJob(
  { variables, script }: GitLabJob,
  of: {
    readonly program: "bash" | "sh";
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly variables: Readonly<Record<string, string>>;
  },
) {
  const options = of.program === "bash" ? "set -eo pipefail" : "set -e";
  const text = [options, "set +o noclobber", ...script].join("\n");
  return await shell([of.program, "-c", text], {
    cwd: of.cwd,
    env: { ...variables, ...of.variables, ...of.env, CI: "true" },
  });
}
