import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { ListedStack } from "../../inputs/cdktf/manifest.ts";
import type { Report } from "../../model/report.ts";

/** How the app is to be judged; as `firebreak check` takes it. */
export interface JudgementOptions {
  readonly before?: string;
  readonly pack?: readonly string[];
  readonly config?: string;
}

/** What was synthesised. */
export interface Synth {
  readonly stacks: readonly ListedStack[];
  readonly directory: string;
}

/** What comes back: the report, or one sentence on why there is none. */
export type Answer = { readonly report: Report } | { readonly failure: string };

/** What the thread is asked first: to make ready for an app. */
export interface Preparation {
  readonly app: number;
  readonly options: JudgementOptions;
  /** The app's output folder, beside which a committed before-state is looked for. */
  readonly directory: string;
}

/** What it is asked then. */
export interface Question {
  readonly app: number;
  readonly synth: Synth;
  /** Set to 1 and notified when the answer has been sent. */
  readonly answered: Int32Array;
}

/** More than any app needs; a judgement that takes longer has gone wrong. */
const LIMIT_MS = 10 * 60_000;

let thread: MessagePort | undefined;
let apps = 0;

/**
 * Judges one synth, in a thread beside the app's own. `app.synth()` is synchronous while reading, configuration and packs are
 * not, and the thread has loaded them, with the before-state, by the time that the app has made its constructs.
 */
export class Judgement {
  readonly #app = apps++;
  readonly #thread: MessagePort;

  constructor(options: JudgementOptions, directory: string) {
    thread ??= startThread();
    this.#thread = thread;
    this.#ask({ app: this.#app, options, directory });
  }

  /** Waits for the answer, for which nothing else runs meanwhile. To be called once. */
  of(synth: Synth): Answer {
    const answered = new Int32Array(new SharedArrayBuffer(4));
    this.#ask({ app: this.#app, synth, answered });
    Atomics.wait(answered, 0, 0, LIMIT_MS);
    const received: { message: Answer } | undefined = receiveMessageOnPort(this.#thread);
    return received?.message ?? { failure: "the judgement did not come to an end, so nothing was judged" };
  }

  #ask(request: Preparation | Question): void {
    this.#thread.postMessage(request);
  }
}

/** One thread serves all apps of the process. Nobody needs to end it: it does not keep the process alive. */
function startThread(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL("./cdktf-thread.js", import.meta.url), {
    workerData: port2,
    transferList: [port2],
    // Loaders of the app's own language (ts-node, tsx) are not for this thread.
    execArgv: [],
    // One short burst of work: room for what it makes spares most of the cleaning up in between.
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
  worker.unref();
  port1.unref();
  return port1;
}
