/** How a document is called that came in through a pipe. */
export const STDIN = "standard input";

/** File names that say what a document is, not which deployment it belongs to. */
const GENERIC =
  /^(plan|tfplan|tf-plan|show|preview|what-?if|state|terraform|export|events|output|out|cdk\.tf|change|before|after)$/i;

/**
 * The deployment's name where its host does not tell one: the file's name without its endings, or its directory's where
 * the file is only called `plan.json`. Taken from the path as the user wrote it, so that no machine shows in a report.
 */
export function nameOf(path: string): string {
  if (path === STDIN) return "stdin";
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== "." && part !== "..");
  const file = (parts.at(-1) ?? path).replace(
    /(\.out|\.tf|\.tfplan|\.tfstate)?\.(json|jsonl|ndjson|tfstate)$/i,
    "",
  );
  const directory = parts.at(-2);
  return GENERIC.test(file) && directory !== undefined ? directory : file;
}
