/** Words by which the name of a file says that it gives a template its parameters. */
const WORD = /[._-](?:parameters?|params?)(?:[._-]|$)/i;

/** Whether a file, by its name, gives parameters: `app.parameters.json`, `app.prod.params.json`, `app-parameters.json`. */
export function isParameterFile(name: string): boolean {
  return /\.json$/i.test(name) && WORD.test(name.replace(/\.json$/i, ""));
}

/**
 * The template among files of one directory that a parameters file is for: the one whose name it starts with, the longest of
 * several. Undefined where there is none.
 */
export function templateFor(parameterFile: string, files: readonly string[]): string | undefined {
  const file = parameterFile.toLowerCase();
  const fits = (template: string) => {
    const base = template.slice(0, -".json".length).toLowerCase();
    return file.startsWith(base) && /[._-]/.test(file[base.length] ?? "");
  };
  return files
    .filter((name) => /\.json$/i.test(name) && !isParameterFile(name) && fits(name))
    .sort((one, other) => other.length - one.length)[0];
}
