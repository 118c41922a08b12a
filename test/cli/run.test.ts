import { describe, expect, it } from "vitest";
import { wantsColour } from "../../src/cli/context.ts";
import { parseTargets } from "../../src/cli/deliver.ts";
import { run } from "../../src/cli/run.ts";
import { UsageError } from "../../src/model/errors.ts";
import { fakeContext } from "./context.ts";

describe("what goes wrong inside", () => {
  const broken = (env: Record<string, string>) => {
    let said = "";
    const { context } = fakeContext({
      env,
      stdout: () => {
        throw new TypeError("no paper\n::error::");
      },
      stderr: (text) => {
        said += text;
      },
    });
    return run(["policies"], context).then((code) => ({ code, said }));
  };

  it("is one sentence, and no pass", async () => {
    expect(await broken({})).toEqual({
      code: 3,
      said: "firebreak: something went wrong inside Firebreak, and nothing was judged (TypeError: no paper\\n::error::)\n",
    });
  });

  it("tells where when asked", async () => {
    expect((await broken({ FIREBREAK_DEBUG: "1" })).said).toContain("    at ");
  });
});

describe("colour", () => {
  const colour = (env: Record<string, string>, isTerminal = true) =>
    wantsColour(fakeContext({ env, isTerminal }).context);

  it("is for terminals that can", () => {
    expect(colour({})).toBe(true);
    expect(colour({}, false)).toBe(false);
    expect(colour({ TERM: "dumb" })).toBe(false);
  });

  it("follows NO_COLOR before FORCE_COLOR; an empty one says nothing", () => {
    expect(colour({ NO_COLOR: "1" })).toBe(false);
    expect(colour({ NO_COLOR: "" })).toBe(true);
    expect(colour({ NO_COLOR: "1", FORCE_COLOR: "1" })).toBe(false);
    expect(colour({ FORCE_COLOR: "1" }, false)).toBe(true);
    expect(colour({ FORCE_COLOR: "0" })).toBe(false);
    expect(colour({ FORCE_COLOR: "" })).toBe(true);
  });
});

describe("where reports go", () => {
  it("is standard output for people, where nothing is said", () => {
    expect(parseTargets([], undefined)).toEqual([{ format: "pretty", file: undefined }]);
  });

  it("is what --format and --output say, a file name with = in it included", () => {
    expect(parseTargets(["json=a=b.json", "sarif"], "out.sarif")).toEqual([
      { format: "json", file: "a=b.json" },
      { format: "sarif", file: "out.sarif" },
    ]);
  });

  it("is standard output for -", () => {
    expect(parseTargets(["json=-"], undefined)).toEqual([{ format: "json", file: undefined }]);
    expect(() => parseTargets(["json=-", "sarif"], undefined)).toThrow(UsageError);
  });
});
