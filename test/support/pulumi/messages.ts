import type { AnalyzeDiagnostic } from "@pulumi/pulumi/proto/analyzer_pb.js";
import pb from "@pulumi/pulumi/proto/analyzer_pb.js";
import structProto, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { ValueObject } from "../../../src/model/value.ts";
import { type Level, levelOf } from "./policy-config.ts";
import { onTheWire, toJsonObject, withoutInternals } from "./wire.ts";

export interface ProviderResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly properties: ValueObject;
}

/** A resource as the engine shows it to policies. */
export interface AnalyzedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The inputs: what resource policies see. */
  readonly properties: ValueObject;
  /** The outputs: what stack policies see; by default the inputs. */
  readonly outputs?: ValueObject;
  readonly options?: {
    readonly protect?: boolean;
    readonly aliases?: readonly string[];
    readonly ignoreChanges?: readonly string[];
    readonly parent?: string;
  };
  readonly provider?: ProviderResource;
  readonly parent?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** What a policy said, as the engine attributes it. */
export interface Diagnostic {
  readonly policy: string;
  readonly level: Level;
  readonly severity: "unspecified" | "low" | "medium" | "high" | "critical";
  readonly urn: string;
  readonly message: string;
  readonly description: string;
}

const SEVERITIES = ["unspecified", "low", "medium", "high", "critical"] as const;

export function requestOf(resource: AnalyzedResource, properties: ValueObject) {
  return new pb.AnalyzeRequest()
    .setType(resource.type)
    .setUrn(resource.urn)
    .setName(resource.name)
    .setProperties(structOf(properties))
    .setOptions(optionsOf(resource))
    .setProvider(providerOf(resource));
}

export function stackResourceOf(resource: AnalyzedResource) {
  const message = new pb.AnalyzerResource()
    .setType(resource.type)
    .setUrn(resource.urn)
    .setName(resource.name)
    .setProperties(structOf(withoutInternals(resource.outputs ?? resource.properties)))
    .setOptions(optionsOf(resource))
    .setProvider(providerOf(resource))
    .setParent(resource.parent ?? "")
    .setDependenciesList([...(resource.dependencies ?? [])]);
  for (const [name, urns] of Object.entries(resource.propertyDependencies ?? {})) {
    if (urns.length === 0) continue;
    const dependencies = new pb.AnalyzerPropertyDependencies().setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(name, dependencies);
  }
  return message;
}

function optionsOf({ options = {} }: AnalyzedResource) {
  return new pb.AnalyzerResourceOptions()
    .setProtect(options.protect ?? false)
    .setAliasesList([...(options.aliases ?? [])])
    .setIgnorechangesList([...(options.ignoreChanges ?? [])])
    .setCustomtimeouts(new pb.AnalyzerResourceOptions.CustomTimeouts())
    .setParent(options.parent ?? "");
}

function providerOf({ provider }: AnalyzedResource) {
  if (provider === undefined) return undefined;
  return new pb.AnalyzerProviderResource()
    .setType(provider.type)
    .setUrn(provider.urn)
    .setName(provider.name)
    .setProperties(structOf(withoutInternals(provider.properties)));
}

export function structOf(properties: ValueObject): Struct {
  return structProto.Struct.fromJavaScript(toJsonObject(properties, onTheWire));
}

export function diagnosticOf(one: AnalyzeDiagnostic, urn: string): Diagnostic {
  return {
    policy: one.getPolicyname(),
    level: levelOf(one.getEnforcementlevel()),
    severity: SEVERITIES[one.getSeverity()] ?? "unspecified",
    urn,
    message: one.getMessage(),
    description: one.getDescription(),
  };
}
