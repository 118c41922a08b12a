import type { Deployment } from "../../../model/deployment.ts";
import type { ChangedFile, FileKind } from "../kind.ts";
import type { Version } from "../version.ts";

/** Declarations make nothing, and what tests make is not deployed. */
const NO_PROGRAM = /\.d\.[cm]?ts$|\.(?:test|spec)\.[cm]?[jt]sx?$/;
/** Installed packages, what `cdktf get` generates and `cdktf synth` writes, and tests. */
const SKIPPED = /(?:^|\/)(?:node_modules|\.gen|cdktf\.out|__tests__|__mocks__)\//;

/** What a program that makes resources names: a package of Pulumi or CDKTF, or bindings that `cdktf get` made. */
const NAMES_PROVIDER = /@pulumi\/|\bcdkt[fn]\b|@cdkt[fn]\/|\.gen\/providers\//;

/** Programs of Pulumi and CDKTF in TypeScript and JavaScript. Each file is a deployment of its own. */
export const programFiles: FileKind = {
  identity: "content",
  claims: (path) => !NO_PROGRAM.test(path) && !SKIPPED.test(path),
  async read(files, version) {
    const texts = await Promise.all(files.map((file) => textOf(file, version)));
    const programs = files.flatMap((file, i) => {
      const text = texts[i];
      return text === undefined || !NAMES_PROVIDER.test(text) ? [] : [{ file, text }];
    });
    if (programs.length === 0) return [];
    const [{ loadGrammar }, { readProgram }] = await Promise.all([
      import("../../../syntax/grammar.ts"),
      import("./reader.ts"),
    ]);
    const grammar = await loadGrammar("typescript");
    const deployments: Deployment[] = [];
    for (const { file, text } of programs) deployments.push(await readProgram(file, text, version, grammar));
    return deployments;
  },
};

async function textOf({ path }: ChangedFile, version: Version): Promise<string | undefined> {
  return path === undefined ? undefined : version.text(path);
}
