/**
 * How the names of files end that may describe infrastructure, by what they are written in: what is judged at all, and for which
 * commits the hook starts anything.
 */
export const ENDINGS = {
  terraform: ["tf", "tf.json", "tfvars", "tfvars.json", "tofu", "tofu.json"],
  yaml: ["yaml", "yml"],
  json: ["json"],
  program: ["cjs", "cts", "js", "jsx", "mjs", "mts", "ts", "tsx"],
} as const;

/** All of them, as what stands behind the last dot; sorted. */
export const EXTENSIONS: readonly string[] = [
  ...new Set(Object.values(ENDINGS).flatMap((all) => all.map((one) => one.replace(/^.*\./, "")))),
].sort();

/** A test for names with one of these endings; the flag `i` where what reads the files takes them in capitals too. */
export function endingIn(endings: readonly string[], flags: "" | "i" = ""): RegExp {
  return new RegExp(`\\.(?:${endings.map((one) => one.replaceAll(".", "\\.")).join("|")})$`, flags);
}
