import type { ResourceState } from "../../inputs/pulumi/resource.ts";
import type { Action } from "../../model/change.ts";
import { isList, isObject, Secret, sameValue, Unknown, type Value } from "../../model/value.ts";

/**
 * What the engine is about to do with a registered resource. It has not decided yet when it asks the policies, so this is
 * told from the inputs: another value is an update; another name, place or parent in the object's own id is another object.
 */
export function actionOf(old: ResourceState | undefined, next: ResourceState): Action {
  if (old === undefined) return "create";
  if (old.isToBeReplaced) return "replace";
  if (haveSameInputs(old.inputs, next.inputs)) return "keep";
  return isAnotherObject(old, next) ? "replace" : "update";
}

/**
 * Whether the inputs are equal as far as anybody can tell: a state holds secrets in ciphers, so two secrets of which one is
 * such a cipher count as equal.
 */
function haveSameInputs(old: Value | undefined, next: Value | undefined): boolean {
  if (old instanceof Secret || next instanceof Secret) {
    const was = old instanceof Secret ? old.reveal() : old;
    const is = next instanceof Secret ? next.reveal() : next;
    return was instanceof Unknown || haveSameInputs(was, is);
  }
  if (isList(old) && isList(next)) {
    return old.length === next.length && old.every((item, i) => haveSameInputs(item, next[i]));
  }
  if (isObject(old) && isObject(next)) {
    const keys = Object.keys(old);
    return (
      keys.length === Object.keys(next).length &&
      keys.every((key) => Object.hasOwn(next, key) && haveSameInputs(old[key], next[key]))
    );
  }
  return sameValue(old, next);
}

/** Inputs that may be part of an id: names, the group or project that something is in, and Amazon's bucket. */
const NAMING = /(?:^|[a-z])[nN]ame$|^(?:bucket|project|zone|region)$/;
/** Names for people, which no id has. */
const LABEL = /^(?:display|friendly|full)Name$/;

/**
 * No provider can give an existing object another id. Where an input is a part of the id (`accountName` in
 * `…/storageAccounts/NAME`, the resource group, a bucket's name) and gets another value, or a Kubernetes object another
 * name or namespace, the object is made anew. Azure's location cannot be changed either
 * (learn.microsoft.com/azure/azure-resource-manager/management/move-resources-overview).
 */
function isAnotherObject(old: ResourceState, next: ResourceState): boolean {
  if (old.urn.type.startsWith("kubernetes:")) {
    const [was, is] = [old.inputs["metadata"], next.inputs["metadata"]];
    return ["name", "namespace"].some((key) => isOtherText(memberOf(was, key), memberOf(is, key), plain));
  }
  // Azure's names are the same in any case (learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).
  const isAzure = old.urn.type.startsWith("azure");
  const spelling = isAzure ? caseless : plain;
  const parts = new Set((old.id ?? "").split("/").map(spelling));
  // A project's name may read like its id, which stands in an input of its own.
  const ids = new Set(
    Object.entries(old.inputs).flatMap(([name, value]) => (name.endsWith("Id") ? [value] : [])),
  );
  for (const [name, was] of Object.entries(old.inputs)) {
    const is = Object.hasOwn(next.inputs, name) ? next.inputs[name] : undefined;
    if (!isOtherText(was, is, spelling)) continue;
    if (name === "location" && isAzure) return true;
    const mayName = NAMING.test(name) && !LABEL.test(name) && !ids.has(was ?? null);
    if (mayName && parts.has(spelling(String(was)))) return true;
  }
  return false;
}

const plain = (text: string) => text;
/** Azure writes regions as `West Europe` and `westeurope` too. */
const caseless = (text: string) => text.toLowerCase().replaceAll(" ", "");

/** Whether both are texts and differ in more than their spelling. */
function isOtherText(
  was: Value | undefined,
  is: Value | undefined,
  spelling: (text: string) => string,
): boolean {
  return typeof was === "string" && typeof is === "string" && spelling(was) !== spelling(is);
}

function memberOf(value: Value | undefined, key: string): Value | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
