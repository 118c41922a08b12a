// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import { expect, it } from "vitest";
import { withBefore } from "../../src/inputs/before.ts";
import { cdktfSynth } from "../../src/inputs/cdktf/synth.ts";
import { fileInput, memoryInput } from "../../src/inputs/input.ts";
import { readPaths } from "../../src/inputs/read.ts";
import { terraformState } from "../../src/inputs/terraform-state.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { isObject, Unknown, type Value } from "../../src/model/value.ts";
import { describeWithEach } from "../support/terraform/binaries.ts";
import { Workspace } from "../support/terraform/workspace.ts";

/*
 * What a synth's expressions and references are worth, as the program itself says it. What is not known here is no mistake;
 * what is known has to be right.
 */

/** Each decided here, to the same value and type. */
const DECIDED = [
  ...["null == null", "1 == null", '"" == null', "[] == null", "1 == 1", "1 != 2", '"a" == "a"', "5 == 5.0"],
  ...['"5" > 3', "7.5 > 7", "1 <= 1", "2 < 1", "2 >= 3", "1 < 2 == true", "1 == 1 == true"],
  ...['"true" && true', '"1" && true', '"0" || false', '!"false"', "! true", "!!true", "!true == false"],
  ...["true || false && false", "(true || false) && false", "!(1 == 2)"],
  ...["1 + 2 * 3", "(1 + 2) * 3", "2 - 1 - 1", "8 / 2 / 2", "7 % 3", "-7 % 3", "7 % -3", "-2 + 3", "1 - -1"],
  ...['-"5"', '"5" + "6"', '"-5" + 1', "- 1", "5-3", "5 -3", "1 + 2 * 3 == 7 && !false"],
  ...[
    'true ? 1 : "a"',
    'false ? "a" : true',
    "true ? null : 1",
    "true ? 5 : null",
    'true ? "5" : 5',
    "true?1:2",
  ],
  ...["true ? false ? 1 : 2 : 3", "false ? 1 : true ? 2 : 3", '"1" ? 1 : 2', '1 > 2 ? "a" : "b"'],
  ...[
    "true ? [1] : []",
    "true ? [1] : [2, 3]",
    "true ? {a = 1} : {b = 2}",
    "true ? {a = [1]} : {a = [2, 3]}",
  ],
  ...['[for x in [1, 2] : x > 1 ? "a" : "b"]', "{a = true ? 1 : 2}", '{(true ? "a" : "b") = 1}'],
  ...["[1, 2][1 - 1]", "[1, 2][true ? 1 : 0]", '"x${true ? "y" : "z"}"', '"${1 + 1}-${1 == 1}"'],
  ...['join(",", true ? ["a"] : ["b"])', 'lower(false ? "A" : "B")'],
];

/** Left open here: the program refuses these, calculates with more digits, or knows types that a synth does not show. */
const OPEN = [
  ...['"1" == 1', 'true == "true"', "[1] == [1]", "{} == {}", "0.1 + 0.2 == 0.3", "7 / 2", "7 / 0", "7 % 0"],
  ...["9007199254740993 == 9007199254740992", "1e400 > 1", "9007199254740991 + 1", '".5" + 1', '"1e2" + 1'],
  ...['"True" && true', "1 && true", "null && true", "false && 1", "null ? 1 : 2", '" 5" + 1', '"a" < "b"'],
  ...["true ? 1 : true", 'true ? "a" : ["b"]', "true ? {a = 1} : [1]", 'true ? [1] : ["a"]', "[1, 2][*]"],
  ...['true ? {a = 1, b = "x"} : {}', "[for x in [1, 2] : x if x > 1]"],
];

describeWithEach("expressions of a synth", { providers: false }, (binary) => {
  it("are worth what the program says, or are left open", () => {
    using workspace = new Workspace(binary);
    const expressions = [...DECIDED, ...OPEN];
    // One that fails does so alone, and says nothing that an expression could be worth.
    const tried = expressions.map((expression) => `try(jsonencode(${expression}), "refused")`);
    workspace.apply(`output "results" { value = [${tried.join(",\n")}] }`);
    const results: readonly string[] = JSON.parse(workspace.run("output", "-json", "results"));
    const theirs = new Map(expressions.map((expression, i) => [expression, results[i]]));
    const ours = ourResults(expressions);
    const decided = DECIDED.map((expression) => [expression, JSON.stringify(ours.get(expression))]);
    expect(Object.fromEntries(decided)).toEqual(
      Object.fromEntries(DECIDED.map((expression) => [expression, theirs.get(expression)])),
    );
    expect(OPEN.filter((expression) => !(ours.get(expression) instanceof Unknown))).toEqual([]);
  });
});

function ourResults(expressions: readonly string[]): ReadonlyMap<string, Value | undefined> {
  const input = Object.fromEntries(expressions.map((expression, i) => [`e${i}`, `\${${expression}}`]));
  const after = synth({ resource: { terraform_data: { x: { input } } } }).changes[0]?.after;
  const results = isObject(after) && isObject(after.input) ? after.input : {};
  return new Map(expressions.map((expression, i) => [expression, results[`e${i}`]]));
}

function synth(document: object): Deployment {
  const [read] = cdktfSynth.read(memoryInput("cdk.tf.json", Buffer.from(JSON.stringify(document))));
  return read as Deployment;
}

type Resources = Readonly<Record<string, object>>;

const TODAY: Resources = {
  kept: { input: "a" },
  changing: { input: "old" },
  pinned: { input: "${terraform_data.kept.id}" },
  joined: { input: '${join("/", ["x", terraform_data.kept.output])}' },
  switching: { input: "${terraform_data.kept.id}" },
  replacing: { input: "x-${terraform_data.kept.id}" },
  following: { input: "${terraform_data.changing.id}" },
  chosen: { input: "${var.next ? terraform_data.kept.id : terraform_data.changing.id}" },
  chained: { input: "${terraform_data.pinned.output}" },
};

const TOMORROW: Resources = {
  ...TODAY,
  changing: { input: "new" },
  next: { input: "n" },
  switching: { input: "${terraform_data.changing.id}" },
  replacing: { input: "x-${terraform_data.next.id}" },
  listed: { input: ["${terraform_data.kept.output}", "${local.both}"] },
};

const document = (resources: Resources, next: boolean) => ({
  variable: { next: { type: "bool", default: next } },
  locals: { both: '${upper(join("+", [terraform_data.kept.output, terraform_data.pinned.output]))}' },
  resource: { terraform_data: resources },
});

describeWithEach("references of a synth to what exists", { providers: false }, (binary) => {
  it("are resolved as a plan resolves them", async () => {
    using workspace = new Workspace(binary);
    workspace.write("main.tf.json", JSON.stringify(document(TODAY, true)));
    workspace.run("init", "-input=false");
    workspace.run("apply", "-input=false", "-auto-approve");
    const before = terraformState.read(fileInput(workspace.state()));
    const changed = document(TOMORROW, false);
    workspace.write("main.tf.json", JSON.stringify(changed));
    const { deployments: planned } = await readPaths([workspace.plan("tomorrow")]);
    const ours = inputsOf(withBefore([synth(changed)], before));
    expect(ours).toEqual(inputsOf(planned));
    expect(Object.entries(ours).map(([address, { action }]) => [address, action])).toContainEqual([
      "terraform_data.replacing",
      "update",
    ]);
  });
});

/** What happens to each resource, and the input that it will have. */
function inputsOf(deployments: readonly Deployment[]) {
  const changes = deployments.flatMap(({ changes }) => changes);
  return Object.fromEntries(
    changes
      .toSorted((a, b) => (a.address < b.address ? -1 : 1))
      .map(({ address, action, after }) => {
        const input = isObject(after) ? after.input : undefined;
        return [address, { action, input: input instanceof Unknown ? "(known after apply)" : input }];
      }),
  );
}
