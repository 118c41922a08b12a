import { today } from "../config/today.ts";
import { InputError, sentenceOf, UsageError } from "../model/errors.ts";
import { type CliContext, EXIT } from "./context.ts";
import { program } from "./program.ts";

/** Runs the command line and gives the exit code; nothing that goes wrong ends in a stack trace or counts as a pass. */
export async function run(args: readonly string[], context: CliContext = processContext()): Promise<number> {
  let exitCode: number = EXIT.passed;
  try {
    await program(context, (code) => {
      exitCode = code;
    }).parseAsync(args, { from: "user" });
  } catch (error) {
    const { visible } = await import("../reporters/text.ts");
    return failed(error, context, visible);
  }
  return exitCode;
}

function failed(error: unknown, context: CliContext, visible: (text: string) => string): number {
  // Commander has said it already.
  if (isCommanderError(error)) return error.exitCode === 0 ? EXIT.passed : EXIT.usage;
  context.stderr(`firebreak: ${visible(sentenceOf(error))}\n`);
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof InputError) return EXIT.incomplete;
  if (context.env["FIREBREAK_DEBUG"] !== undefined && error instanceof Error)
    context.stderr(`${error.stack}\n`);
  return EXIT.incomplete;
}

function isCommanderError(error: unknown): error is Error & { exitCode: number } {
  return (
    error instanceof Error &&
    "code" in error &&
    String(error.code).startsWith("commander.") &&
    "exitCode" in error
  );
}

function processContext(): CliContext {
  const { stdout, stderr, env } = process;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that closes the pipe early (`| head`) is no error of ours.
    if (error.code === "EPIPE") return;
    stderr.write(
      `firebreak: the report cannot be written to standard output: ${error.code ?? error.message}\n`,
    );
    process.once("exit", () => {
      process.exitCode = EXIT.usage;
    });
  });
  // Nobody is left to be told.
  stderr.on("error", () => undefined);
  return {
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    get today() {
      return today(env["FIREBREAK_TODAY"]);
    },
    env,
    isTerminal: stdout.isTTY === true,
    width: stdout.columns ?? 80,
    stderrIsTerminal: stderr.isTTY === true,
  };
}
