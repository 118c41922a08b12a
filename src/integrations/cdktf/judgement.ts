import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { ListedStack } from "../../inputs/cdktf/stack-reader.ts";
import type { SourceLocation } from "../../model/change.ts";
import type { Finding, Verdict } from "../../model/report.ts";

/** How the app is to be judged; as `firebreak check` takes it. */
export interface JudgementOptions {
  readonly before?: string;
  readonly pack?: readonly string[];
  readonly config?: string;
}

/** What the app is told of its report; the whole of it, which may be large, stays where it was made. */
export interface Judged {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** One sentence on why there is no judgement. */
export interface Failure {
  readonly failure: string;
}

/** What the thread is told first: to make ready for an app, beside whose output a committed before-state is looked for. */
export interface Preparation {
  readonly app: number;
  readonly options: JudgementOptions;
  readonly directory: string;
}

/** What it is told next, of each stack that is written: it can be read while the app makes the others. */
export interface Written {
  readonly app: number;
  readonly written: ListedStack;
}

/** What it is asked then: to judge, and to tell the report, with where the constructs of its findings were made. */
export type Question = (
  | { readonly app: number; readonly stacks: readonly ListedStack[] }
  | { readonly app: number; readonly sources: readonly (SourceLocation | undefined)[] }
) & {
  /** Set to 1 and notified when the answer has been sent. */
  readonly answered: Int32Array;
};

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
  readonly #written = new Set<string>();

  constructor(options: JudgementOptions, directory: string) {
    thread ??= startThread();
    this.#thread = thread;
    const preparation: Preparation = { app: this.#app, options, directory };
    this.#thread.postMessage(preparation);
  }

  /** Tells of a stack that is written; that of each name once. */
  tell(stack: ListedStack): void {
    if (this.#written.has(stack.name)) return;
    this.#written.add(stack.name);
    const told: Written = { app: this.#app, written: stack };
    this.#thread.postMessage(told);
  }

  /** Judges, for which nothing else runs meanwhile. To be called once. */
  of(stacks: readonly ListedStack[]): Judged | Failure {
    return this.#answerTo<Judged>((answered) => ({ app: this.#app, stacks, answered }));
  }

  /**
   * The report as text, empty where it passes and has nothing to say. To be called once, after it was judged, with the
   * sources of the findings in their order.
   */
  told(sources: readonly (SourceLocation | undefined)[]): { readonly text: string } | Failure {
    return this.#answerTo<{ text: string }>((answered) => ({ app: this.#app, sources, answered }));
  }

  #answerTo<Answer>(question: (answered: Int32Array) => Question): Answer | Failure {
    const answered = new Int32Array(new SharedArrayBuffer(4));
    this.#thread.postMessage(question(answered));
    Atomics.wait(answered, 0, 0, LIMIT_MS);
    const received: { message: Answer | Failure } | undefined = receiveMessageOnPort(this.#thread);
    return received?.message ?? { failure: "the judgement did not come to an end, so nothing was judged" };
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
