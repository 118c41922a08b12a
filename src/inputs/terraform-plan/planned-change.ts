import { JsonError, parseBytes } from "../../json/scanner.ts";
import type { Action, Change, JsonText, Provider } from "../../model/change.ts";
import { InputError } from "../../model/errors.ts";
import type { Value } from "../../model/value.ts";
import type { KeptText } from "./arena.ts";
import { overlay } from "./overlay.ts";

/** One state of a resource as the plan writes it, with its marks: text, parsed only when somebody asks. */
export interface StateText extends KeptText {
  readonly unknown: KeptText | undefined;
  readonly sensitive: KeptText | undefined;
}

/** What the plan says of a resource beside its values. */
export interface PlannedHead {
  readonly address: string;
  readonly name: string;
  readonly type: string;
  readonly action: Action;
  readonly deferred: boolean;
  readonly providerName: string | undefined;
}

/** How many bytes of states may be held parsed at once: parsed, they take several times that. */
const PARSED_BUDGET = 8 * 1024 * 1024;

/** What the changes of one plan share. */
export class PlanShared {
  readonly #providers = new Map<string, Provider>();
  #budget = PARSED_BUDGET;

  /** A plan names its provider versions behind its changes, so changes look their provider up late. */
  setMajor(fullName: string, major: number): void {
    this.#providers.set(fullName, { name: shortName(fullName), major });
  }

  provider(fullName: string): Provider {
    let provider = this.#providers.get(fullName);
    if (provider === undefined) {
      provider = { name: shortName(fullName) };
      this.#providers.set(fullName, provider);
    }
    return provider;
  }

  /** Whether that many bytes may be kept parsed; takes them off the budget if so. */
  mayKeep(bytes: number): boolean {
    if (bytes > this.#budget) return false;
    this.#budget -= bytes;
    return true;
  }
}

/** `registry.terraform.io/hashicorp/azurerm` → `azurerm`. */
function shortName(fullName: string): string {
  return fullName.split("/").at(-1) ?? fullName;
}

interface ParsedStates {
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** The states parsed last, since whoever asks for the one asks for the other next. */
let latest: { readonly change: PlannedChange; readonly states: ParsedStates } | undefined;

/**
 * A change of a plan. Values of touched resources stay parsed while the plan's budget lasts, all others are parsed when asked
 * for: a plan may have tens of thousands, and hardly any is ever looked at.
 */
export class PlannedChange implements Change {
  readonly address: string;
  readonly name: string;
  readonly type: string;
  readonly nativeType: string;
  readonly action: Action;
  readonly deferred: boolean;
  readonly #providerName: string | undefined;
  readonly #shared: PlanShared;
  readonly #before: StateText | undefined;
  readonly #after: StateText | undefined;
  #kept: ParsedStates | undefined;

  constructor(
    head: PlannedHead,
    shared: PlanShared,
    before: StateText | undefined,
    after: StateText | undefined,
  ) {
    this.address = head.address;
    this.name = head.name;
    this.type = head.type;
    this.nativeType = head.type;
    this.action = head.action;
    this.deferred = head.deferred;
    this.#providerName = head.providerName;
    this.#shared = shared;
    this.#before = before;
    this.#after = after;
  }

  get provider(): Provider | undefined {
    return this.#providerName === undefined ? undefined : this.#shared.provider(this.#providerName);
  }

  get before(): Value | undefined {
    return this.#values().before;
  }

  get after(): Value | undefined {
    return this.#values().after;
  }

  text(): readonly JsonText[] {
    const after = this.#after;
    const before = this.#before === after ? undefined : this.#before;
    if (after === undefined) return before === undefined ? [] : [before];
    return before === undefined ? [after] : [after, before];
  }

  #values(): ParsedStates {
    if (this.#kept !== undefined) return this.#kept;
    if (latest?.change === this) return latest.states;
    const states = this.#read();
    const size = lengthOf(this.#before) + lengthOf(this.#after);
    if (this.action !== "keep" && this.#shared.mayKeep(size)) this.#kept = states;
    else latest = { change: this, states };
    return states;
  }

  #read(): ParsedStates {
    try {
      const after = readState(this.#after);
      return { before: this.#before === this.#after ? after : readState(this.#before), after };
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      // Reading the plan, only brackets were checked: what stands between them is looked at here for the first time.
      throw new InputError(`the plan's values of ${this.address} cannot be read: ${error.message}`);
    }
  }
}

function lengthOf(text: StateText | undefined): number {
  return text === undefined ? 0 : text.end - text.start;
}

function readState(text: StateText | undefined): Value | undefined {
  if (text === undefined) return undefined;
  const marks = (part: KeptText | undefined) => (part === undefined ? undefined : parsed(part));
  return overlay(parsed(text), marks(text.unknown), marks(text.sensitive));
}

function parsed({ bytes, start, end }: KeptText): unknown {
  return parseBytes(bytes.subarray(start, end));
}
