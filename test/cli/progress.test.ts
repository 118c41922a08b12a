import { describe, expect, it } from "vitest";
import { startProgress } from "../../src/cli/progress.ts";
import { fakeContext } from "./context.ts";

/** Runs steps at the given times, in milliseconds, and gives what was said on standard error. */
function said(
  steps: readonly (readonly [at: number, what: string, bytes?: number])[],
  settings = {},
): string {
  const { context, stderr } = fakeContext({ stderrIsTerminal: true, ...settings });
  let time = 0;
  const progress = startProgress(context, () => time);
  for (const [at, what, bytes] of steps) {
    time = at;
    progress.step(what, bytes);
  }
  progress.stop();
  return stderr();
}

const CLEAR = "\r\u001b[K";

describe("the progress line", () => {
  it("is silent for what is quick", () => {
    expect(
      said([
        [0, "reading", 4000],
        [999, "judging"],
      ]),
    ).toBe("");
  });

  it("comes up after a second, and goes when the report comes", () => {
    expect(
      said([
        [0, "reading", 4000],
        [1600, "judging"],
      ]),
    ).toBe(`${CLEAR}judging… (2 s)${CLEAR}`);
  });

  it("comes up at once for what will take long", () => {
    expect(said([[0, "reading", 150_000_000]])).toBe(`${CLEAR}reading 150 MB…${CLEAR}`);
  });

  it("is only for terminals", () => {
    const steps = [
      [0, "reading", 150_000_000],
      [5000, "judging"],
    ] as const;
    expect(said(steps, { stderrIsTerminal: false })).toBe("");
    expect(said(steps, { env: { TERM: "dumb" } })).toBe("");
  });

  it("is cleared once", () => {
    const { context, stderr } = fakeContext({ stderrIsTerminal: true });
    const progress = startProgress(context, () => 0);
    progress.step("reading", 1e9);
    progress.stop();
    progress.stop();
    expect(stderr()).toBe(`${CLEAR}reading 1000 MB…${CLEAR}`);
  });
});
