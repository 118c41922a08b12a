import type pb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";

export const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;
export type Level = (typeof LEVELS)[number];

/** A policy's setting as `--policy-pack-config` gives it: a level, or properties and perhaps a level. */
interface PolicySetting {
  readonly enforcementLevel?: Level;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** By policy; `all` is the level of all policies. */
export type PolicyConfig = Readonly<Record<string, PolicySetting>>;

/** What the engine tells a pack: every policy has a level. */
export type ReconciledConfig = ReadonlyMap<
  string,
  { readonly level: Level; readonly properties: Readonly<Record<string, unknown>> }
>;

export function levelOf(level: pb.EnforcementLevel): Level {
  const name = LEVELS[level];
  if (name === undefined)
    throw new Error(`the pack names the enforcement level ${level}, which does not exist`);
  return name;
}

/**
 * The configuration as the engine completes it: each policy's own level and its schema's defaults, over them what the pack
 * sets for a start, over it what the user sets (ReconcilePolicyPackConfig in pkg/resource/analyzer/config.go).
 */
export function reconcile(info: AnalyzerInfo, given: PolicyConfig = {}): ReconciledConfig {
  const result = new Map<string, { level: Level; properties: Record<string, unknown> }>();
  for (const policy of info.getPoliciesList()) {
    const schema = policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {};
    const defaults = Object.entries(schema).flatMap(([name, property]) =>
      isRecord(property) && "default" in property ? [[name, property.default] as const] : [],
    );
    result.set(policy.getName(), {
      level: levelOf(policy.getEnforcementlevel()),
      properties: Object.fromEntries(defaults),
    });
  }
  for (const config of [initialConfig(info), given]) {
    const all = config.all?.enforcementLevel;
    if (all !== undefined) for (const setting of result.values()) setting.level = all;
    for (const [name, { enforcementLevel, properties }] of Object.entries(config)) {
      // The engine would send an entry for `all` as well, which no pack reads.
      const setting = result.get(name);
      if (setting === undefined) continue;
      setting.level = enforcementLevel ?? setting.level;
      Object.assign(setting.properties, properties);
    }
  }
  return result;
}

function initialConfig(info: AnalyzerInfo): PolicyConfig {
  const config: Record<string, PolicySetting> = {};
  info.getInitialconfigMap().forEach((setting, name) => {
    config[name] = {
      enforcementLevel: levelOf(setting.getEnforcementlevel()),
      properties: setting.getProperties()?.toJavaScript() ?? {},
    };
  });
  return config;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
