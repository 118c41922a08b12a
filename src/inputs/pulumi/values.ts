import { MemorySource } from "../../json/bytes.ts";
import { JsonError, JsonScanner } from "../../json/scanner.ts";
import { maskCredential, UNKNOWN_SECRET } from "../../model/credentials.ts";
import {
  emptyObject,
  isList,
  isObject,
  Secret,
  UNKNOWN,
  Unknown,
  type Value,
  type ValueObject,
} from "../../model/value.ts";
import { asObject, asText, type JsonObject, member } from "../json-value.ts";

/** The property that marks a JSON object as one of Pulumi's own values; what it is follows from the property's text. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What Pulumi writes for a value that is known only after the update, by the value's kind. */
const UNKNOWNS: ReadonlySet<string> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** What Pulumi shows instead of a secret. */
const MASKED = "[secret]";

/** A property of Pulumi's wire format as a value of the model: unknowns, secrets, assets and references are recognised. */
export function propertyValue(json: unknown, name = ""): Value {
  if (typeof json === "string") return textValue(json, name);
  if (json === null || typeof json === "boolean" || typeof json === "number") return json;
  if (Array.isArray(json)) return json.map((item) => propertyValue(item, name));
  const object = asObject(json);
  if (object === undefined) return null;
  const signature = asText(member(object, SIGNATURE));
  return signature === undefined ? plainObject(object) : signedValue(signature, object, name);
}

/**
 * The inputs or outputs of a resource, without what Pulumi and its bridge keep beside the properties (`__defaults`,
 * `__meta`, `__provider` and the like).
 */
export function propertyBag(json: unknown): { [key: string]: Value } {
  const bag = emptyObject();
  for (const [name, item] of Object.entries(asObject(json) ?? {})) {
    if (!name.startsWith("__")) bag[name] = propertyValue(item, name);
  }
  return bag;
}

/** `upper` laid over `lower`: objects are merged, everything else is replaced; what either marks as secret stays one. */
export function overlay(lower: Value | undefined, upper: Value | undefined): Value {
  if (lower === undefined || upper === undefined) return upper ?? lower ?? null;
  if (lower instanceof Secret || upper instanceof Secret) {
    return new Secret(overlay(contentOf(lower), contentOf(upper)));
  }
  if (!isObject(lower) || !isObject(upper)) return hasSecret(lower) ? new Secret(upper) : upper;
  const merged = Object.assign(emptyObject(), lower);
  for (const [name, item] of Object.entries(upper)) {
    merged[name] = Object.hasOwn(lower, name) ? overlay(lower[name], item) : item;
  }
  return merged;
}

/** The value without the members that are not known; `undefined` where it is not known itself. A masked secret stays. */
export function knownPart(value: Value): Value | undefined {
  if (value instanceof Unknown) return undefined;
  if (!isObject(value)) return value;
  const known = emptyObject();
  for (const [name, item] of Object.entries(value)) {
    const part = knownPart(item);
    if (part !== undefined) known[name] = part;
  }
  return known;
}

/**
 * The part of the outputs that does not go back to what the user wrote, and so stays when the user writes something else:
 * a property is gone that was among the old inputs and is not among the new ones.
 */
export function unwritten(outputs: ValueObject, oldInputs: ValueObject, newInputs: ValueObject): ValueObject {
  const rest = emptyObject();
  for (const [name, output] of Object.entries(outputs)) {
    const was = Object.hasOwn(oldInputs, name) ? oldInputs[name] : undefined;
    const is = Object.hasOwn(newInputs, name) ? newInputs[name] : undefined;
    if (was === undefined) rest[name] = output;
    else if (isObject(output) && isObject(was) && isObject(is)) rest[name] = unwritten(output, was, is);
  }
  return rest;
}

/** Whether the text stands for a value that is known only after the update. */
export function isUnknownText(text: string): boolean {
  return UNKNOWNS.has(text);
}

function textValue(text: string, name: string): Value {
  if (isUnknownText(text)) return UNKNOWN;
  return text === MASKED ? UNKNOWN_SECRET : maskCredential(text, name);
}

function plainObject(object: JsonObject): Value {
  const value = emptyObject();
  for (const [name, item] of Object.entries(object)) {
    if (name !== SIGNATURE && name !== "__defaults") value[name] = propertyValue(item, name);
  }
  return value;
}

function signedValue(signature: string, object: JsonObject, name: string): Value {
  switch (signature) {
    case SECRET:
      return new Secret(secretContent(object, name));
    case OUTPUT: {
      const held = member(object, "value");
      const value = held === undefined ? UNKNOWN : propertyValue(held, name);
      return member(object, "secret") === true ? new Secret(value) : value;
    }
    case ASSET:
    case ARCHIVE:
    case RESOURCE:
      return plainObject(object);
    default:
      // A kind of value that is newer than this reader: whatever it means, it is not the object it is written as.
      return UNKNOWN;
  }
}

/** Ciphertext tells nothing: the same secret may be written differently, so two of them cannot be compared. */
function secretContent(object: JsonObject, name: string): Value {
  const held = member(object, "value");
  if (held !== undefined) return contentOf(propertyValue(held, name));
  const text = asText(member(object, "plaintext"));
  if (text === undefined) return UNKNOWN;
  const parsed = parseText(text);
  return parsed === undefined ? UNKNOWN : contentOf(propertyValue(parsed, name));
}

/** JSON inside a JSON string; the scanner bounds its depth before anything recurses over it. */
function parseText(text: string): unknown {
  try {
    const scanner = new JsonScanner(new MemorySource(Buffer.from(text)));
    const json = scanner.parse();
    return scanner.isAtEnd() ? json : undefined;
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function contentOf(value: Value): Value {
  return value instanceof Secret ? value.reveal() : value;
}

function hasSecret(value: Value): boolean {
  if (value instanceof Secret) return true;
  if (isList(value)) return value.some(hasSecret);
  return isObject(value) && Object.values(value).some(hasSecret);
}
