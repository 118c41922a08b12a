import { UsageError } from "../model/errors.ts";
import { type CliContext, EXIT } from "./context.ts";
import { findHook, type Hook, removeHook, writeHook } from "./hook.ts";

export interface InitOptions {
  readonly hook: boolean;
  readonly remove: boolean;
  /** Where to look for the repository: by default the current directory. */
  readonly from?: string;
}

/** `firebreak init`: sets up what runs it by itself. A hook that is not ours stays as it is: a UsageError says what to do. */
export async function init({ hook, remove, from = "." }: InitOptions, context: CliContext): Promise<number> {
  if (!hook) {
    throw new UsageError(
      "firebreak init sets up one thing, the pre-commit hook of this repository: firebreak init --hook",
    );
  }
  const found = findHook(from);
  const say = (what: string) => context.stdout(`${what}\n`);
  if (found.state === "edited" || found.state === "foreign") throw new UsageError(refusal(found, remove));
  if (!remove) {
    writeHook(found);
    say(
      found.state === "none"
        ? `${found.path} judges what is committed from now on`
        : `${found.path} is set up`,
    );
  } else if (found.state === "none") say(`there is no hook ${found.path}`);
  else {
    removeHook(found);
    say(`${found.path} is gone`);
  }
  return EXIT.passed;
}

function refusal({ path, state }: Hook, remove: boolean): string {
  if (state === "edited") {
    return `somebody has changed the hook ${path} since Firebreak wrote it: ${remove ? "delete it by hand" : "delete it first, or keep it as it is"}`;
  }
  if (remove) return `the hook ${path} is not Firebreak's: nothing was taken away`;
  return `there is another hook ${path}, and it stays as it is: add \`firebreak check --staged || exit\` to it, or to the configuration of what wrote it (docs/pre-commit.md)`;
}
