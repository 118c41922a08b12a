import { isList, isObject, Secret, Unknown, type Value, type ValueObject } from "../../../src/model/value.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** What marks a value of Pulumi's own in JSON, and a secret among them (sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** What stands for an unknown text, which is how a program's unknown outputs are written. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** How a form of Pulumi's documents writes a secret. */
export type SecretForm = (content: Value) => Json;

/** On the wire to a policy pack: the content itself, marked. */
export const onTheWire: SecretForm = (content) => ({
  [SIGNATURE]: SECRET,
  value: toJson(content, onTheWire),
});
/** In a state: what no reader without the passphrase can read. */
export const encrypted: SecretForm = () => ({ [SIGNATURE]: SECRET, ciphertext: "v1:bm9uY2U=:c2VjcmV0" });
/** In a state that was exported with `--show-secrets`: JSON in a text. */
export const shown: SecretForm = (content) => ({
  [SIGNATURE]: SECRET,
  plaintext: JSON.stringify(toJson(content, shown)),
});
/** In the digest of a preview (pkg/backend/display/json.go, massagePropertyValue). */
export const masked: SecretForm = () => "[secret]";
/** In engine events: encrypted by a crypter that blinds (pkg/backend/display/events.go). */
export const blinded: SecretForm = () => ({ [SIGNATURE]: SECRET, ciphertext: "[secret]" });

function toJson(value: Value, secret: SecretForm): Json {
  if (value instanceof Secret) return secret(value.reveal());
  if (value instanceof Unknown) return UNKNOWN_TEXT;
  if (isList(value)) return value.map((item) => toJson(item, secret));
  return isObject(value) ? toJsonObject(value, secret) : value;
}

export function toJsonObject(value: ValueObject, secret: SecretForm): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item, secret)]));
}

/** Without `__defaults` and the like, which policies are not shown (SkipInternalKeys in analyzer_plugin.go). */
export function withoutInternals(value: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith("__"))
      .map(([name, item]) => [name, shownItem(item)]),
  );
}

function shownItem(value: Value): Value {
  if (value instanceof Secret) return new Secret(shownItem(value.reveal()));
  if (isList(value)) return value.map(shownItem);
  return isObject(value) ? withoutInternals(value) : value;
}
