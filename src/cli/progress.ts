import type { CliContext } from "./context.ts";

/** How long a run may take before it says what it is doing, in milliseconds. */
const PATIENCE = 1000;

/** Documents of this many bytes take longer than that to read. */
const LARGE = 64 * 1024 * 1024;

/** A line on the terminal that says what a long run is doing; nothing at all anywhere else. */
export interface Progress {
  /** What comes next, and how many bytes there are to read. */
  step(what: string, bytes?: number): void;
  stop(): void;
}

/**
 * Reading is synchronous, so no timer fires during it: the line is written between the steps, once a second has gone by or
 * where the next step will take one.
 */
export function startProgress(context: CliContext, now: () => number = () => performance.now()): Progress {
  if (!context.stderrIsTerminal || context.env["TERM"] === "dumb") return { step() {}, stop() {} };
  const started = now();
  let isShown = false;
  return {
    step(what, bytes = 0) {
      const elapsed = now() - started;
      if (elapsed < PATIENCE && bytes < LARGE) return;
      isShown = true;
      const size = bytes < LARGE ? "" : ` ${Math.round(bytes / 1_000_000)} MB`;
      const time = elapsed < PATIENCE ? "" : ` (${Math.round(elapsed / 1000)} s)`;
      context.stderr(`\r\u001b[K${what}${size}…${time}`);
    },
    stop() {
      if (isShown) context.stderr("\r\u001b[K");
      isShown = false;
    },
  };
}
