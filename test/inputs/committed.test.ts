import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withCommitted } from "../../src/inputs/committed.ts";
import { readPaths } from "../../src/inputs/read.ts";

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

function write(name: string, content: string | object): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), typeof content === "string" ? content : JSON.stringify(content));
}

function git(...args: string[]): void {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
  execFileSync("git", ["-C", folder, ...who, ...args], { stdio: "pipe" });
}

function commit(message: string): void {
  git("add", "--all");
  git("commit", "--quiet", "--message", message);
}

/** A synth of one stack with one storage account. */
function synth(isPublic: boolean, more: object = {}): void {
  const path = "stacks/shop/cdk.tf.json";
  write("infra/cdktf.out/manifest.json", {
    version: "0.21.0",
    stacks: { shop: { name: "shop", synthesizedStackPath: path } },
  });
  write(`infra/cdktf.out/${path}`, {
    "//": { metadata: { stackName: "shop", version: "0.21.0" } },
    resource: {
      azurerm_storage_account: {
        packages: { name: "packages", public_network_access_enabled: isPublic },
        ...more,
      },
    },
  });
}

async function changes(revision: string, path = at("infra/cdktf.out")) {
  const { deployments, problems } = await readPaths([path], { before: `git:${revision}` });
  return {
    changes: deployments.flatMap((one) => one.changes.map(({ address, action }) => `${action} ${address}`)),
    knows: deployments.map(({ knows }) => knows),
    problems: [...problems, ...deployments.flatMap((one) => one.problems)].map(({ message }) => message),
  };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firebreak-committed-"));
  git("init", "--quiet", "--initial-branch", "main");
  synth(true);
  commit("public");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PACKAGES = "azurerm_storage_account.packages";

describe("the state before a change may be what was committed at a revision", () => {
  it("of the synth that is judged", async () => {
    synth(false, { logs: { name: "logs" } });
    expect(await changes("HEAD")).toEqual({
      changes: [`update ${PACKAGES}`, "create azurerm_storage_account.logs"],
      knows: ["before-and-after"],
      problems: [],
    });
  });

  it("and of any revision that git knows", async () => {
    synth(false);
    commit("private");
    expect((await changes("HEAD")).changes).toEqual([`keep ${PACKAGES}`]);
    expect((await changes("HEAD~1")).changes).toEqual([`update ${PACKAGES}`]);
    expect((await changes("main@{0}")).changes).toEqual([`keep ${PACKAGES}`]);
  });

  it("and of one stack alone", async () => {
    synth(false);
    const stack = at("infra/cdktf.out/stacks/shop/cdk.tf.json");
    expect((await changes("HEAD", stack)).changes).toEqual([`update ${PACKAGES}`]);
  });

  it("though it has been deleted since", async () => {
    write("infra/old.tfstate", { version: 4, resources: [] });
    commit("state");
    rmSync(at("infra/old.tfstate"));
    const found = await withCommitted("HEAD", at("infra/old.tfstate"), async (copy) => existsSync(copy));
    expect(found).toBe(true);
  });
});

describe("what git does not have", () => {
  it.each([
    ["a revision", "nowhere", /has no such revision/],
    ["a revision that looks like an option", "--output=x", /has no such revision/],
    ["a revision that names a file", "HEAD:infra", /has no such revision/],
  ])("%s is wrong usage", async (_, revision, message) => {
    await expect(changes(revision)).rejects.toThrow(message);
  });

  it("a path that was not committed is told, and nothing passes for compared", async () => {
    write("infra/new.out/manifest.json", { version: "0.21.0", stacks: {} });
    const { problems } = await changes("HEAD", at("infra/new.out"));
    expect(problems.join()).toMatch(/new\.out was not committed at HEAD/);
  });

  it("a repository is wrong usage", async () => {
    rmSync(at(".git"), { recursive: true });
    await expect(changes("HEAD")).rejects.toThrow(/is in no git repository/);
  });
});

describe("what is laid out of a repository", () => {
  it("is gone afterwards, whatever happens", async () => {
    let copy = "";
    const failing = withCommitted("HEAD", at("infra/cdktf.out"), async (path) => {
      copy = path;
      throw new Error("no luck");
    });
    await expect(failing).rejects.toThrow("no luck");
    expect(copy).not.toBe("");
    expect(existsSync(copy)).toBe(false);
  });

  it("has no links, which lead elsewhere", async () => {
    symlinkSync("/etc/hostname", at("infra/cdktf.out/link"));
    commit("link");
    await withCommitted("HEAD", at("infra/cdktf.out"), async (copy) => {
      expect(existsSync(join(copy, "manifest.json"))).toBe(true);
      expect(existsSync(join(copy, "link"))).toBe(false);
    });
  });

  it("is told of by its own name, not by that of the copy", async () => {
    write("infra/cdktf.out/stacks/shop/cdk.tf.json", "{ broken");
    commit("broken");
    synth(true);
    const { problems } = await changes("HEAD");
    expect(problems.join()).toMatch(/cdktf\.out at HEAD/);
    expect(problems.join()).not.toContain("firebreak-before-");
  });
});

it("the state before a change may be a folder of state files, one a stack", async () => {
  const head = { version: 4, terraform_version: "1.11.4", serial: 3, lineage: "5b0c", outputs: {} };
  const state = (value: boolean) => ({
    ...head,
    resources: [
      {
        mode: "managed",
        type: "azurerm_storage_account",
        name: "packages",
        provider: 'provider["registry.terraform.io/hashicorp/azurerm"]',
        instances: [{ attributes: { id: "/x", name: "packages", public_network_access_enabled: value } }],
      },
    ],
  });
  write("states/terraform.shop.tfstate", state(true));
  write("states/terraform.other.tfstate", { ...head, resources: [] });
  synth(false);
  const { deployments } = await readPaths([at("infra/cdktf.out")], { before: at("states") });
  expect(deployments.flatMap((one) => one.changes.map(({ action }) => action))).toEqual(["update"]);
});

it("names the place of what is gone as the path that was given, not as that of a copy", async () => {
  synth(true, { old: { name: "old" } });
  commit("one more");
  synth(true);
  const { deployments } = await readPaths([at("infra/cdktf.out")], { before: "git:HEAD" });
  const gone = deployments[0]?.changes.find(({ action }) => action === "delete");
  expect(gone?.source).toEqual({ file: at("infra/cdktf.out/stacks/shop/cdk.tf.json") });
});
