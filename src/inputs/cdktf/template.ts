/** A template's part: plain text, or the expression between `${` and `}`. */
export type TemplatePart = string | { readonly expression: string };

/**
 * Splits a string of Terraform's JSON syntax into text and expressions; `$${` and `%%{` stand for themselves. A string with
 * directives (`%{ if … }`) or an expression without end is one expression as a whole, since its text is decided elsewhere.
 */
export function parseTemplate(text: string): readonly TemplatePart[] {
  if (!text.includes("${") && !text.includes("%{")) return text === "" ? [] : [text];
  const parts: TemplatePart[] = [];
  let plain = "";
  let at = 0;
  let isTrimming = false;
  while (at < text.length) {
    const start = nextMarker(text, at);
    plain += isTrimming ? text.slice(at, start).trimStart() : text.slice(at, start);
    isTrimming = false;
    if (start === text.length) break;
    const mark = text[start] as string;
    if (text.startsWith(`${mark}${mark}{`, start)) {
      plain += `${mark}{`;
      at = start + 3;
      continue;
    }
    const end = mark === "$" ? endOfExpression(text, start + 2) : -1;
    if (end < 0) return [{ expression: text }];
    const expression = text.slice(start + 2, end);
    // `~` takes away the white space on its side.
    if (expression.startsWith("~")) plain = plain.trimEnd();
    isTrimming = expression.endsWith("~");
    if (plain !== "") parts.push(plain);
    plain = "";
    parts.push({ expression: expression.replace(/^~|~$/g, "") });
    at = end + 1;
  }
  if (plain !== "") parts.push(plain);
  return parts;
}

/** Where the next `${`, `$${`, `%{` or `%%{` starts. */
function nextMarker(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char !== "$" && char !== "%") continue;
    if (text[at + 1] === "{" || (text[at + 1] === char && text[at + 2] === "{")) return at;
  }
  return text.length;
}

/** The index of the `}` that closes the expression which starts at `at`; -1 where it does not end. */
export function endOfExpression(text: string, at: number): number {
  // What each open bracket goes back to when it closes: quoted text or an expression.
  const around: ("text" | "expression")[] = [];
  let inText = false;
  for (; at < text.length; at++) {
    const char = text[at];
    if (inText) {
      if (char === "\\") at++;
      else if (char === '"') inText = false;
      else if ((char === "$" || char === "%") && text[at + 1] === "{") {
        around.push("text");
        inText = false;
        at++;
      } else if ((char === "$" || char === "%") && text.startsWith(`${char}{`, at + 1)) at += 2;
    } else if (char === '"') inText = true;
    else if (char === "{") around.push("expression");
    else if (char === "}") {
      const outer = around.pop();
      if (outer === undefined) return at;
      inText = outer === "text";
    }
  }
  return -1;
}
