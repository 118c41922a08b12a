import type { Value } from "../model/value.ts";

/** What a plain scalar (one without quotes) means to those who read the file. */
export type ScalarRules = (text: string) => Value;

const NULLS: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);
const TRUE = ["true", "True", "TRUE"];
const FALSE = ["false", "False", "FALSE"];

const INTEGER = /^[-+]?\d+$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** The core schema of YAML 1.2 (yaml.org/spec/1.2.2/#103-core-schema), which also reads JSON. */
export const CORE: ScalarRules = rules(new Set(TRUE), new Set(FALSE), (text) => {
  if (INTEGER.test(text)) return exact(text, text);
  if (/^0o[0-7]+$|^0x[\da-fA-F]+$/.test(text)) return exact(text, text);
  return FLOAT.test(text) ? Number(text) : text;
});

/**
 * What kubectl and the libraries around it read: sigs.k8s.io/yaml is go-yaml 2, whose words and numbers are those of YAML 1.1,
 * without sexagesimals and with dates as texts (kubernetes-sigs/yaml, goyaml.v2/resolve.go). A bare `yes` or `on` is true,
 * `0644` is octal.
 */
export const KUBERNETES: ScalarRules = rules(
  new Set([...TRUE, "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"]),
  new Set([...FALSE, "n", "N", "no", "No", "NO", "off", "Off", "OFF"]),
  (text) => {
    if (!/^[-+.\d]/.test(text)) return text;
    const plain = text.startsWith(".") ? text : text.replaceAll("_", "");
    const [, sign = "", prefix = "", digits = ""] =
      /^([-+]?)(0[xX]|0[oO]|0[bB]|0(?=\d))?(\w+)$/.exec(plain) ?? [];
    const radix = RADIX[prefix.toLowerCase()];
    if (radix?.digits.test(digits)) {
      const value = exact(text, `${radix.prefix}${digits}`);
      return sign === "-" && typeof value === "number" ? -value : value;
    }
    if (prefix === "" && INTEGER.test(plain)) return exact(text, plain);
    return FLOAT.test(plain) ? Number(plain) : text;
  },
);

/** How Go writes numbers that are not decimal, and how JavaScript does. */
const RADIX: Readonly<Record<string, { readonly digits: RegExp; readonly prefix: string }>> = {
  "0x": { digits: /^[\da-f]+$/i, prefix: "0x" },
  "0o": { digits: /^[0-7]+$/, prefix: "0o" },
  "0": { digits: /^[0-7]+$/, prefix: "0o" },
  "0b": { digits: /^[01]+$/, prefix: "0b" },
};

/** A whole number; the text where a number could not hold it exactly, so that two of them are never mistaken for one. */
function exact(text: string, number: string): Value {
  const value = Number(number);
  return Number.isSafeInteger(value) ? value : text;
}

function rules(
  truths: ReadonlySet<string>,
  falsehoods: ReadonlySet<string>,
  number: (text: string) => Value,
): ScalarRules {
  return (text) => {
    if (NULLS.has(text)) return null;
    if (truths.has(text)) return true;
    return falsehoods.has(text) ? false : number(text);
  };
}
