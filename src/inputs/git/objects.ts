import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { InputError } from "../../model/errors.ts";
import { startGit } from "./process.ts";

/** An object of the repository: its content, or that it is larger than what is read. */
export interface GitObject {
  readonly id: string;
  readonly type: string;
  readonly bytes: Uint8Array | undefined;
}

/** Larger files are generated; nobody judges a line of them. */
const MAX_OBJECT_BYTES = 16 * 1024 * 1024;

interface Request {
  readonly name: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Reads objects by one `git cat-file --batch`, started when the first one is asked for (git-scm.com/docs/git-cat-file, "Batch
 * output"): it answers in the order of the questions, each with a line that names the object, its type and size, its
 * content and a line end.
 */
export class GitObjects {
  readonly #directory: string;
  #git: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  readonly #waiting: Request[] = [];
  /** What is not written to git yet. */
  #asked = "";
  #parts: Buffer[] = [];
  #held = 0;
  /** Of the answer that is coming in: what its first line says, and how much is to be passed over. */
  #header: { readonly id: string; readonly type: string; readonly size: number } | undefined;
  #skip = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * The object by its id, or by another name without line ends; undefined where there is none. Rejects with an InputError
   * where git fails.
   */
  read(name: string): Promise<GitObject | undefined> {
    const git = this.#start();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, resolve, reject });
      // What is asked at once is one write: each takes as long as reading a small file.
      if (this.#asked === "") setImmediate(() => git.stdin.write(this.#taken()));
      this.#asked += `${name}\n`;
    });
  }

  #taken(): string {
    const asked = this.#asked;
    this.#asked = "";
    return asked;
  }

  /** Ends the process, if there is one. */
  close(): void {
    this.#git?.stdin.end();
  }

  #start(): ChildProcessByStdio<Writable, Readable, Readable> {
    if (this.#git !== undefined) return this.#git;
    const git = startGit(this.#directory, "cat-file", "--batch");
    const fail = (why: string) => {
      for (const { name, reject } of this.#waiting.splice(0))
        reject(new InputError(`git cannot read ${name}: ${why}`));
    };
    let said = "";
    git.stderr.on("data", (part: Buffer) => {
      said += part.toString("utf8");
    });
    git.on("error", (error) => fail(error.message));
    git.stdin.on("error", () => undefined); // its end is told below
    git.on("close", (code) => fail(said.split("\n", 1)[0] || `it ended with ${code}`));
    git.stdout.on("data", (part: Buffer) => {
      this.#parts.push(part);
      this.#held += part.length;
      this.#answer();
    });
    this.#git = git;
    return git;
  }

  /** Answers what can be answered with the bytes that came in. */
  #answer(): void {
    for (;;) {
      if (this.#skip > 0) {
        const passed = this.#take(Math.min(this.#skip, this.#held)).length;
        this.#skip -= passed;
        if (this.#skip > 0) return;
      }
      const header = this.#header ?? this.#nextHeader();
      if (header === undefined) return;
      this.#header = header;
      const { id, type, size } = header;
      if (size > MAX_OBJECT_BYTES) {
        this.#skip = size + 1;
        this.#answered({ id, type, bytes: undefined });
      } else if (this.#held > size) {
        const bytes = this.#take(size + 1).subarray(0, size);
        this.#answered({ id, type, bytes });
      } else return;
    }
  }

  #answered(object: GitObject | undefined): void {
    this.#header = undefined;
    this.#waiting.shift()?.resolve(object);
  }

  /** The first line of an answer, where it is there; those that say that there is no object are answered here. */
  #nextHeader(): { id: string; type: string; size: number } | undefined {
    for (;;) {
      const bytes = this.#all();
      const end = bytes.indexOf(0x0a);
      if (end < 0) return undefined;
      const line = this.#take(end + 1)
        .subarray(0, end)
        .toString("utf8");
      const [, id, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line) ?? [];
      if (id !== undefined && type !== undefined) return { id, type, size: Number(size) };
      this.#answered(undefined); // `NAME missing`, `NAME ambiguous`
    }
  }

  #all(): Buffer {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0] ?? Buffer.alloc(0);
  }

  #take(count: number): Buffer {
    const bytes = this.#all();
    this.#parts = [bytes.subarray(count)];
    this.#held -= count;
    return bytes.subarray(0, count);
  }
}
