import { maskCredential } from "../../../model/credentials.ts";
import { emptyObject, isList, isObject, Secret, type Value, type ValueObject } from "../../../model/value.ts";
import { OpenValue } from "./open-value.ts";
import { settledId } from "./resource-ids.ts";

/** The values that a deployment resource or a parameters file gives, each as `{ value }`; a secret may stay in its vault. */
export function givenIn(parameters: Value): ValueObject {
  const given = emptyObject();
  for (const [name, item] of Object.entries(isObject(parameters) ? parameters : {})) {
    if (!isObject(item)) continue;
    if (Object.hasOwn(item, "value")) given[name] = item.value ?? null;
    else if (isObject(item.reference))
      given[name] = new Secret(new OpenValue(`a secret of a key vault for ${name}`));
  }
  return given;
}

/** A value as a facet reads it: credentials hidden, ids as texts where only the place of the deployment is open. */
export function finished(value: Value, key: string): Value {
  if (typeof value === "string") return maskCredential(value, key);
  if (value instanceof OpenValue) return settledId(value);
  if (isList(value)) return value.map((item) => finished(item, key));
  if (!isObject(value)) return value;
  const object = emptyObject();
  for (const [name, item] of Object.entries(value)) object[name] = finished(item, name);
  return object;
}
