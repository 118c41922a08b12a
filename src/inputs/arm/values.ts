import { maskCredential, UNKNOWN_SECRET } from "../../model/credentials.ts";
import { UNKNOWN, type Value } from "../../model/value.ts";
import { type JsonObject, toValue } from "../json-value.ts";

/** A resource as what-if shows it. */
export function armValue(state: JsonObject): Value {
  return toValue(state, armText);
}

function armText(text: string, key: string): Value {
  // What-if masks what the resource provider declares as secret with asterisks (github.com/Azure/arm-template-whatif).
  if (/^\*{3,}$/.test(text)) return UNKNOWN_SECRET;
  if (isExpression(text)) return UNKNOWN;
  // `[[` is how a template writes text that starts with a bracket.
  return maskCredential(text.startsWith("[[") && text.endsWith("]") ? text.slice(1) : text, key);
}

/**
 * Whether the text is a template expression that what-if did not resolve: `[reference(…)]`, `[parameters('x')]`. It starts
 * with a function or a literal, which a JSON list in text does not (learn.microsoft.com, template expressions).
 */
function isExpression(text: string): boolean {
  return /^\[\s*[A-Za-z_][\w.]*\s*\(/.test(text) && text.endsWith("]");
}
