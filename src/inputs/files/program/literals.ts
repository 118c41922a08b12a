import type { Node } from "web-tree-sitter";

const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** What a string, or a part of a template that is no expression, stands for. */
export function stringText(node: Node): string {
  return node.namedChildren.map(fragmentText).join("");
}

/** The text of one fragment or escape of a string or a template. */
export function fragmentText(part: Node): string {
  // In templates, every line break is a line feed (ECMA-262, 12.9.6).
  return part.type === "escape_sequence" ? unescaped(part.text.slice(1)) : part.text.replace(/\r\n?/g, "\n");
}

/** `x41`, `u0041`, `u{41}`, `n`: what stands behind a backslash (ECMA-262, 12.9.4). */
function unescaped(sequence: string): string {
  const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\})$/i.exec(sequence);
  const digits = code?.[1] ?? code?.[2] ?? code?.[3];
  const point = digits === undefined ? undefined : Number.parseInt(digits, 16);
  if (point !== undefined) return point <= 0x10ffff ? String.fromCodePoint(point) : sequence;
  if (/^[0-7]{1,3}$/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8));
  if (/^[\r\n\u2028\u2029]/.test(sequence)) return "";
  return Object.hasOwn(SIMPLE, sequence) ? (SIMPLE[sequence] as string) : sequence;
}

/** The value of a number as it is written; undefined for a BigInt. */
export function numberValue(text: string): number | undefined {
  const digits = text.replaceAll("_", "");
  if (/^0\d+$/.test(digits)) return /[89]/.test(digits) ? Number(digits) : Number.parseInt(digits, 8);
  const value = Number(digits);
  return Number.isNaN(value) ? undefined : value;
}
