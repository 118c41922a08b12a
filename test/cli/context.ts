import type { CliContext } from "../../src/cli/context.ts";

/** A command line without a process around it, and what it said. */
export function fakeContext(settings: Partial<CliContext> = {}) {
  let stdout = "";
  let stderr = "";
  const context: CliContext = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    today: "2026-11-22",
    env: {},
    isTerminal: false,
    width: 80,
    stderrIsTerminal: false,
    ...settings,
  };
  return { context, stdout: () => stdout, stderr: () => stderr };
}
