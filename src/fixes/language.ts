import type { Edit } from "./edits.ts";
import type { Place, Scalar, Written } from "./written.ts";

/** What is written into a file: a scalar, a list, or an object whose members stand in this order. */
export type Content = Scalar | readonly Content[] | { readonly [key: string]: Content };

/** An expression that is nothing but an attribute of another resource. */
export interface Reference {
  /** What that resource is, as the file calls it: `azurerm_key_vault_certificate`, `azure.keyvault.Certificate`. */
  readonly to: string;
  /** The attribute, and where its name stands. */
  readonly attribute: string;
  readonly start: number;
  readonly end: number;
}

/** A file that fixes can be written into. */
export interface Source {
  /**
   * The properties of the resource of a type (as findings name it) around an offset; undefined where there is none, its
   * properties are not written out there, or it is broken.
   */
  resourceAt(offset: number, type: string): Written | undefined;
  /** A name of Terraform's as this language writes it. */
  spell(name: string): string;
  /** A scalar as it is written in place of another: in the same quotes. */
  scalar(value: Scalar, instead?: Written): string;
  /** A member as it is written in a container. */
  member(container: Written, key: string, value: Scalar): string;
  /** Adds what is not there yet to the container of a place; undefined where there is no certain position for it. */
  add(place: Place, key: string, value: Content): readonly Edit[] | undefined;
  /** The reference that a value is; undefined where it is anything else. */
  reference(value: Written): Reference | undefined;
}

/** Reads a text; undefined where that is not possible. */
export type ReadSource = (text: string) => Source | undefined;

/** Files by their names, and what reads them, loaded when there is a finding to fix in one. */
const LANGUAGES: readonly { readonly name: RegExp; readonly load: () => Promise<ReadSource> }[] = [
  { name: /\.(?:tf|tofu)$/, load: async () => (await import("./hcl.ts")).loadHcl() },
  { name: /\.ya?ml$/i, load: async () => (await import("./yaml.ts")).yamlSource },
  // Terraform's JSON is what programs write, so that a fix in it would be overwritten.
  { name: /(?<!\.tf|\.tofu)\.json$/i, load: async () => (await import("./yaml.ts")).jsonSource },
  { name: /(?<!\.d)\.[cm]?[jt]sx?$/, load: async () => (await import("./program.ts")).loadProgram() },
];

const loaded = new Map<RegExp, Promise<ReadSource>>();

/** What reads a file of this name; undefined where fixes are written into no such files. */
export function sourceReader(file: string): Promise<ReadSource> | undefined {
  const language = LANGUAGES.find(({ name }) => name.test(file));
  if (language === undefined) return undefined;
  const reader = loaded.get(language.name) ?? language.load();
  loaded.set(language.name, reader);
  return reader;
}
