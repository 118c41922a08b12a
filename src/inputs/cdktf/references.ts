import { asList, asObject } from "../json-value.ts";
import { remembered } from "./remembered.ts";
import { endOfExpression, parseTemplate } from "./template.ts";

/** What an expression names: `azurerm_subnet.a["x"].id` is `azurerm_subnet`, `a`, key `"x"`, `id`. */
export interface Reference {
  /** Names in order, without instance keys. */
  readonly names: readonly string[];
  /** The instance key behind the resource's name, as an address spells it: `[0]`, `["x"]`. */
  readonly key: string | undefined;
  /** The instance key is the one of the resource that refers (`each.key`, `count.index`). */
  readonly sameKey: boolean;
}

/** Visits every reference in a block's properties; `//` and what only configures Terraform itself is passed over. */
export function eachReference(json: unknown, visit: (reference: Reference) => void): void {
  if (typeof json === "string") {
    if (isTemplate(json)) for (const reference of inText(json)) visit(reference);
    return;
  }
  if (Array.isArray(json)) {
    for (const item of asList(json)) eachReference(item, visit);
    return;
  }
  const object = asObject(json);
  if (object === undefined) return;
  for (const name of Object.keys(object)) {
    if (name === "//") continue;
    const item = object[name];
    // These hold references as they are, not as templates.
    if (name === "depends_on" || name === "replace_triggered_by") {
      for (const text of asList(item)) if (typeof text === "string") inBareReference(text, visit);
    } else eachReference(item, visit);
  }
}

const inText = remembered((text): readonly Reference[] => {
  const found: Reference[] = [];
  inTemplate(text, (reference) => found.push(reference));
  return found;
});

function inBareReference(text: string, visit: (reference: Reference) => void): void {
  if (text.includes("${")) inTemplate(text, visit);
  else inExpression(text, visit);
}

function isTemplate(text: string): boolean {
  return text.includes("${") || text.includes("%{");
}

function inTemplate(text: string, visit: (reference: Reference) => void): void {
  for (const part of parseTemplate(text)) if (typeof part !== "string") inExpression(part.expression, visit);
}

/** Templates inside quoted text inside templates: deeper than anybody writes. */
const MAX_NESTING = 20;

const NAME = /[A-Za-z_][\w-]*/y;
const STEP = /\s*\.\s*([A-Za-z_][\w-]*|\d+|\*)/y;
const INDEX = /\s*\[\s*(?:("(?:[^"\\$%]|\\.)*")|(\d+)|\*|(each\.(?:key|value)|count\.index))\s*\]/y;

/** Finds references by their shape alone, so that operators and functions that nothing evaluates hide none. */
function inExpression(text: string, visit: (reference: Reference) => void, nesting = 0): void {
  let at = 0;
  let isMember = false;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === '"') {
      at = inQuoted(text, at + 1, visit, nesting);
      continue;
    }
    NAME.lastIndex = at;
    const name = NAME.exec(text)?.[0];
    if (name === undefined) {
      isMember = char === "." || (isMember && /\s/.test(char));
      // A number such as `1e5` is no name.
      at += /\d/.test(char) ? (/^[\w.]+/.exec(text.slice(at, at + 64))?.[0].length ?? 1) : 1;
      continue;
    }
    at += name.length;
    const names = [name];
    let key: string | undefined;
    let sameKey = false;
    for (;;) {
      STEP.lastIndex = at;
      const step = STEP.exec(text);
      if (step !== null) {
        names.push(step[1] as string);
        at += step[0].length;
        continue;
      }
      INDEX.lastIndex = at;
      const index = INDEX.exec(text);
      if (index === null) break;
      at += index[0].length;
      if (names.length !== (names[0] === "data" ? 3 : 2)) continue;
      sameKey = index[3] !== undefined;
      key = index[1] !== undefined || index[2] !== undefined ? `[${index[1] ?? index[2]}]` : undefined;
    }
    if (!isMember && names.length > 1) visit({ names, key, sameKey });
    isMember = false;
  }
}

/** Templates inside quoted text; gives the index behind the closing quote. */
function inQuoted(text: string, at: number, visit: (reference: Reference) => void, nesting: number): number {
  while (at < text.length) {
    const char = text[at];
    if (char === "\\") at += 2;
    else if (char === '"') return at + 1;
    else if ((char === "$" || char === "%") && text.startsWith(`${char}{`, at + 1)) at += 3;
    else if ((char === "$" || char === "%") && text[at + 1] === "{") {
      const end = endOfExpression(text, at + 2);
      if (nesting < MAX_NESTING)
        inExpression(text.slice(at + 2, end < 0 ? text.length : end), visit, nesting + 1);
      at = end < 0 ? text.length : end + 1;
    } else at++;
  }
  return at;
}
