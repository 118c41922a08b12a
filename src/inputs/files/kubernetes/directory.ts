import { posix } from "node:path";
import type { Change } from "../../../model/change.ts";
import type { Deployment, Problem } from "../../../model/deployment.ts";
import type { Suppression } from "../../../model/suppression.ts";
import { stepsOf } from "../../../syntax/steps.ts";
import { narrowest, type Written } from "../../../syntax/written.ts";
import { deploymentName } from "../kind.ts";
import type { Version } from "../version.ts";
import { addressed } from "./addresses.ts";
import type { ManifestText } from "./kubernetes.ts";
import { patchesAround } from "./kustomize.ts";
import { at } from "./member.ts";
import { type KubernetesObject, type Manifest, manifestOf } from "./objects.ts";
import { edgesBetween } from "./references.ts";
import { isBrokenByTemplate, isChartTemplate } from "./templates.ts";

/** Reads the manifests of one directory, which are one deployment; `isComplete` where they are all that lie there. */
export async function readDirectory(
  directory: string,
  texts: readonly ManifestText[],
  isComplete: boolean,
  version: Version,
): Promise<Deployment> {
  const patches = await patchesAround(directory, version);
  const found: { readonly file: string; readonly object: KubernetesObject }[] = [];
  const problems: Problem[] = [];
  const suppressions: Suppression[] = [];
  for (const text of texts) {
    const manifest = await readText(text, patches.get(text.path), version);
    const file = posix.basename(text.name);
    found.push(...manifest.objects.map((object) => ({ file, object })));
    // What did not change is not judged: neither are its faults those of the change, nor does it need comments.
    problems.push(...(text.isChanged ? manifest.problems : manifest.problems.map(asWarning)));
    if (text.isChanged) suppressions.push(...manifest.suppressions);
  }
  const name = deploymentName(directory);
  if (!isComplete) {
    const message = `${name} holds more manifests than are read beside those that changed, so not all that depends on them is known.`;
    problems.push({ message, source: { file: name }, severity: "warning" });
  }
  const objects = addressed(found);
  const written = new Map<string, Written>(objects.map(({ address, object }) => [address, object.written]));
  return {
    host: "git-diff",
    name,
    knows: "after-only",
    changes: objects.map(({ address, file, object }) => changeOf(address, file, object)),
    edges: edgesBetween(objects),
    problems,
    directives: { hiddenModules: [], moved: [], forgotten: [], ignored: new Map(), openInstances: [] },
    locate: ({ address }, property) => {
      const one = written.get(address);
      return one === undefined ? undefined : narrowest(one, stepsOf(property));
    },
    suppressions,
  };
}

function changeOf(address: string, file: string, object: KubernetesObject): Change {
  const { apiVersion, kind, value, written } = object;
  const type = `${apiVersion}/${kind}`;
  return {
    address,
    name: object.name ?? file,
    type,
    nativeType: type,
    action: "create",
    before: undefined,
    after: value,
    provider: { name: "kubernetes" },
    source: written.place,
  };
}

function asWarning(problem: Problem): Problem {
  return { ...problem, severity: "warning" };
}

/** Files that are read in both versions where they did not change: parsed once. */
const parsed = new Map<string, Manifest>();
const MOST_PARSED = 500;

/** What a file holds, without what is not an object of its own: a template, or a patch, which leaves out what it does not change. */
async function readText(
  { name, path, text, isChanged }: ManifestText,
  kustomization: string | undefined,
  version: Version,
): Promise<Manifest> {
  const leftOut = (why: string): Manifest => {
    const problem: Problem = {
      message: `${name} ${why}.`,
      source: { file: name },
      severity: "warning",
      hides: true,
    };
    return { objects: [], problems: isChanged ? [problem] : [], suppressions: [] };
  };
  if (await isChartTemplate(path, text, version)) return leftOut(IS_TEMPLATE);
  if (kustomization !== undefined) return leftOut(isPatch(kustomization));
  const key = `${name}\n${text}`;
  let manifest = parsed.get(key);
  if (manifest === undefined) {
    manifest = manifestOf(name, text);
    if (parsed.size >= MOST_PARSED) parsed.clear();
    if (!isChanged) parsed.set(key, manifest);
  }
  if (isBrokenByTemplate(text, manifest.problems)) return leftOut(IS_TEMPLATE);
  const objects = manifest.objects.filter(({ value }) => at(value, "$patch") === undefined);
  if (objects.length === manifest.objects.length) return manifest;
  const { problems } = leftOut(isPatch("Kustomize"));
  return { ...manifest, objects, problems: [...manifest.problems, ...problems] };
}

const IS_TEMPLATE = "is a template and not judged: judge what `helm template` makes of it";

function isPatch(of: string): string {
  return `is a patch of ${of} and not judged, since what it leaves out is set elsewhere: judge what \`kustomize build\` makes of it`;
}
