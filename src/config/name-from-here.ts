import { relative, resolve } from "node:path";

/** The file as one names it in the current directory; one that lies elsewhere by its whole path. */
export function nameFromHere(file: string): string {
  const name = relative(resolve("."), file);
  return name.startsWith("..") ? file : name;
}
