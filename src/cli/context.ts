/** What a command gets from the outside world; tests give their own. */
export interface CliContext {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal, and how wide. */
  readonly isTerminal: boolean;
  readonly width: number;
  readonly stderrIsTerminal: boolean;
}

/** The exit codes of every command. */
export const EXIT = { passed: 0, blocked: 1, usage: 2, incomplete: 3 } as const;

/** Colour only on a terminal, and not where NO_COLOR says no (no-color.org) or the terminal cannot. */
export function wantsColour(context: CliContext): boolean {
  const { env } = context;
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"] ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return context.isTerminal && env["TERM"] !== "dumb";
}
