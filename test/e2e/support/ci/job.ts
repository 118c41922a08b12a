import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import { root } from "../cli.ts";
import type { Registry } from "./npm-registry.ts";

export interface JobFolders {
  /** What is checked out. */
  readonly workspace: string;
  readonly temporary: string;
  /** action.yml and what a tag of the repository has beside it: nothing built, nothing installed. */
  readonly action: string;
  readonly env: Readonly<Record<string, string>>;
  /** A folder to put on the PATH, with this Node.js as `node`. */
  readonly node: string;
  /** The names of all files that the job left anywhere but in what it installed. */
  readonly files: () => readonly string[];
}

/** A machine of a CI system for one job: an empty checkout, and a registry that has Firebreak. */
export function jobFolders(registry: Registry): JobFolders {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "firebreak-job-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const [workspace, temporary, action, node] = [at("workspace"), at("temp"), at("action"), at("bin")];
  for (const name of ["action.yml", "package.json", "ci"]) {
    cpSync(join(root, name), join(action, name), { recursive: true });
  }
  symlinkSync(process.execPath, join(node, "node"));
  return {
    workspace,
    temporary,
    action,
    node,
    env: {
      PATH: [node, process.env.PATH].join(delimiter),
      HOME: at("home"),
      LANG: "C.UTF-8",
      npm_config_registry: registry.url,
      npm_config_cache: registry.cache,
      npm_config_update_notifier: "false",
    },
    files() {
      const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
      return all.filter((name) => !name.includes("node_modules")).map((name) => basename(name));
    },
  };
}
