import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { Computed, isList, isObject, type Value } from "../../src/model/value.ts";
import { type Step, stepsOf } from "../../src/syntax/steps.ts";
import { KUBERNETES, yamlDocuments } from "../../src/syntax/yaml.ts";

const read = (text: string, options = {}) => yamlDocuments("a.yaml", text, options);
const values = (text: string, options = {}) => read(text, options).documents.map(({ value }) => plain(value));
const faults = (text: string) =>
  read(text).problems.map(({ message, source }) => `${source?.line}:${source?.column} ${message}`);

/** The value as JSON has it, so that objects of the reader equal those of a test. */
function plain(value: Value): unknown {
  return JSON.parse(JSON.stringify(value));
}

function at(text: string, path: string): string | undefined {
  const place = read(text).documents[0]?.placeOf(stepsOf(path));
  return place && `${place.line}:${place.column}`;
}

describe("documents", () => {
  it("are all read, with comments and directives around them", () => {
    expect(values("# first\n---\na: 1\n---\nb: 2\n...\n---\n# nothing\n---\n- c\n")).toEqual([
      { a: 1 },
      { b: 2 },
      null,
      ["c"],
    ]);
    expect(values("%YAML 1.1\n---\na: b\n---\n%YAML 1.2\n---\nc: d\n")).toEqual([
      { a: "b" },
      null,
      { c: "d" },
    ]);
    expect(values("")).toEqual([]);
    expect(values("a: 1\r\nb:\r\n  - c\r\n---\r\nd: |\r\n  e\r\n")).toEqual([
      { a: 1, b: ["c"] },
      { d: "e\n" },
    ]);
  });

  it("may be JSON, indented with tabs", () => {
    expect(values('{\n\t"a": ["\\ud83d\\ude00\\/", 1e3, null],\n\t"b": {"c": true}\n}\n')).toEqual([
      { a: ["😀/", 1000, null], b: { c: true } },
    ]);
  });

  it("that are broken leave the others as they are", () => {
    const text = "a: 1\n---\nb: [1\n---\nc: 'x\n---\nd: \"y\n---\ne: f: g\n---\nh:\n\ti: 1\n---\nj: 2\n";
    expect(values(text)).toEqual([{ a: 1 }, { j: 2 }]);
    expect(read(text).problems.map(({ source }) => source?.line)).toEqual([4, 6, 8, 9, 12]);
    expect(faults("a: 1\nb: {c\n")).toEqual([
      expect.stringMatching(/^\d:\d a\.yaml is not valid YAML: .*[^.]\.$/),
    ]);
  });

  it("with a key twice, with keys that are no words or with unknown aliases are broken", () => {
    expect(faults("a: 1\nb:\n  c: 1\n  c: 2\n")).toEqual([
      '4:3 a.yaml is not valid YAML: the key "c" is there twice.',
    ]);
    expect(faults("image: {{ .Values.image }}\n")).toEqual([
      "1:9 a.yaml is not valid YAML: a key is not a word.",
    ]);
    expect(faults("a: *b\n")).toEqual(["1:4 a.yaml is not valid YAML: nothing before it is named &b."]);
    expect(faults("a: &a [*a]\n")).toEqual(["1:8 a.yaml is not valid YAML: nothing before it is named &a."]);
  });
});

describe("values", () => {
  it("of YAML 1.2 and of Kubernetes differ in what plain words mean", () => {
    const text =
      "[yes, off, y, true, ~, 0644, 0o17, 0x1F, 1_000, -0b11, +12, 1.5e3, .5, 08, 2026-01-02, 1.2.3]";
    const core = ["yes", "off", "y", true, null, 644, 15, 31, "1_000", "-0b11", 12, 1500, 0.5, 8];
    expect(values(text)).toEqual([[...core, "2026-01-02", "1.2.3"]]);
    const words = [true, false, true, true, null, 420, 15, 31, 1000, -3, 12, 1500, 0.5, 8];
    expect(values(text, { rules: KUBERNETES })).toEqual([[...words, "2026-01-02", "1.2.3"]]);
    expect(values("on: 'yes'\n1: \"0644\"\n", { rules: KUBERNETES })).toEqual([{ on: "yes", 1: "0644" }]);
  });

  it("that a number cannot hold stay texts", () => {
    expect(values("[9007199254740993, .inf]")).toEqual([["9007199254740993", ".inf"]]);
  });

  it("have aliases and merge keys resolved", () => {
    const text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {x: 0, <<: [*a, *b]}\nd: [*a]\n";
    expect(values(text)).toEqual([
      { a: { x: 1, y: 2 }, b: { y: 3, z: 4 }, c: { x: 0, y: 2, z: 4 }, d: [{ x: 1, y: 2 }] },
    ]);
    expect(faults("a: {<<: 1}\n")).toEqual([
      "1:4 a.yaml is not valid YAML: what is merged in with << is not a map.",
    ]);
  });

  it("with tags of YAML have their type, and with others are computed", () => {
    const [document] = read('a: !!str 1\nb: !!int "2"\nc: !Ref some\nd: !vault |\n  x\n').documents;
    expect(document?.value).toEqual({
      a: "1",
      b: 2,
      c: new Computed("!Ref some"),
      d: new Computed("!vault |\n  x"),
    });
  });

  it("inherit nothing", () => {
    const [document] = read("__proto__: {isAdmin: true}\n").documents;
    expect(Object.entries(document?.value ?? {})).toEqual([["__proto__", { isAdmin: true }]]);
    expect(document?.value).not.toHaveProperty("isAdmin");
    expect("toString" in Object(document?.value)).toBe(false);
  });

  it("may be replaced by their key", () => {
    const text = (found: string, key: string) => `${key}=${found}`;
    expect(values("a: b\nc: [d, 1]\n", { text })).toEqual([{ a: "a=b", c: ["c=d", 1] }]);
  });
});

describe("bounds", () => {
  it("keep aliases from multiplying", () => {
    const levels = [..."bcdefghij"].map(
      (name, i) => `${name}: &${name} [${`*${"abcdefghi"[i]}, `.repeat(10)}]`,
    );
    const text = `a: &a [${"lol, ".repeat(10)}]\n${levels.join("\n")}\n---\nok: 1\n`;
    expect(faults(text)).toEqual([
      expect.stringMatching(/with its aliases written out it would be too large\.$/),
    ]);
    expect(values(text)).toEqual([{ ok: 1 }]);
  });

  it("count the aliases of all documents together", () => {
    const one = `a: &a ${"x".repeat(1000)}\nb: [${"*a, ".repeat(300)}]\n---\n`;
    expect(read(one.repeat(2)).problems).toEqual([]);
    expect(read(one.repeat(5)).problems.length).toBeGreaterThan(0);
  });

  it.each([
    ["brackets", "[".repeat(50_000)],
    ["dashes", "- ".repeat(20_000)],
    ["maps", "{a: ".repeat(20_000)],
    ["closed brackets", `${"[".repeat(150)}${"]".repeat(150)}`],
    [
      "aliases",
      Array.from({ length: 150 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 1 : `*a${i - 1}`}]`).join("\n"),
    ],
  ])("end the depth of %s", (_, text) => {
    expect(faults(text)).toEqual([expect.stringMatching(/it is nested too deeply\.$|expected|must/)]);
  });

  it("refuse files of many megabytes", () => {
    expect(read(`a: ${"x".repeat(5 << 20)}`).problems).toEqual([
      {
        message: "a.yaml cannot be read: it is larger than 4 MB.",
        source: { file: "a.yaml" },
        severity: "error",
      },
    ]);
  });
});

describe("places", () => {
  const TEXT = [
    "# a comment",
    "---",
    "metadata:",
    "  annotations:",
    '    "größe": x',
    "    example.com/team: y",
    "  labels: {ü: 1, 'b': {c: 2}}",
    "spec:",
    "  http:",
    "    - retries:",
    "        attempts: 3",
    "    -   route: [{host: a}]",
    "  base: &base",
    "    x: 1",
    "  other:",
    "    <<: *base",
    "    y: *base",
    "",
  ].join("\n");

  it.each([
    ["metadata", "3:1"],
    ["metadata.annotations.größe", "5:5"],
    ["metadata.annotations.example.com/team", "6:5"],
    ['metadata.annotations["example.com/team"]', "6:5"],
    ["metadata.labels.b.c", "7:24"],
    ["spec.http[0]", "10:7"],
    ["spec.http[0].retries.attempts", "11:9"],
    ["spec.http[0].retries.backoff", "10:7"],
    ["spec.http[1].route[0].host", "12:18"],
    ["spec.http[1].route.host", "12:18"],
    ["spec.http[7].route", "9:3"],
    ["spec[0].base.x", "14:5"],
    ["spec.other.x", "16:5"],
    ["spec.other.y.x", "17:5"],
    ["status", undefined],
    ["", undefined],
  ])("of %s", (path, place) => {
    expect(at(TEXT, path)).toBe(place);
  });

  it("of a document is where its content starts", () => {
    expect(read("# c\n---\n\n  a: 1\n--- b\n").documents.map(({ place }) => place)).toEqual([
      { file: "a.yaml", line: 4, column: 3 },
      { file: "a.yaml", line: 5, column: 5 },
    ]);
  });

  it("of every pair hold its key, however it is written", () => {
    const word = fc.string({ unit: fc.constantFrom(..."abcäß😀 #:-{}'\"0"), minLength: 1, maxLength: 6 });
    const value = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string({ maxLength: 40 }),
        fc.integer(),
        fc.constant(null),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(word, tie("any"), { maxKeys: 4 }),
      ),
    })).any;
    const options = fc.record({
      collectionStyle: fc.constantFrom("any", "block", "flow"),
      indent: fc.integer({ min: 1, max: 4 }),
      defaultKeyType: fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE"),
    }) as fc.Arbitrary<{ indent: number }>;
    fc.assert(
      fc.property(fc.dictionary(word, value, { minKeys: 1, maxKeys: 4 }), options, (root, style) => {
        const text = stringify(root, { ...style, lineWidth: 0 });
        const [document, ...others] = read(text).documents;
        expect(others).toEqual([]);
        expect(document?.value).toEqual(JSON.parse(JSON.stringify(root)));
        const lines = text.split("\n");
        for (const path of paths(document?.value ?? null)) {
          const key = path.at(-1);
          const place = document?.placeOf(path);
          expect(place).toBeDefined();
          if (typeof key !== "string") continue;
          const behind = lines[(place?.line ?? 0) - 1]?.slice((place?.column ?? 0) - 1) ?? "";
          expect([key, JSON.stringify(key), `'${key.replaceAll("'", "''")}'`]).toContainEqual(
            expect.toSatisfy((written: string) => behind.startsWith(written)),
          );
        }
      }),
    );
  });

  function* paths(value: Value, path: readonly Step[] = []): Generator<readonly Step[]> {
    if (path.length > 0) yield path;
    if (isList(value)) for (const [i, item] of value.entries()) yield* paths(item, [...path, i]);
    else if (isObject(value))
      for (const [key, item] of Object.entries(value)) yield* paths(item, [...path, key]);
  }
});

describe("comments and the lines of what they stand beside", () => {
  const TEXT = [
    "# top",
    "a: 'x # no comment' # of a",
    "b: # of b",
    "  c: |  # of c",
    "    # text",
    "",
    "  # of d",
    "  d: [1, # one",
    "    2]",
    "  # behind",
    "e:",
    "  - f: 1",
    "    g: url#fragment",
    "  - h",
    "",
  ].join("\n");

  it("are told with their places", () => {
    expect(
      read(TEXT)
        .comments()
        .map(({ line, column, text }) => `${line}:${column} ${text}`),
    ).toEqual(["1:1 top", "2:21 of a", "3:4 of b", "4:9 of c", "7:3 of d", "8:10 one", "10:3 behind"]);
  });

  it("are counted without what is behind them", () => {
    const ranges = read(TEXT).documents[0]?.ranges() ?? [];
    const ends = Map.groupBy(ranges, ({ from }) => from);
    const widest = (line: number) => Math.max(0, ...(ends.get(line) ?? []).map(({ to }) => to));
    expect([2, 3, 4, 8, 9, 11, 12, 13, 14].map((line) => `${line}-${widest(line)}`)).toEqual([
      "2-14",
      "3-9",
      "4-5",
      "8-9",
      "9-9",
      "11-14",
      "12-13",
      "13-13",
      "14-14",
    ]);
  });
});
