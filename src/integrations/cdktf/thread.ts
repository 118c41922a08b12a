import module from "node:module";
import { type MessagePort, workerData } from "node:worker_threads";
import { sentenceOf } from "../../model/errors.ts";
import type { Report } from "../../model/report.ts";
import type { Failure, Judged, Preparation, Question, Written } from "./judgement.ts";

/** The guard's thread: makes ready for each app, judges it once, and tells the report. */
const port: MessagePort = workerData;
const ready = new Map<number, ReturnType<typeof makeReady>>();
const reports = new Map<number, Report>();
let isRehearsed = false;
let isAsked = false;

module.enableCompileCache();
port.on("message", async (request: Preparation | Written | Question) => {
  if ("options" in request) {
    const made = makeReady(request);
    ready.set(request.app, made);
    await made;
    // What fails here fails again, and is said, when it matters.
    await rehearseOnce().catch(() => undefined);
    return;
  }
  if ("written" in request) {
    const made = await ready.get(request.app);
    if (made !== undefined && "judge" in made) made.ahead(request.written);
    return;
  }
  isAsked = true;
  const answer = await answerTo(request).catch((error: unknown): Failure => ({ failure: sentenceOf(error) }));
  port.postMessage(answer);
  Atomics.store(request.answered, 0, 1);
  Atomics.notify(request.answered, 0);
});

/** Gives what judges the app, or why it cannot be: nobody listens before the app is synthesised. */
async function makeReady({ options, directory }: Preparation) {
  try {
    const { judgeFor } = await import("./judge.ts");
    return await judgeFor(options, directory);
  } catch (error) {
    return { failure: sentenceOf(error) };
  }
}

/** Uses the time in which the app makes its constructs. */
async function rehearseOnce(): Promise<void> {
  if (isRehearsed) return;
  isRehearsed = true;
  const { rehearse } = await import("./rehearsal.ts");
  await rehearse(() => isAsked);
}

async function answerTo(question: Question): Promise<Judged | { readonly text: string } | Failure> {
  const { app } = question;
  if ("sources" in question) {
    const report = reports.get(app);
    reports.delete(app);
    const { textOf } = await import("./telling.ts");
    return report === undefined ? NOT_READY : { text: textOf(report, question.sources) };
  }
  const made = (await ready.get(app)) ?? NOT_READY;
  ready.delete(app);
  if (!("judge" in made)) return made;
  const report = made.judge(question.stacks);
  reports.set(app, report);
  return { verdict: report.verdict, findings: report.findings };
}

const NOT_READY: Failure = { failure: "the app was not made ready for, so nothing was judged" };
