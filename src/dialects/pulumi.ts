import type { Value } from "../model/value.ts";
import { nativeModule } from "./pulumi-azure-native.ts";
import { type BridgedNames, bridgedNames, bridgedType } from "./pulumi-bridged.ts";
import { nativePath, translateNames } from "./pulumi-classic.ts";

/** How one Pulumi type is written in the canonical dialects. */
export interface PulumiDialect {
  /** Canonical type; the Pulumi token itself where no canonical type is known for it. */
  readonly type: string;
  /** The resource's properties in the canonical spelling. */
  translate(properties: Value): Value;
  /**
   * Gives the Pulumi spelling of a canonical path; absent where both are the same. `states` are the resource's properties as
   * Pulumi spells them: where a name could be two, the one that the resource has is meant.
   */
  readonly spell?: (path: string, states: readonly (Value | undefined)[]) => string;
}

const known = new Map<string, PulumiDialect>();

/** The dialect of a resource type, by its token (`azure:storage/account:Account`). */
export function pulumiDialect(token: string): PulumiDialect {
  let dialect = known.get(token);
  if (dialect === undefined) {
    dialect = dialectOf(token);
    known.set(token, dialect);
  }
  return dialect;
}

function dialectOf(token: string): PulumiDialect {
  const [pkg = "", module = "", name = ""] = token.split(":");
  if (module !== "" && name !== "") {
    if (pkg === "azure-native") return same(`azure-native:${nativeModule(module, name)}:${name}`);
    if (pkg === "kubernetes") return same(kubernetesType(module, name) ?? token);
    const names = bridgedNames(pkg);
    const type = names === undefined ? undefined : bridgedType(names, module, name);
    if (names !== undefined && type !== undefined) return bridged(names, type);
  }
  return same(token);
}

function same(type: string): PulumiDialect {
  return { type, translate: (properties) => properties };
}

function bridged(names: BridgedNames, type: string): PulumiDialect {
  return {
    type,
    translate: (properties) => translateNames(names, type, properties),
    spell: (path, states) => nativePath(names, type, path, states),
  };
}

/** Modules of the Kubernetes package that hold Pulumi's own resources, not objects of the cluster's API. */
const PULUMI_ONLY = new Set(["helm.sh", "yaml", "kustomize"]);

/**
 * The module is the API version, the core group written out: `core/v1:Service` is `v1` `Service`. A `Patch` resource says
 * only a part of its object, so what it leaves out is not absent: it keeps its token.
 */
function kubernetesType(module: string, kind: string): string | undefined {
  const [group = "", version] = module.split("/");
  if (PULUMI_ONLY.has(group) || kind.endsWith("Patch")) return undefined;
  if (version === undefined) return /^v\d/.test(group) ? `${group}/${kind}` : undefined;
  return group === "core" ? `${version}/${kind}` : `${module}/${kind}`;
}
