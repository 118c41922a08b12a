/** What an attribute of a resource is; undefined where it is not known yet. */
export type Known = (address: string, attribute: string) => string | undefined;

const REFERENCE =
  /\b((?:azurerm|azuread|aws|google|tls|random|kubernetes)_[a-z0-9_]+\.[A-Za-z_][\w-]*)\.([a-z_]+)\b/g;
const INTERPOLATED = new RegExp(`\\$\\{\\s*${REFERENCE.source}\\s*\\}`, "g");
const TEXT = /"(?:[^"\\]|\\.)*"/g;

/** HCL with what other resources' attributes are in the place of the references to them, as a program has it when it runs. */
export function literalReferences(hcl: string, known: Known): string {
  const inTexts = hcl.replace(INTERPOLATED, (whole, address: string, attribute: string) => {
    return known(address, attribute) ?? whole;
  });
  // Outside of texts a reference is an expression of its own.
  let written = "";
  let end = 0;
  for (const text of inTexts.matchAll(TEXT)) {
    written += withoutReferences(inTexts.slice(end, text.index), known) + text[0];
    end = text.index + text[0].length;
  }
  return written + withoutReferences(inTexts.slice(end), known);
}

function withoutReferences(code: string, known: Known): string {
  return code.replace(REFERENCE, (whole, address: string, attribute: string) => {
    const value = known(address, attribute);
    return value === undefined ? whole : JSON.stringify(value);
  });
}
