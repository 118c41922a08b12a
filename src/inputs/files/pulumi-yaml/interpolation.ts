import type { Step } from "../../../syntax/steps.ts";

/** What a text refers to: the name of something, and the way to a part of it. */
export interface Access {
  readonly root: string;
  readonly path: readonly Step[];
  /** As it is written, without `${` and `}`. */
  readonly text: string;
}

/**
 * A text in its plain parts and references (pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference, "Interpolation").
 * `$${` stands for `${`; what is no reference stays as it is.
 */
export function partsOf(text: string): readonly (string | Access)[] {
  const parts: (string | Access)[] = [];
  let plain = "";
  let at = 0;
  for (let start = text.indexOf("${"); start !== -1; start = text.indexOf("${", at)) {
    if (text[start - 1] === "$" && start > at) {
      plain += `${text.slice(at, start - 1)}\${`;
      at = start + 2;
      continue;
    }
    plain += text.slice(at, start);
    const access = accessAt(text, start + 2);
    if (access === undefined) {
      plain += "${";
      at = start + 2;
      continue;
    }
    if (plain !== "") parts.push(plain);
    plain = "";
    parts.push(access);
    at = start + 3 + access.text.length;
  }
  plain += text.slice(at);
  if (plain !== "" || parts.length === 0) parts.push(plain);
  return parts;
}

// `name` or `.name`, `[0]`, `["any text"]`.
const STEP = /\.?([^\s.[\]{}"$]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** The reference that starts behind `${`; undefined where that is none. */
function accessAt(text: string, start: number): Access | undefined {
  const steps: Step[] = [];
  STEP.lastIndex = start;
  while (text[STEP.lastIndex] !== "}" || steps.length === 0) {
    const found = STEP.exec(text);
    if (found === null) return undefined;
    const [, name, index, quoted] = found;
    steps.push(index === undefined ? (name ?? quoted?.replace(/\\(.)/g, "$1") ?? "") : Number(index));
  }
  const [root, ...path] = steps;
  return { root: String(root), path, text: text.slice(start, STEP.lastIndex) };
}
