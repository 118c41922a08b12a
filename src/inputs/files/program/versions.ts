import { asList, asObject, asText, type JsonObject, member } from "../../json-value.ts";
import { majorOf } from "../../provider-version.ts";
import type { Version } from "../version.ts";
import type { ProviderSource } from "./resource-class.ts";

/** The part of a version that a range of npm leaves open no longer: `^6.1.0`, `~6.1`, `6.x`, `6` all are of 6. */
const NPM_RANGE = /^[\^~=v]*\s*([1-9]\d*)(?:\.[\w.*+-]+)?$/;

/** The major versions of the providers that a program in a directory uses, as the files beside it and above say. */
export class ProviderVersions {
  readonly #version: Version;
  readonly #directory: string;

  constructor(version: Version, file: string) {
    this.#version = version;
    this.#directory = parentOf(file);
  }

  /** The provider's major version; undefined where nothing tells exactly one. */
  async majorOf({ versionOf, majorIn }: ProviderSource): Promise<number | undefined> {
    const major =
      "pkg" in versionOf
        ? await this.#nearest("package.json", (json) => packageMajor(json, versionOf.pkg))
        : await this.#nearest("cdktf.json", (json) => bindingMajor(json, versionOf.binding));
    return major === undefined ? undefined : majorIn(major);
  }

  /** What the nearest file of that name says that says anything. */
  async #nearest(
    name: string,
    read: (json: JsonObject) => number | "open" | undefined,
  ): Promise<number | undefined> {
    for (let directory = this.#directory; ; directory = parentOf(directory)) {
      const text = await this.#version.text(directory === "" ? name : `${directory}/${name}`);
      const json = text === undefined ? undefined : parsed(text);
      const found = json && read(json);
      if (found !== undefined) return found === "open" ? undefined : found;
      if (directory === "") return undefined;
    }
  }
}

function parentOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** A file that is no JSON tells no version; the program is read all the same, without the defaults that depend on it. */
function parsed(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function packageMajor(json: JsonObject, pkg: string): number | "open" | undefined {
  for (const kind of ["dependencies", "devDependencies", "peerDependencies"]) {
    const range = asText(member(asObject(member(json, kind)), pkg));
    if (range === undefined) continue;
    const major = NPM_RANGE.exec(range.trim())?.[1];
    return major === undefined ? "open" : Number(major);
  }
  return undefined;
}

/** `terraformProviders` holds `hashicorp/azurerm@~> 4.0`, or the same as an object. */
function bindingMajor(json: JsonObject, binding: string): number | "open" | undefined {
  for (const one of asList(member(json, "terraformProviders"))) {
    const object = asObject(one);
    const [source = "", version = ""] =
      object === undefined
        ? (asText(one) ?? "").split("@")
        : [
            asText(member(object, "name")) ?? asText(member(object, "source")),
            asText(member(object, "version")),
          ];
    if (source.split("/").at(-1) === binding) return majorOf(version) ?? "open";
  }
  return undefined;
}
