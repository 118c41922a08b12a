/**
 * The Pulumi program of the end-to-end tests: it registers the resources that stand in `resources.json` of the project,
 * in that order. `pulumi.ts` beside this file says what may stand there.
 */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { Declared, Reference, Value } from "./pulumi.ts";

const declared: readonly Declared[] = JSON.parse(readFileSync("resources.json", "utf8"));
const registered = new Map<string, pulumi.Resource>();

/** The resource that was registered under this name before. */
function resource(name: string): pulumi.Resource {
  const found = registered.get(name);
  if (found === undefined) throw new Error(`No resource ${name} stands before the one that refers to it.`);
  return found;
}

/** `Array.isArray` does not narrow a read-only list. */
function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

function isReference(value: object): value is Reference {
  return "$output" in value || "$secret" in value || "$text" in value;
}

/** The value as a Pulumi program would write it. */
function input(value: Value): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(input);
  if (!isReference(value)) return inputs(value);
  if ("$secret" in value) return pulumi.secret(input(value.$secret));
  if ("$text" in value) return pulumi.output(value.$text.map(input)).apply((parts) => parts.join(""));
  const [name, path] = value.$output;
  const [key = "", ...rest] = path.split(".");
  const output: pulumi.Output<unknown> = pulumi.output(Reflect.get(resource(name), key));
  return output.apply((whole) => rest.reduce((object, part) => Reflect.get(Object(object), part), whole));
}

function inputs(values: { readonly [key: string]: Value }): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, input(value)]));
}

/** The outputs of each resource that others refer to; the SDK gives a resource no others than those it is told of. */
function outputsUsed(): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("$output" in value && Array.isArray(value.$output)) {
      const [name, path] = value.$output.map(String);
      const key = path?.split(".")[0];
      if (name !== undefined && key !== undefined) used.set(name, (used.get(name) ?? new Set()).add(key));
    }
    for (const item of Object.values(value)) visit(item);
  };
  visit(declared);
  return used;
}

/** A resource of any type of the provider, without the package that gives it a class. */
class Resource extends pulumi.CustomResource {}

const used = outputsUsed();
for (const { type, name, props = {}, opts = {} } of declared) {
  const { parent, dependsOn = [], ...rest } = opts;
  const options = {
    ...rest,
    ...(parent === undefined ? {} : { parent: resource(parent) }),
    dependsOn: dependsOn.map(resource),
  };
  const undefinedYet = Object.fromEntries([...(used.get(name) ?? [])].map((key) => [key, undefined]));
  const all = { ...undefinedYet, ...inputs(props) };
  const isComponent = !type.startsWith("azure-native:");
  registered.set(
    name,
    isComponent
      ? new pulumi.ComponentResource(type, name, all, options)
      : new Resource(type, name, all, options),
  );
}
