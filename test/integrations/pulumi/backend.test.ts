import { describe, expect, it } from "vitest";
import { findCheckpoint } from "../../../src/integrations/pulumi/backend.ts";
import type { Project } from "../../../src/integrations/pulumi/project.ts";
import { environmentIn, Folder } from "./folder.ts";

const STORED = ".pulumi/stacks/estate/prod.json";
const STACK = { organization: "organization", project: "estate", stack: "prod" };

/** The checkpoint of the stack `prod` of `estate`, where `pulumi` was started in the folder. */
function found(
  folder: Folder,
  env: Readonly<Record<string, string | undefined>>,
  project?: Project,
): string | undefined {
  return findCheckpoint(environmentIn(folder, env), STACK, project);
}

function projectIn(folder: Folder, name: string, backend?: string): Project {
  return { directory: folder.at(name), backend };
}

describe("the backend", () => {
  it("is that of PULUMI_BACKEND_URL, before all others", () => {
    const folder = new Folder({
      [`a/${STORED}`]: "{}",
      [`b/${STORED}`]: "{}",
      [`c/${STORED}`]: "{}",
    });
    folder.write("home/.pulumi/credentials.json", JSON.stringify({ current: `file://${folder.at("c")}` }));
    const project = projectIn(folder, ".", `file://${folder.at("b")}`);
    const first = found(folder, { PULUMI_BACKEND_URL: `file://${folder.at("a")}` }, project);
    expect(first).toEqual(folder.at(`a/${STORED}`));
    expect(found(folder, { PULUMI_BACKEND_URL: "" }, project)).toEqual(folder.at(`b/${STORED}`));
    expect(found(folder, {}, projectIn(folder, "."))).toEqual(folder.at(`c/${STORED}`));
  });

  it("is what one is logged in to, in the folder that PULUMI_HOME names", () => {
    const folder = new Folder({ [`state/${STORED}`]: "{}" });
    folder.write("settings/credentials.json", JSON.stringify({ current: `file://${folder.at("state")}` }));
    const env = { PULUMI_HOME: folder.at("settings") };
    expect(found(folder, env)).toEqual(folder.at(`state/${STORED}`));
  });

  it("is what one is logged in to, in the folder that PULUMI_CREDENTIALS_PATH names", () => {
    // pulumi, sdk/go/common/workspace/creds.go: the variable goes before PULUMI_HOME.
    const folder = new Folder({ [`old/${STORED}`]: "{}", [`state/${STORED}`]: "{}" });
    folder.write("settings/credentials.json", JSON.stringify({ current: `file://${folder.at("old")}` }));
    folder.write("ci/credentials.json", JSON.stringify({ current: `file://${folder.at("state")}` }));
    const env = { PULUMI_HOME: folder.at("settings"), PULUMI_CREDENTIALS_PATH: folder.at("ci") };
    expect(found(folder, env)).toEqual(folder.at(`state/${STORED}`));
  });

  it.each([
    ["broken", "{ current"],
    ["empty", ""],
    ["of nobody who is logged in", '{ "current": "" }'],
    ["no object", '["file:///tmp"]'],
    ["of another shape", '{ "current": { "url": "file:///tmp" } }'],
  ])("is not known where the credentials are %s", (_, content) => {
    const folder = new Folder({ "home/.pulumi/credentials.json": content });
    expect(found(folder, {})).toBeUndefined();
  });

  it.each(["https://api.pulumi.com", "s3://bucket", "azblob://container", "gs://bucket"])(
    "is in no file system at %s",
    (url) => {
      const folder = new Folder({ [STORED]: "{}" });
      expect(found(folder, { PULUMI_BACKEND_URL: url })).toBeUndefined();
    },
  );

  it("is not known where nobody names one", () => {
    expect(found(new Folder(), {})).toBeUndefined();
  });
});

describe("the folder of a file backend", () => {
  it.each([
    ["the home", "file://~", "home"],
    ["a folder of the home", "file://~/state", "home/state"],
    ["where `pulumi` was started", "file://.", "."],
    ["a folder below it", "file://./state", "state"],
    ["a folder below it, without a dot", "file://state", "state"],
    ["one with a query", "file://./state?no_tmp_dir=true", "state"],
    ["one with a space in its name", "file://./my%20state", "my state"],
  ])("is %s", (_, url, at) => {
    const folder = new Folder();
    const file = folder.write(`${at}/${STORED}`, "{}");
    expect(found(folder, { PULUMI_BACKEND_URL: url })).toEqual(file);
  });

  it("is below the project's directory where `pulumi -C` went there", () => {
    const folder = new Folder();
    const file = folder.write(`infra/state/${STORED}`, "{}");
    const project = projectIn(folder, "infra", "file://./state");
    expect(found(folder, {}, project)).toEqual(file);
    expect(found(folder, { PWD: undefined }, project)).toEqual(file);
  });

  it("is not the .pulumi that lies where `pulumi -C` was started, such as that of the home", () => {
    const folder = new Folder({ ".pulumi/credentials.json": "{}" });
    const file = folder.write(`infra/${STORED}`, "{}");
    const project = projectIn(folder, "infra");
    expect(found(folder, { PULUMI_BACKEND_URL: "file://." }, project)).toEqual(file);
  });

  it("is not known where that .pulumi is all there is, since the project may lie anywhere", () => {
    const folder = new Folder({ ".pulumi/credentials.json": "{}" });
    expect(found(folder, { PULUMI_BACKEND_URL: "file://." })).toBeUndefined();
  });

  it("is not known where it is not there", () => {
    const folder = new Folder();
    expect(found(folder, { PULUMI_BACKEND_URL: `file://${folder.at("gone")}` })).toBeUndefined();
    expect(found(folder, { PULUMI_BACKEND_URL: "file://./gone" }, projectIn(folder, "."))).toBeUndefined();
  });
});

describe("the checkpoint in it", () => {
  const env = { PULUMI_BACKEND_URL: "file://." };

  it.each([".json", ".json.gz", ".json.zst"])("may end in %s", (ending) => {
    const folder = new Folder();
    const file = folder.write(`.pulumi/stacks/estate/prod${ending}`, "");
    expect(found(folder, env)).toEqual(file);
  });

  it.each([".json", ".json.gz", ".json.zst"])("may lie where older backends have it, in %s", (ending) => {
    const folder = new Folder();
    const file = folder.write(`.pulumi/stacks/prod${ending}`, "");
    expect(found(folder, env)).toEqual(file);
  });

  it("is that of the project where both are there", () => {
    const folder = new Folder({ ".pulumi/stacks/prod.json": "{}" });
    const file = folder.write(".pulumi/stacks/estate/prod.json.zst", "");
    expect(found(folder, env)).toEqual(file);
  });

  it("is the one that was written last, whatever its ending", () => {
    // pulumi, pkg/backend/diy/state.go, stackPath: of several variants the most recently modified one counts.
    const folder = new Folder();
    folder.write(STORED, "{}", 1_770_000_000);
    const file = folder.write(`${STORED}.gz`, "", 1_770_000_100);
    expect(found(folder, env)).toEqual(file);
  });

  it("is not what lies beside it", () => {
    const folder = new Folder({
      ".pulumi/stacks/estate/prod.json.bak": "{}",
      ".pulumi/stacks/estate/prod.json.attrs": "{}",
      ".pulumi/stacks/estate/prod-eu.json": "{}",
      ".pulumi/stacks/shop/prod.json": "{}",
    });
    expect(found(folder, env)).toBeUndefined();
  });

  it("is not there for a stack that was never stored", () => {
    expect(found(new Folder({ ".pulumi/meta.yaml": "version: 1\n" }), env)).toBeUndefined();
  });
});
