import { describe, expect, it } from "vitest";
import { findProject, type Project } from "../../../src/integrations/pulumi/project.ts";
import { environmentIn, Folder } from "./folder.ts";

/** The project `estate`, as it is found from this directory of the folder. */
async function found(
  folder: Folder,
  from = ".",
  env: Readonly<Record<string, string>> = {},
): Promise<Project | undefined> {
  return findProject(environmentIn(folder, { PWD: folder.at(from), ...env }), "estate");
}

describe("the project of a stack", () => {
  it.each([
    ["Pulumi.yaml", "name: estate\nruntime: nodejs\n"],
    ["Pulumi.yml", "name: estate\nruntime: nodejs\n"],
    ["Pulumi.json", '{ "name": "estate", "runtime": "nodejs" }'],
  ])("is found by its %s", async (name, content) => {
    const folder = new Folder({ [name]: content });
    expect(await found(folder)).toEqual({ directory: folder.path, backend: undefined });
  });

  it("lies in the directory where `pulumi` was started, or in one above it", async () => {
    const folder = new Folder({ "Pulumi.yaml": "name: estate\n", "src/modules/index.ts": "" });
    expect(await found(folder, "src/modules")).toMatchObject({ directory: folder.path });
  });

  it("tells its backend", async () => {
    const folder = new Folder({ "Pulumi.yaml": "name: estate\nbackend:\n  url: file://./state\n" });
    expect(await found(folder)).toMatchObject({ backend: "file://./state" });
  });

  it.each([
    ["no mapping", "backend: file://./state"],
    ["without a URL", "backend: {}"],
    ["with an empty URL", 'backend: { url: "" }'],
    ["with a URL that is no text", "backend: { url: [1] }"],
  ])("has no backend of its own where that is %s", async (_, line) => {
    const folder = new Folder({ "Pulumi.yaml": `name: estate\n${line}\n` });
    expect(await found(folder)).toEqual({ directory: folder.path, backend: undefined });
  });

  it.each([
    ["of another name", "name: shop\n"],
    ["that is broken", "name: [estate\n"],
    ["that is empty", ""],
    ["that is a list", "- estate\n"],
    ["whose name is no text", "name: { of: estate }\n"],
    ["that unfolds without end", `a: &a [x, x]\n${bomb()}name: estate\n`],
  ])("is not a project %s, but the one above it", async (_, content) => {
    const folder = new Folder({ "Pulumi.yaml": "name: estate\n", "inner/Pulumi.yaml": content });
    expect(await found(folder, "inner")).toMatchObject({ directory: folder.path });
  });

  it("may have a file that is broken beside its own", async () => {
    const folder = new Folder({ "Pulumi.yaml": "name: [", "Pulumi.json": '{ "name": "estate" }' });
    expect(await found(folder)).toMatchObject({ directory: folder.path });
  });

  it("is not found where nothing leads to it", async () => {
    const folder = new Folder({ "infra/Pulumi.yaml": "name: estate\n" });
    expect(await found(folder)).toBeUndefined();
    expect(await findProject(environmentIn(folder, { PWD: undefined }), "estate")).toBeUndefined();
  });

  it("is where FIREBREAK_PROJECT says, for `pulumi -C`", async () => {
    const folder = new Folder({ "Pulumi.yaml": "name: estate\n", "infra/Pulumi.yaml": "name: estate\n" });
    const infra = folder.at("infra");
    expect(await found(folder, ".", { FIREBREAK_PROJECT: infra })).toMatchObject({ directory: infra });
    expect(await found(folder, ".", { FIREBREAK_PROJECT: "" })).toMatchObject({ directory: folder.path });
  });

  it("is where FIREBREAK_PROJECT says, seen from where `pulumi` was started", async () => {
    const folder = new Folder({ "infra/Pulumi.yaml": "name: estate\n" });
    expect(await found(folder, ".", { FIREBREAK_PROJECT: "infra" })).toMatchObject({
      directory: folder.at("infra"),
    });
  });
});

/** Lists of lists by name: 2 to the power of 20 texts. */
function bomb(): string {
  const names = [..."abcdefghijklmnopqrst"];
  return names
    .slice(1)
    .map((name, i) => `${name}: &${name} [*${names[i]}, *${names[i]}]\n`)
    .join("");
}
