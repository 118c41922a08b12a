import { JsonError, JsonScanner } from "../../json/scanner.ts";
import type { Deployment } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { explainingJsonErrors, type Input } from "../input.ts";
import { asObject, asText, type JsonObject, member } from "../json-value.ts";
import { nameOf } from "../name.ts";
import type { Reader } from "../reader.ts";
import { StackBuilder } from "./deployment.ts";
import { resourceState } from "./resource.ts";
import { Steps } from "./steps.ts";
import { parseUrn } from "./urn.ts";

/**
 * Reads the engine's events as they are streamed: JSON, one event after the other, which `pulumi up --json` and the event log
 * write; also as one list, or as `{"events": […]}`. Only the last word on each resource is kept in memory.
 */
export const pulumiEvents: Reader = {
  read(input: Input): readonly Deployment[] {
    const log = new EventLog(input.path);
    explainingJsonErrors(input, () =>
      input.withBytes((source) => {
        const scanner = new JsonScanner(source);
        try {
          readAll(scanner, log);
        } catch (error) {
          // A log may stop anywhere when its writer is stopped; what came before still holds.
          if (!(error instanceof JsonError) || !scanner.isAtEnd() || log.count === 0) throw error;
          log.isCut = true;
        }
      }),
    );
    return [log.deployment()];
  },
};

function readAll(scanner: JsonScanner, log: EventLog): void {
  if (scanner.isArray()) {
    for (const _ of scanner.elements()) log.add(scanner.parse());
    return;
  }
  while (!scanner.isAtEnd()) {
    const json = scanner.parse();
    const events = member(asObject(json), "events");
    if (Array.isArray(events)) for (const event of events) log.add(event);
    else log.add(json);
  }
}

/** What a log has said so far; the preview and the update of one `pulumi up` are told apart. */
class EventLog {
  count = 0;
  isCut = false;
  readonly #file: string;
  readonly #stack: StackBuilder;
  readonly #preview = new Steps();
  readonly #update = new Steps();
  /** The phase that the latest step belongs to has ended. */
  #isSummed = false;
  #isPreviewSummed = false;
  #isCancelled = false;

  constructor(file: string) {
    this.#file = file;
    this.#stack = new StackBuilder(file);
  }

  add(json: unknown): void {
    const event = asObject(json);
    if (event === undefined) {
      this.#stack.problem("error", `${this.#file} holds something that is no event of Pulumi's engine`);
      return;
    }
    this.count++;
    const step = asObject(member(event, "resourcePreEvent") ?? member(event, "resOutputsEvent"));
    if (step !== undefined) this.#step(step);
    const failed = asObject(member(event, "resOpFailedEvent"));
    if (failed !== undefined) this.#failure(asObject(member(failed, "metadata")));
    const summary = asObject(member(event, "summaryEvent"));
    if (summary !== undefined) this.#summary(summary);
    if (member(event, "cancelEvent") !== undefined) this.#isCancelled = true;
    if (member(event, "errorEvent") !== undefined) {
      this.#stack.problem(
        "error",
        `Pulumi's engine reported an error in ${this.#file}, so changes may be missing`,
      );
    }
  }

  #step(step: JsonObject): void {
    const metadata = asObject(member(step, "metadata"));
    const address = asText(member(metadata, "urn"));
    const op = asText(member(metadata, "op"));
    if (address === undefined || op === undefined || parseUrn(address) === undefined) {
      this.#stack.problem("error", `${this.#file} has an event that names no resource or no operation`);
      return;
    }
    const isPreview = member(step, "planning") === true;
    this.#isSummed = false;
    (isPreview ? this.#preview : this.#update).add({
      op,
      address,
      old: resourceState(member(metadata, "old")),
      next: resourceState(member(metadata, "new")),
    });
  }

  #failure(metadata: JsonObject | undefined): void {
    const address = asText(member(metadata, "urn")) ?? "a resource";
    this.#stack.problem("error", `the operation on ${address} failed, so ${this.#file} may lack changes`);
  }

  #summary(summary: JsonObject): void {
    this.#isSummed = true;
    if (this.#update.size === 0) this.#isPreviewSummed = true;
    if (member(summary, "maybeCorrupt") === true) {
      this.#stack.problem(
        "error",
        `Pulumi says that the run in ${this.#file} did not end in good order, so changes may be missing`,
      );
    }
  }

  deployment(): Deployment {
    if (this.count === 0) throw new InputError(`${this.#file} holds no event`, { file: this.#file });
    const isProposal = this.#preview.size > 0;
    // The update that followed a preview may have been cut off; the proposal is complete all the same.
    const isComplete = isProposal && this.#update.size > 0 ? this.#isPreviewSummed : this.#isSummed;
    if (!isComplete || (this.isCut && !isProposal)) {
      const where = this.isCut
        ? "in the middle of an event"
        : this.#isCancelled
          ? "with a cancellation"
          : "early";
      this.#stack.problem(
        "error",
        `${this.#file} ends ${where}, before the summary that closes a run, so changes may be missing`,
      );
    } else if (this.isCut) {
      this.#stack.problem("warning", `${this.#file} ends in the middle of an event, behind its summary`);
    }
    if (!isProposal && this.#update.size > 0) {
      this.#stack.problem(
        "warning",
        `${this.#file} tells of an update that has already run, not of a preview`,
      );
    }
    const steps = isProposal ? this.#preview : this.#update;
    return {
      ...steps.build(this.#stack, "pulumi-preview", nameOf(this.#file)),
      tellsDependencies: false,
    };
  }
}
