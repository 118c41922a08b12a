import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { setUp } from "../../../src/config/setup.ts";
import { judge } from "../../../src/engine/judge.ts";
import { facetsOf, meaningOf } from "../../../src/engine/meaning.ts";
import { readPaths } from "../../../src/inputs/read.ts";
import type { Report } from "../../../src/model/report.ts";
import { analyzedResources } from "./calls.ts";
import {
  checkpoint,
  checkpointPath,
  engineEvents,
  eventLog,
  previewDigest,
  projectFile,
  stackExport,
} from "./documents.ts";
import { type BootOptions, Engine, type EngineRun } from "./engine.ts";
import type { StackChange } from "./stack-change.ts";
import type { ExampleStack } from "./stacks.ts";

const PACK = join(import.meta.dirname, "../../../packs/pulumi");

/** The forms in which `firebreak check` can be given a change of a stack. */
const DOCUMENTS = {
  "preview.json": previewDigest,
  "preview.events.jsonl": engineEvents,
  "event-log.jsonl": eventLog,
} as const;
export type Form = keyof typeof DOCUMENTS;
export const FORMS = Object.keys(DOCUMENTS).filter((name): name is Form => name in DOCUMENTS);

/** What is said of one change, on the command line for each of its documents and by the policy pack. */
export interface BothWays {
  readonly reports: Readonly<Record<Form, Report>>;
  readonly pack: EngineRun;
}

/** Has a change judged by `firebreak check --before STATE` and by the pack with the same state, in one project. */
export async function judgeBothWays({ change, config, before: source }: ExampleStack): Promise<BothWays> {
  const project = mkdtempSync(join(tmpdir(), "firebreak-parity-"));
  try {
    const write = (name: string, text: string): string => {
      const file = join(project, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    };
    write("Pulumi.yaml", projectFile(change));
    if (config !== undefined) write("firebreak.yaml", config);
    const before = write("before.json", stackExport(change));
    if (source === "backend") write(checkpointPath(change), checkpoint(change));
    const where =
      source === "file" ? { FIREBREAK_BEFORE: before } : { PULUMI_BACKEND_URL: pathToFileURL(project).href };
    const checked = async (form: Form) => check(project, write(form, DOCUMENTS[form](change)), before);
    return {
      reports: {
        "preview.json": await checked("preview.json"),
        "preview.events.jsonl": await checked("preview.events.jsonl"),
        "event-log.jsonl": await checked("event-log.jsonl"),
      },
      pack: await analyze(change, { PWD: project, ...where }),
    };
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** What `firebreak check FILE --before BEFORE` says in the project. */
async function check(project: string, file: string, before: string): Promise<Report> {
  const today = new Date().toISOString().slice(0, 10);
  const { settings, policies } = await setUp({ pack: [], from: project }, today);
  const { deployments, problems } = await readPaths([file], {
    before,
    isChange: meaningOf(facetsOf(policies)),
  });
  return judge(deployments, policies, settings, { today, version: "0.0.0", problems });
}

async function analyze(change: StackChange, env: BootOptions["env"] & object): Promise<EngineRun> {
  const { organization, project: name, stack } = change;
  await using engine = await Engine.boot(PACK, {
    organization,
    project: name,
    stack,
    env,
  });
  // The engine is there until it is done.
  return await engine.run(analyzedResources(change));
}
