/** Property names whose values are credentials, whether or not the host marks them. */
const CREDENTIAL =
  /(?:password|client_?secret|secret_?key|access_?token|private_?key|connection_?string|access_?key)$/i;

/** What Pulumi writes around a secret instead of, or together with, its text. */
const PULUMI_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Shorter texts stand in reports by chance; the collected documents have REDACTED in place of what was real. */
const isTelling = (text: string) =>
  text.length >= 8 && !/REDACTED|^\[secret\]$|^\(known after apply\)$/.test(text);

/**
 * Every text that a document marks as secret, or that stands under the name of a credential; without those that the same
 * document tells in the open as the id or the name of something (a subscription's id is part of every resource's).
 */
export function secretsIn(document: string): readonly string[] {
  const found = new Set<string>();
  const open: string[] = [];
  for (const json of parsed(document)) {
    visit(json, undefined, found);
    visitNames(json, open);
  }
  return [...found].filter((secret) => !open.some((name) => name.includes(secret)));
}

function visitNames(json: unknown, open: string[]): void {
  if (typeof json !== "object" || json === null) return;
  for (const [key, value] of Object.entries(json)) {
    if (typeof value !== "string") visitNames(value, open);
    else if (key === "id" || key === "name") open.push(value);
  }
}

/** The document, or each line of it. */
function parsed(document: string): readonly unknown[] {
  const text = document.replace(/^\ufeff/, "");
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  }
}

function visit(json: unknown, key: string | undefined, found: Set<string>): void {
  if (Array.isArray(json)) {
    for (const item of json) visit(item, undefined, found);
    return;
  }
  if (typeof json === "string") {
    if (key !== undefined && CREDENTIAL.test(key) && json !== key && isTelling(json)) found.add(json);
    return;
  }
  if (typeof json !== "object" || json === null) return;
  const object = new Map(Object.entries(json));
  for (const [state, marks] of [
    ["before", "before_sensitive"],
    ["after", "after_sensitive"],
    ["values", "sensitive_values"],
  ] as const) {
    if (object.has(state)) marked(object.get(state), object.get(marks), found);
  }
  if (object.has(PULUMI_SIGNATURE)) {
    for (const name of ["plaintext", "ciphertext", "value"]) {
      const text = object.get(name);
      if (typeof text === "string") marked(unquoted(text), true, found);
    }
  }
  for (const [name, value] of object) visit(value, name, found);
}

/** Collects the texts of `value` where `marks`, which has the same shape, says true. */
function marked(value: unknown, marks: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    if (marks === true && isTelling(value)) found.add(value);
    return;
  }
  if (typeof value !== "object" || value === null || marks === undefined || marks === false) return;
  for (const [key, item] of Object.entries(value)) {
    // Pulumi's bridged providers list here which properties they filled in: names, which paths in a report have too.
    if (key === "__defaults") continue;
    const below: unknown = marks === true ? true : new Map(Object.entries(marks ?? {})).get(key);
    marked(item, below, found);
  }
}

/** Pulumi keeps the plain text of a secret as JSON. */
function unquoted(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
