import { isCredentialName } from "../../../model/credentials.ts";
import { emptyObject, isList, isObject, Secret, type Value, type ValueObject } from "../../../model/value.ts";
import { textOf } from "./member.ts";

/** The members of a Secret that hold what is secret. */
const DATA = ["data", "stringData"];

/** Where kubectl keeps a copy of the whole object. */
const COPY = "kubectl.kubernetes.io/last-applied-configuration";

/** An object with all that must not be shown as Secrets: the data of a Secret, and variables whose names say what they hold. */
export function withoutSecrets(kind: string, value: ValueObject): Value {
  if (kind !== "Secret") return withoutVariables(value);
  const hidden = Object.assign(emptyObject(), value);
  for (const name of DATA) {
    if (Object.hasOwn(value, name)) hidden[name] = eachHidden(value[name] ?? null);
  }
  const { metadata } = value;
  if (Object.hasOwn(value, "metadata") && isObject(metadata) && isObject(metadata.annotations)) {
    const annotations = Object.assign(emptyObject(), metadata.annotations);
    if (Object.hasOwn(annotations, COPY)) annotations[COPY] = new Secret(annotations[COPY] ?? null);
    hidden.metadata = Object.assign(emptyObject(), metadata, { annotations });
  }
  return hidden;
}

function eachHidden(data: Value): Value {
  if (!isObject(data)) return data === null ? null : new Secret(data);
  const hidden = emptyObject();
  for (const [name, value] of Object.entries(data)) hidden[name] = new Secret(value);
  return hidden;
}

/** `{name: DB_PASSWORD, value: …}` with its value hidden; what holds no such thing is given back as it is. */
function withoutVariables(value: Value): Value {
  if (isList(value)) {
    const items = value.map(withoutVariables);
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (!isObject(value)) return value;
  const name = textOf(value.name);
  let changed: { [key: string]: Value } | undefined;
  for (const [key, member] of Object.entries(value)) {
    const isHeld =
      key === "value" && typeof member === "string" && name !== undefined && isCredentialName(name);
    const hidden = isHeld ? new Secret(member) : withoutVariables(member);
    if (hidden === member) continue;
    changed ??= Object.assign(emptyObject(), value);
    changed[key] = hidden;
  }
  return changed ?? value;
}
