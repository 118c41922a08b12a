import type { Value } from "../../../model/value.ts";
import { cdktfClass } from "./cdktf-class.ts";
import type { Imported } from "./names.ts";
import { pulumiClass } from "./pulumi-class.ts";

/** How resources of one class are written in the canonical dialects. */
export interface Dialect {
  readonly type: string;
  translate(properties: Value): Value;
  /** The program's spelling of a canonical path; absent where both are the same. */
  readonly spell?: (path: string, states: readonly (Value | undefined)[]) => string;
}

/** The provider of a class, and what tells its version. */
export interface ProviderSource {
  /** As resources' providers are called in the model. */
  readonly name: string;
  /** The package whose version in `package.json`, or else the provider whose version in `cdktf.json`, decides. */
  readonly versionOf: { readonly pkg: string } | { readonly binding: string };
  /** The provider's major version inside of a major version of the package. */
  readonly majorIn: (major: number) => number | undefined;
}

/** A class of a provider's package, whose objects are resources. */
export interface ResourceClass {
  /** As the host spells it. */
  readonly nativeType: string;
  /** It is only looked up, not managed. */
  readonly isData: boolean;
  /** Which arguments of the constructor are the name, the properties and the options. */
  readonly positions: { readonly name: number; readonly properties: number; readonly options?: number };
  /** Properties that are the host's own, not the resource's; where it keeps them beside the others. */
  readonly ownProperties: ReadonlySet<string>;
  readonly provider: ProviderSource;
  /** The dialect of a resource with those properties, which may decide what it is. */
  dialect(properties: Value): Dialect;
  address(type: string, name: string): string;
}

/** What makes a class of a package, by the names of packages. */
const FAMILIES: readonly {
  readonly module: RegExp;
  readonly classOf: (
    provider: string,
    module: string,
    folders: readonly string[],
    path: readonly string[],
  ) => ResourceClass | undefined;
}[] = [
  { module: /^@pulumi\/([\w-]+)(?:\/(.+))?$/, classOf: pulumiClass },
  { module: /^@cdkt[fn]\/provider-([\w-]+)(?:\/(.+))?$/, classOf: cdktfClass },
  { module: /(?:^|\/)\.gen\/providers\/([\w-]+)(?:\/(.+))?$/, classOf: cdktfClass },
];

/** The resource class that is imported so; undefined where it is something else. */
export function resourceClass({ module, path }: Imported): ResourceClass | undefined {
  for (const family of FAMILIES) {
    const found = family.module.exec(module);
    if (found === null) continue;
    const [, provider = "", below = ""] = found;
    const folders = below.split("/").map((folder) => folder.replace(/\.[cm]?[jt]s$/, ""));
    return family.classOf(
      provider,
      module,
      folders.filter((folder) => folder !== "" && folder !== "index"),
      path,
    );
  }
  return undefined;
}
