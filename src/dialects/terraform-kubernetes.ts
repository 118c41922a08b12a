import { isObject, Secret, type Value } from "../model/value.ts";

/** A resource in its canonical dialect. */
export interface Translated {
  readonly type: string;
  readonly value: Value | undefined;
  /** The host's spelling of a canonical path; absent where both are the same. */
  readonly spell?: (path: string) => string;
}

/**
 * A Terraform resource whose properties are another dialect's document. `kubernetes_manifest` holds a whole Kubernetes
 * object in `manifest` (hashicorp/kubernetes, resource kubernetes_manifest): it becomes that object, under its API version and
 * kind. Everything else, the typed `kubernetes_deployment_v1` included, stays as it is, and so does a manifest whose kind is
 * not known yet.
 */
export function translateTerraform(type: string, value: Value | undefined): Translated {
  if (type !== "kubernetes_manifest") return { type, value };
  const properties = contentOf(value);
  const held =
    isObject(properties) && Object.hasOwn(properties, "manifest") ? properties.manifest : undefined;
  const manifest = contentOf(held);
  if (!isObject(manifest)) return { type, value };
  const { apiVersion, kind } = manifest;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || apiVersion === "" || kind === "") {
    return { type, value };
  }
  const isSecret = value instanceof Secret || held instanceof Secret;
  return {
    type: `${apiVersion}/${kind}`,
    value: isSecret ? new Secret(manifest) : manifest,
    spell: (path) => (path === "" ? "manifest" : `manifest.${path}`),
  };
}

function contentOf(value: Value | undefined): Value | undefined {
  return value instanceof Secret ? value.reveal() : value;
}
