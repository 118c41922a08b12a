import { formatLocation, InputError, UsageError } from "../model/errors.ts";
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
    return failed(error, context);
  }
  return exitCode;
}

function failed(error: unknown, context: CliContext): number {
  if (error instanceof UsageError || error instanceof InputError) {
    const where = error.source === undefined ? "" : `${formatLocation(error.source)}: `;
    context.stderr(`firebreak: ${where}${error.message}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.incomplete;
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? EXIT.passed : EXIT.usage;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  context.stderr(`firebreak: something went wrong inside Firebreak, and nothing was judged (${what})\n`);
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
  // A reader that closes the pipe early (`| head`) is no error of ours.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    today: env["FIREBREAK_TODAY"] ?? new Date().toISOString().slice(0, 10),
    env,
    isTerminal: stdout.isTTY === true,
    width: stdout.columns ?? 80,
    stderrIsTerminal: stderr.isTTY === true,
  };
}
