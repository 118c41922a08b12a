import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nameOf } from "../../src/inputs/name.ts";
import { readPaths } from "../../src/inputs/read.ts";

const PLAN =
  '{"format_version":"1.2","resource_changes":[{"address":"a.b","type":"a","change":{"actions":["create"],"before":null,"after":{}}}]}';
const root = mkdtempSync(join(tmpdir(), "firebreak-read-"));
const here = process.cwd();
beforeAll(() => process.chdir(root));
afterAll(() => {
  process.chdir(here);
  rmSync(root, { recursive: true });
});

function write(path: string, content: string | Buffer): string {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content);
  return path;
}

/** What came of reading paths: names of deployments, and the messages of problems. */
async function read(...paths: string[]) {
  const { deployments, problems } = await readPaths(paths);
  expect(problems.every((problem) => problem.severity === "error" && /[^.]\.$/.test(problem.message))).toBe(
    true,
  );
  return {
    read: deployments.map((one) => `${one.host} ${one.name}`),
    problems: problems.map((one) => one.message),
  };
}

describe("a document is known by what is in it", () => {
  it.each<[string, string | Buffer]>([
    ["plain", PLAN],
    ["named.txt", PLAN],
    ["mark.json", `\ufeff${PLAN}`],
    ["utf16.json", Buffer.from(`\ufeff${PLAN}`, "utf16le")],
    ["behind-space.json", `\n\n  ${PLAN}\n`],
    ["keys-late.json", `{"terraform_version":"1.9","configuration":{},"planned_values":{},${PLAN.slice(1)}`],
  ])("%s", async (file, content) => {
    const { deployments, problems } = await readPaths([write(`one/${file}`, content)]);
    expect(problems).toEqual([]);
    expect(deployments).toMatchObject([
      { host: "terraform-plan", file: `one/${file}`, changes: [{ address: "a.b" }] },
    ]);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ["empty.json", "", /^bad\/empty.json is empty/],
    ["blank.json", " \n\t", /is empty/],
    ["nothing.json", "{}", /it holds no properties/],
    ["package.json", '{"name":"x","version":"1"}', /its properties are name, version/],
    ["list.json", "[]", /nothing that Firebreak judges/],
    ["list-of-lists.json", "[[1]]", /nothing that Firebreak judges/],
    ["number.json", "42", /expected a Terraform or OpenTofu plan/],
    ["text.json", '"plan"', /expected a Terraform or OpenTofu plan/],
    ["hello.json", "Hello", /is not JSON/],
    ["saved.tfplan", Buffer.from("PK\u0003\u0004zip"), /terraform show -json/],
    ["zipped.json", gzipSync(PLAN), /is not JSON/],
    ["cut.json", PLAN.slice(0, 60), /cannot be read: the text ends in the middle/],
    ["cut-early.json", '{"form', /cannot be read: the text ends in the middle/],
    ["broken.json", '{"format_version" "1.2"}', /cannot be read: a colon was expected/],
    ["future.json", '{"format_version":"2.0","resource_changes":[]}', /newer than the 1.x/],
    ["deep.json", `{"a":${"[".repeat(9999)}`, /nested deeper/],
    ["twice.json", `${PLAN}${PLAN}`, /more text behind/],
    ["lines.json", `${PLAN}\n${PLAN}\n`, /more text behind/],
  ])("%s is refused in a sentence", async (file, content, message) => {
    const said = await read(write(`bad/${file}`, content));
    expect(said).toEqual({ read: [], problems: [expect.stringMatching(message)] });
    expect(said.problems[0]).not.toContain(root);
  });
});

describe("paths", () => {
  it("each is read, whatever becomes of the others", async () => {
    const good = write("prod/plan.json", PLAN);
    const said = await read("missing.json", good, write("bad.json", "{"), write("dev/plan.json", PLAN));
    expect(said.read).toEqual(["terraform-plan prod", "terraform-plan dev"]);
    expect(said.problems).toEqual([
      expect.stringContaining("missing.json"),
      expect.stringContaining("bad.json"),
    ]);
  });

  it("may be directories of documents with usual names", async () => {
    for (const name of ["tfplan.json", "plan-eu.json", "notes.json", "package.json", "us.tfplan.json"])
      write(`many/${name}`, PLAN);
    expect((await read("many")).read).toEqual([
      "terraform-plan plan-eu",
      "terraform-plan many",
      "terraform-plan us",
    ]);
  });

  it("may be directories with nothing to judge, which is said", async () => {
    write("other/notes.json", PLAN);
    expect(await read("other")).toEqual({
      read: [],
      problems: [expect.stringMatching(/^The directory other holds nothing to judge/)],
    });
  });
});

it.each([
  ["prod/plan.json", "prod"],
  ["./plan.json", "plan"],
  ["../prod.tfplan.json", "prod"],
  ["a/prod-eu.json", "prod-eu"],
  ["C:\\build\\prod\\tfplan.json", "prod"],
  ["plan", "plan"],
])("nameOf(%j) is %s", (path, name) => expect(nameOf(path)).toBe(name));
