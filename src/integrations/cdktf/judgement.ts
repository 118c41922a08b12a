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

/** What the thread is started with. */
export interface ThreadData {
  readonly options: JudgementOptions;
  /** The app's output folder, beside which a committed before-state is looked for. */
  readonly directory: string;
  readonly port: MessagePort;
  /** Set to 1 and notified when the answer is there. */
  readonly answered: Int32Array;
}

/** More than any app needs; a judgement that takes longer has gone wrong. */
const LIMIT_MS = 10 * 60_000;

/**
 * Judges a synth in a thread of its own. `app.synth()` is synchronous while reading, configuration and packs are not, and the
 * thread has loaded them, with the before-state, by the time that the app has made its constructs.
 */
export class Judgement {
  readonly #port: MessagePort;
  readonly #answered = new Int32Array(new SharedArrayBuffer(4));

  constructor(options: JudgementOptions, directory: string) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: ThreadData = { options, directory, port: port2, answered: this.#answered };
    const thread = new Worker(new URL("./cdktf-thread.js", import.meta.url), {
      workerData,
      transferList: [port2],
      // Loaders of the app's own language (ts-node, tsx) are not for this thread.
      execArgv: [],
      // One short burst of work: room for what it makes spares most of the cleaning up in between.
      resourceLimits: { maxYoungGenerationSizeMb: 128 },
    });
    // An app that is never synthesised must end all the same.
    thread.unref();
    port1.unref();
  }

  /** Waits for the thread's answer, for which nothing else runs meanwhile. To be called once. */
  of(synth: Synth): Answer {
    this.#port.postMessage(synth);
    Atomics.wait(this.#answered, 0, 0, LIMIT_MS);
    const received: { message: Answer } | undefined = receiveMessageOnPort(this.#port);
    this.#port.close();
    return received?.message ?? { failure: "the judgement did not come to an end, so nothing was judged" };
  }
}
