import module from "node:module";
import { workerData } from "node:worker_threads";
import { sentenceOf } from "./failure.ts";
import type { Answer, Synth, ThreadData } from "./judgement.ts";

/** The guard's thread: makes ready, waits for the synth, answers once and ends. */
const { port, answered, options, directory }: ThreadData = workerData;

module.enableCompileCache();
const ready = import("./judge.ts")
  .then(({ makeReady }) => makeReady(options, directory))
  // Nobody listens before the app is synthesised.
  .catch((error: unknown) => ({ failure: sentenceOf(error) }));

port.once("message", async (synth: Synth) => {
  port.postMessage(await answerTo(synth));
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
  port.close();
});

async function answerTo(synth: Synth): Promise<Answer> {
  const judge = await ready;
  if ("failure" in judge) return judge;
  try {
    return { report: judge(synth) };
  } catch (error) {
    return { failure: sentenceOf(error) };
  }
}
