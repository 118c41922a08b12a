import type { ByteSource } from "../../json/bytes.ts";
import type { Problem } from "../../model/deployment.ts";
import { leftOut } from "./left-out.ts";

/** What there is to say of a plan as a whole; what it is called goes before the message. */
type Remark = Pick<Problem, "severity" | "message">;

/** Runs over the bytes of the plan once more. */
type Rereading = (use: (source: ByteSource) => readonly string[]) => readonly string[];

/** Gathers from a plan whether it is the whole change, and says so if it is not. */
export class Completeness {
  /** Whether the run that made the plan ended with errors. */
  isErrored = false;
  /** What the plan says of itself; OpenTofu and Terraform before 1.8 say nothing. */
  isComplete: boolean | undefined;
  readonly #mentioned = new Set<string>();
  readonly #drifted: string[] = [];
  #deferred = 0;

  /** A resource has its place in the plan. */
  mention(address: string, deferred: boolean): void {
    this.#mentioned.add(address);
    if (deferred) this.#deferred++;
  }

  /** A resource is not as it was left. */
  drift(address: string): void {
    this.#drifted.push(address);
  }

  /** `read` is used only where the plan does not call itself complete. */
  remarks(read: Rereading): readonly Remark[] {
    const remarks: Remark[] = [];
    const say = (severity: Problem["severity"], message: string) => remarks.push({ severity, message });
    if (this.isErrored)
      say("error", "was made by a run that ended with errors, so it is not the whole change");
    if (this.#deferred > 0) {
      const what = this.#deferred === 1 ? "1 resource" : `${this.#deferred} resources`;
      say("warning", `leaves ${what} to a later plan (deferred), which has to be judged too`);
    }
    if (!this.isErrored) this.#sayWhatIsLeftOut(say, read);
    if (this.#drifted.length > 0) {
      const changed = fewOf(this.#drifted);
      say("warning", `reports changes made outside of it to ${changed}; this plan may undo them`);
    }
    return remarks;
  }

  #sayWhatIsLeftOut(say: (severity: Problem["severity"], message: string) => void, read: Rereading): void {
    // A plan that only refreshes mentions nothing.
    if (this.isComplete ?? this.#mentioned.size === 0) return;
    const left = read((source) => leftOut(source, this.#mentioned));
    if (left.length === 0 && (this.isComplete === undefined || this.#deferred > 0)) return;
    const which = left.length === 0 ? "" : `: it says nothing of ${fewOf(left)}`;
    say(
      "error",
      `was made for a part of the resources only (-target, -exclude)${which}; what depends on its changes may be left out, so judge a plan of all`,
    );
  }
}

function fewOf(addresses: readonly string[]): string {
  const more = addresses.length > 3 ? ` and ${addresses.length - 3} more` : "";
  return `${addresses.slice(0, 3).join(", ")}${more}`;
}
