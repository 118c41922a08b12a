import { createRequire } from "node:module";
import type { ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";

/**
 * Pulumi's policy SDK as the pack uses it. It is a peer of this package, not part of it: the program that runs policy
 * packs (`@pulumi/pulumi/cmd/run-policy-pack`) and the pack must share one copy.
 */
const requireHere = createRequire(import.meta.url);

export type PolicySdk = typeof import("@pulumi/policy");

export function loadSdk(): PolicySdk {
  const sdk = requireHere("@pulumi/policy") as PolicySdk;
  keepWireFormat(requireHere("@pulumi/policy/deserialize") as Partial<Deserialize>);
  return sdk;
}

/** An error that Pulumi prints as it is, without the stack of calls that it came by. */
export function plainError(message: string): Error {
  const { RunError } = requireHere("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
  return new RunError(message);
}

/** A protobuf Struct, as far as it is used here. */
interface Struct {
  toJavaScript(): unknown;
}

interface Deserialize {
  deserializeProperties(properties: Struct | undefined, keepSecrets: boolean): unknown;
}

/**
 * The SDK (1.21) hands secrets to policies as plain text, and reads a resource's properties anew for each policy. A policy
 * that must not print secrets has to know which they are, so its reading is replaced: properties stay as the engine sent
 * them, with Pulumi's marks of secrets and unknowns, read once for each request. An SDK that works in another way is
 * refused, since secrets could then pass unseen.
 */
function keepWireFormat(module: Partial<Deserialize>): void {
  if (typeof module.deserializeProperties !== "function") {
    throw new Error("this version of @pulumi/policy is not supported: Firebreak needs 1.21 or a later 1.x");
  }
  const read = new WeakMap<Struct, unknown>();
  module.deserializeProperties = (properties) => {
    if (properties === undefined) return {};
    let json = read.get(properties);
    if (json === undefined) {
      json = { [WIRE]: properties.toJavaScript() };
      read.set(properties, json);
    }
    return json;
  };
}

const WIRE = "firebreak:wire-format";
/** Members by which the SDK's proxies tell what they stand for (@pulumi/policy 1.21, proxy.js). */
const TARGET = "__getSpecialProxyTarget";

/**
 * The properties in Pulumi's wire format, out of what the SDK gives a policy as `props`. The same object for the same
 * request, whichever policy asks.
 */
export function wireFormat(props: object): object {
  const target: unknown = Reflect.get(props, TARGET) ?? props;
  const json: unknown = typeof target === "object" && target !== null ? Reflect.get(target, WIRE) : undefined;
  if (typeof json !== "object" || json === null) {
    throw new Error("@pulumi/policy did not read the properties of a resource in the expected way");
  }
  return json;
}

/** A violation as the SDK takes it beside the plain message that its types show (@pulumi/policy 1.21, server.js). */
export interface Violation {
  readonly message: string;
  readonly urn?: string;
  /** Only where it is not the policy's own: the SDK knows what Pulumi's configuration makes of that. */
  readonly enforcementLevel?: "advisory";
}

/** Reports a violation to the SDK. */
export function reportTo(report: ReportViolation, violation: Violation): void {
  (report as unknown as (violation: Violation) => void)(violation);
}

/** Throws what the SDK expects, without the stack that nobody reads: most policies say this of most resources. */
export function notApplicable(args: ResourceValidationArgs | StackValidationArgs, reason: string): never {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return args.notApplicable(reason);
  } finally {
    Error.stackTraceLimit = limit;
  }
}
