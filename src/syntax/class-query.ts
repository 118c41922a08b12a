/** A class by its name, which may be known without its capitals. */
export interface ClassQuery {
  readonly name: string;
  readonly flags: "" | "i";
}

/**
 * The class that the bindings make of a resource's type: `azurerm_storage_account` → `StorageAccount`,
 * `data.azurerm_subnet` → `DataAzurermSubnet`. An `A` is added where the class would be called like the type of one of its
 * properties, and a letter behind a digit is a capital (`Aadb2CDirectory`), so capitals are not compared.
 */
export function classOfType(type: string, isData: boolean): ClassQuery {
  const [provider = "", ...words] = type.split("_");
  const name = (isData ? ["data", provider, ...words] : words).join("");
  return { name: `${escaped(name)}a?`, flags: "i" };
}

/** The class with exactly that name. */
export function classCalled(name: string): ClassQuery {
  return { name: escaped(name), flags: "" };
}

/** The text as a regular expression that matches it. */
export function escaped(text: string): string {
  return text.replace(/[^\w]/g, "\\$&");
}
