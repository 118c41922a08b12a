import { relative, resolve, sep } from "node:path";
import type { ListedStack } from "../../inputs/cdktf/stack-reader.ts";
import { unsupportedNode } from "../../node-version.ts";
import { annotate, type Located } from "./annotations.ts";
import { type App, manifestOf, type StackManifest, stacksOf } from "./app.ts";
import { Constructs } from "./constructs.ts";
import { Judgement, type JudgementOptions } from "./judgement.ts";
import { placeOf, watchPlaces } from "./places.ts";
import { watchWritten } from "./written.ts";

export interface GuardOptions {
  /** What exists now: a tfstate or a folder of them, an older synth, a plan, or `git:REV` for the synth committed there. */
  readonly before?: string;
  /** A pack's name, or the path of a module that has one; several are laid over one another. */
  readonly pack?: string | readonly string[];
  /** The configuration; without it the nearest `firebreak.yaml`, from the current directory upwards. */
  readonly config?: string;
}

/**
 * Has the app judged by each `app.synth()`, which then throws with the report where something mandatory is found or where
 * not all could be judged. Findings become annotations of their constructs too. To be called before the stacks are made,
 * so that findings name the line of the program. Throws an Error where the app or the options rule a judgement out.
 */
export function guard(app: App, options: GuardOptions = {}): void {
  const { before, config, pack = [] } = options;
  const objection = objectionTo(app, before);
  if (objection !== undefined) throw plainError(`Firebreak: ${objection}`);
  const judgementOptions: JudgementOptions = {
    pack: typeof pack === "string" ? [pack] : pack,
    ...(before !== undefined && { before }),
    ...(config !== undefined && { config }),
  };
  let judgement: Judgement | undefined = new Judgement(judgementOptions, app.outdir);
  watchPlaces(app);
  watchWritten(app, (stack) => judgement?.tell(listed(stack)));
  app.node.addValidation({
    validate() {
      judgement ??= new Judgement(judgementOptions, app.outdir);
      const said = judged(app, judgement);
      // The next synth of the same app is judged anew.
      judgement = undefined;
      return said;
    },
  });
}

/** Why there can be no judgement. */
function objectionTo(app: App, before: string | undefined): string | undefined {
  const unsupported = unsupportedNode();
  if (unsupported !== undefined) return unsupported;
  if (app.skipValidation === true)
    return "it judges when the app is validated, and this app has skipValidation: set it to false";
  if (before !== undefined && isWithin(before, app.outdir))
    return `before is ${before}, which this synth writes over: name a copy, a state, or git:REV for the committed one`;
  return undefined;
}

/** An error of the user's program: the calls inside this package, which is one long line, would only hide the sentence. */
function plainError(message: string): Error {
  const error = new Error(message);
  const [first, ...calls] = (error.stack ?? "").split("\n");
  error.stack = [first, ...calls.filter((call) => !call.includes(import.meta.filename))].join("\n");
  return error;
}

function isWithin(path: string, directory: string): boolean {
  const inside = relative(resolve(directory), resolve(path));
  return inside === "" || !(inside === ".." || inside.startsWith(`..${sep}`));
}

/** What was written, or for HCL, which nothing here reads, what would have been. */
function synthOf(app: App): readonly ListedStack[] {
  const stacks = stacksOf(app).map((stack) => {
    const one = listed(manifestOf(app, stack));
    return one.path.endsWith(".json") ? one : { ...one, document: plainJson(stack.toTerraform()) };
  });
  // As the manifest lists them when it is written.
  return stacks.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function listed({ name, synthesizedStackPath: path, dependencies }: StackManifest): ListedStack {
  return { name, path, dependencies, errors: [] };
}

/** As it would be written: without what JSON leaves out. */
function plainJson(value: unknown): { readonly [key: string]: unknown } {
  return JSON.parse(JSON.stringify(value));
}

/** Annotates what was found; gives the report where the app must not be deployed, and says it aloud where it may. */
function judged(app: App, judgement: Judgement): string[] {
  const answer = judgement.of(synthOf(app));
  if ("failure" in answer) return [`Firebreak: ${answer.failure}`];
  const constructs = new Constructs(app);
  const located = answer.findings.map((finding): Located => {
    const construct = constructs.of(finding);
    return { finding, construct, source: placeOf(construct) };
  });
  annotate(app, located);
  const told = judgement.told(located.map(({ source }) => source));
  if ("failure" in told) return [`Firebreak: ${told.failure}`];
  if (answer.verdict !== "passed") return [told.text.trim()];
  process.stderr.write(told.text);
  return [];
}
