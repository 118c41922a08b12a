import module from "node:module";
import { type MessagePort, workerData } from "node:worker_threads";
import { sentenceOf } from "./failure.ts";
import type { Answer, Preparation, Question } from "./judgement.ts";

/** The guard's thread: makes ready for each app, and answers once for each. */
const port: MessagePort = workerData;
const ready = new Map<number, ReturnType<typeof makeReady>>();
let isRehearsed = false;
let isAsked = false;

module.enableCompileCache();
port.on("message", async (request: Preparation | Question) => {
  if ("options" in request) {
    const made = makeReady(request);
    ready.set(request.app, made);
    await made;
    // What fails here fails again, and is said, when it matters.
    await rehearseOnce().catch(() => undefined);
    return;
  }
  isAsked = true;
  port.postMessage(await answerTo(request));
  Atomics.store(request.answered, 0, 1);
  Atomics.notify(request.answered, 0);
});

/** Gives what judges the app, or why it cannot be: nobody listens before the app is synthesised. */
async function makeReady({ options, directory }: Preparation) {
  try {
    const { judgeFor } = await import("./judge.ts");
    return { judge: await judgeFor(options, directory) };
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

async function answerTo({ app, synth }: Question): Promise<Answer> {
  const made = await ready.get(app);
  ready.delete(app);
  if (made === undefined) return { failure: "the app was not made ready for, so nothing was judged" };
  if (!("judge" in made)) return made;
  try {
    return { report: made.judge(synth) };
  } catch (error) {
    return { failure: sentenceOf(error) };
  }
}
