import type { CliContext } from "./context.ts";

/** How long a run may take before it says what it is doing, in milliseconds. */
const PATIENCE = 1000;

/** A line on the terminal that says what a long run is doing; nothing at all anywhere else. */
export interface Progress {
  step(what: string): void;
  stop(): void;
}

/**
 * Reading is synchronous, so no timer fires during it: the line is written between the steps, once a second has gone by.
 */
export function startProgress(context: CliContext, now: () => number = () => performance.now()): Progress {
  const started = now();
  let isShown = false;
  return {
    step(what) {
      if (!context.stderrIsTerminal || now() - started < PATIENCE) return;
      isShown = true;
      context.stderr(`\r\u001b[K${what}… (${Math.round((now() - started) / 1000)} s)`);
    },
    stop() {
      if (isShown) context.stderr("\r\u001b[K");
    },
  };
}
