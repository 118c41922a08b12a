import { Computed, isList, isObject, Secret, Unknown, type Value } from "../../../model/value.ts";

/** How an open value is written: `text` with the defaults of parameters, whose change changes it, `key` without. */
type Spelling = "text" | "key";

/**
 * What an expression of a template gives that only a deployment can work out. Its text has all in it that is known, so that
 * the same text is the same value however it is put together.
 */
export class OpenValue extends Computed {
  /** The same without the defaults of parameters: what names a resource stays what it is when they change. */
  readonly key: string;
  /** Of a text: its known and its open parts in turn. */
  readonly parts: readonly (string | OpenValue)[];
  constructor(text: string, key: string = text, parts?: readonly (string | OpenValue)[]) {
    super(text);
    this.key = key;
    this.parts = parts ?? [this];
  }
}

/** The result of a function that only a deployment can work out. */
export function openCall(name: string, args: readonly Value[]): OpenValue {
  const call = (spelling: Spelling) => `${name}(${args.map((arg) => spelled(arg, spelling)).join(", ")})`;
  return new OpenValue(call("text"), call("key"));
}

/** A property of an open value. */
export function openMember(of: Value, key: Value): OpenValue {
  const member = (spelling: Spelling) =>
    typeof key === "string" && /^\w+$/.test(key)
      ? `${spelled(of, spelling)}.${key}`
      : `${spelled(of, spelling)}[${spelled(key, spelling)}]`;
  return new OpenValue(member("text"), member("key"));
}

/** Texts and open values put together to one text. */
export function joined(values: readonly (string | OpenValue)[]): string | OpenValue {
  const parts: (string | OpenValue)[] = [];
  for (const part of values.flatMap((value) => (value instanceof OpenValue ? value.parts : [value]))) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  const [only = "", ...others] = parts;
  if (others.length === 0) return only;
  return new OpenValue(textOf(parts, "text"), textOf(parts, "key"), parts);
}

/** The segments of a path or a name of several, each a text or open. */
export function segmentsOf(value: string | OpenValue): readonly (string | OpenValue)[] {
  const segments: (string | OpenValue)[][] = [[]];
  for (const part of typeof value === "string" ? [value] : value.parts) {
    if (typeof part !== "string") {
      segments.at(-1)?.push(part);
      continue;
    }
    const [first = "", ...others] = part.split("/");
    segments.at(-1)?.push(first);
    for (const other of others) segments.push([other]);
  }
  return segments.map(joined);
}

/** A text or an open one as it names something: what is open in brackets. */
export function nameText(value: string | OpenValue): string {
  return typeof value === "string" ? value : textOf(value.parts, "key");
}

function textOf(parts: readonly (string | OpenValue)[], spelling: Spelling): string {
  return parts.map((part) => (typeof part === "string" ? part : `[${part[spelling]}]`)).join("");
}

function spelled(value: Value, spelling: Spelling): string {
  if (value instanceof OpenValue) {
    const [only, ...others] = value.parts;
    return only === value && others.length === 0 ? value[spelling] : quoted(textOf(value.parts, spelling));
  }
  if (value instanceof Secret || value instanceof Unknown) return String(value);
  if (typeof value === "string") return quoted(value);
  if (isList(value)) return `[${value.map((item) => spelled(item, spelling)).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${spelled(item, spelling)}`);
  return `{${members.join(", ")}}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A value as a template writes it. */
export function written(value: Value): string {
  return spelled(value, "text");
}
