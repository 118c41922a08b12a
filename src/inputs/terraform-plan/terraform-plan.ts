import { translateTerraform } from "../../dialects/terraform-kubernetes.ts";
import type { Picker } from "../../json/picker.ts";
import { JsonError, JsonScanner } from "../../json/scanner.ts";
import type { Change } from "../../model/change.ts";
import type { Deployment, Edge, Problem } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { explainingJsonErrors, type Input } from "../input.ts";
import { nameOf } from "../name.ts";
import type { Reader } from "../reader.ts";
import { actionOf } from "./action.ts";
import { Arena, type KeptText } from "./arena.ts";
import { configurationEdges, providerMajors } from "./configuration.ts";
import { PlannedChange, PlanShared, type StateText } from "./planned-change.ts";

/**
 * Reads `terraform show -json` and `tofu show -json` of a plan, formats 0.1 to 1.x: a later minor version only adds
 * (developer.hashicorp.com/terraform/internals/json-format). The document is scanned, never parsed as a whole.
 */
export const terraformPlan: Reader = {
  read(input) {
    return [
      explainingJsonErrors(input, () =>
        input.withBytes((source) => new PlanReader(input).read(new JsonScanner(source))),
      ),
    ];
  },
};

/** The parts of a resource change that are used, and their numbers. */
const PARTS = {
  address: {},
  mode: {},
  type: {},
  name: {},
  provider_name: {},
  deposed: {},
  change: {
    actions: {},
    before: {},
    after: {},
    after_unknown: {},
    before_sensitive: {},
    after_sensitive: {},
    importing: {},
  },
} as const;
const [ADDRESS, MODE, TYPE, NAME, PROVIDER_NAME, DEPOSED] = [0, 1, 2, 3, 4, 5] as const;
const [ACTIONS, BEFORE, AFTER, AFTER_UNKNOWN, BEFORE_SENSITIVE, AFTER_SENSITIVE, IMPORTING] = [
  7, 8, 9, 10, 11, 12, 13,
] as const;

const NULL: KeptText = { bytes: Buffer.from("null"), start: 0, end: 4 };

class PlanReader {
  readonly #input: Input;
  readonly #arena = new Arena();
  #picker: Picker | undefined;
  readonly #changes: PlannedChange[] = [];
  readonly #problems: Problem[] = [];
  readonly #drifted: string[] = [];
  #edges: readonly Edge[] = [];
  readonly #shared = new PlanShared();
  #hasChanges = false;
  #hasPlannedResources = false;

  constructor(input: Input) {
    this.#input = input;
  }

  read(scanner: JsonScanner): Deployment {
    for (const key of scanner.members()) this.#member(scanner, key);
    if (!scanner.isAtEnd())
      throw new JsonError("there is more text behind the JSON document", scanner.offset);
    if (!this.#hasChanges && this.#hasPlannedResources) {
      this.#problem("has planned values but no resource_changes, so what would change cannot be told");
    }
    if (this.#drifted.length > 0) {
      const few = this.#drifted.slice(0, 3).join(", ");
      const more = this.#drifted.length > 3 ? ` and ${this.#drifted.length - 3} more` : "";
      this.#problem(
        `reports changes made outside of it to ${few}${more}; this plan may undo them`,
        "warning",
      );
    }
    return {
      host: "terraform-plan",
      name: nameOf(this.#input.path),
      knows: "before-and-after",
      changes: this.#changes.map(inCanonicalDialect),
      edges: this.#edges,
      problems: this.#problems,
    };
  }

  #member(scanner: JsonScanner, key: string): void {
    switch (key) {
      case "format_version":
        this.#checkFormat(scanner.parse());
        break;
      case "resource_changes":
        this.#hasChanges ||= scanner.isArray();
        this.#each(scanner, key, () => this.#resourceChange(scanner));
        break;
      case "deferred_changes":
        this.#each(scanner, key, () => this.#deferredChange(scanner));
        break;
      case "resource_drift":
        this.#each(scanner, key, () => this.#drift(scanner));
        break;
      case "configuration":
        this.#configuration(scanner.parse());
        break;
      case "planned_values":
        this.#plannedValues(scanner);
        break;
      case "errored":
        if (scanner.parse() === true) {
          this.#problem("was made by a run that ended with errors, so it is not the whole change");
        }
        break;
      default:
        scanner.skip();
    }
  }

  #configuration(configuration: unknown): void {
    this.#edges = configurationEdges(configuration);
    for (const [name, major] of providerMajors(configuration)) this.#shared.setMajor(name, major);
  }

  #checkFormat(version: unknown): void {
    if (typeof version !== "string" || !/^\d+\.\d+/.test(version)) {
      throw new InputError(`${this.#input.path} has no usable format_version: expected text such as "1.2"`);
    }
    if (Number.parseInt(version, 10) > 1) {
      throw new InputError(
        `${this.#input.path} is a plan in format ${version}, which is newer than the 1.x that this version of Firebreak reads: update Firebreak`,
      );
    }
  }

  /** Runs over a list of objects, or null where the host writes that for nothing; anything else is a problem. */
  #each(scanner: JsonScanner, key: string, read: () => void): void {
    if (!scanner.isArray()) {
      if (scanner.parse() !== null) this.#problem(`has ${key} that are not a list, so they cannot be judged`);
      return;
    }
    for (const _ of scanner.elements()) {
      if (scanner.isObject()) read();
      else {
        scanner.skip();
        this.#problem(`has an element in ${key} that is not an object, which cannot be judged`);
      }
    }
  }

  #resourceChange(scanner: JsonScanner, deferred = false): void {
    this.#picker ??= scanner.picker(PARTS);
    const picker = this.#picker;
    scanner.pick(picker);
    const named = scanner.picked(picker, ADDRESS);
    const type = scanner.picked(picker, TYPE);
    if (named === undefined || type === undefined) {
      this.#problem(
        `has a resource change without ${named === undefined ? "address" : "type"}, which cannot be judged`,
      );
      return;
    }
    // What a failed replacement left behind has the address of the object that took its place.
    const deposed = scanner.picked(picker, DEPOSED);
    const address = deposed === undefined ? named : `${named} (deposed object ${deposed})`;
    const { bytes } = scanner;
    const actions = scanner.written(picker, ACTIONS) ?? "nothing";
    const importing = picker.has(IMPORTING) && !isNullAt(bytes, picker.start(IMPORTING));
    const action = actionOf(actions.replace(/\s/g, ""), importing, scanner.picked(picker, MODE));
    if (action === undefined) {
      this.#problem(
        `has an action that this version of Firebreak does not know, on ${address}: ${actions.slice(0, 60)}`,
      );
      return;
    }
    const after = this.#state(bytes, picker, AFTER, AFTER_SENSITIVE, AFTER_UNKNOWN);
    const before =
      action === "keep" && after !== undefined ? after : this.#state(bytes, picker, BEFORE, BEFORE_SENSITIVE);
    const planned = {
      address,
      type,
      name: scanner.picked(picker, NAME) ?? address,
      action,
      deferred,
      providerName: scanner.picked(picker, PROVIDER_NAME),
    };
    this.#changes.push(new PlannedChange(planned, this.#shared, before, after));
  }

  /** The bytes of one state with its marks; undefined where there is no such state. */
  #state(
    bytes: Buffer,
    picker: Picker,
    state: number,
    sensitive: number,
    unknown?: number,
  ): StateText | undefined {
    const unknowns = unknown === undefined ? undefined : this.#marks(bytes, picker, unknown);
    const isNull = !picker.has(state) || isNullAt(bytes, picker.start(state));
    if (isNull && unknowns === undefined) return undefined;
    const kept = isNull ? NULL : this.#arena.keep(bytes, picker.start(state), picker.end(state));
    return {
      bytes: kept.bytes,
      start: kept.start,
      end: kept.end,
      unknown: unknowns,
      sensitive: this.#marks(bytes, picker, sensitive),
    };
  }

  /** Marks that mark something: `false`, `{}` and `{"tags":{}}` are not worth keeping. */
  #marks(bytes: Buffer, picker: Picker, marks: number): KeptText | undefined {
    return picker.holdsTrue(marks)
      ? this.#arena.keep(bytes, picker.start(marks), picker.end(marks))
      : undefined;
  }

  #deferredChange(scanner: JsonScanner): void {
    let isRead = false;
    for (const key of scanner.members()) {
      if (key === "resource_change" && scanner.isObject()) {
        isRead = true;
        this.#resourceChange(scanner, true);
      } else scanner.skip();
    }
    if (!isRead) this.#problem("has a deferred change without resource_change, which cannot be judged");
  }

  #drift(scanner: JsonScanner): void {
    for (const key of scanner.members()) {
      const value = key === "address" ? scanner.text() : scanner.skip();
      if (value !== undefined) this.#drifted.push(value);
    }
  }

  /** Only whether there are any: the values themselves stand in `resource_changes` again. */
  #plannedValues(scanner: JsonScanner): void {
    if (!scanner.isObject()) {
      scanner.skip();
      return;
    }
    for (const key of scanner.members()) {
      if (key === "root_module" && scanner.isObject()) {
        for (const part of scanner.members()) {
          if (part === "resources" || part === "child_modules") this.#hasPlannedResources = true;
          scanner.skip();
        }
      } else scanner.skip();
    }
  }

  #problem(message: string, severity: Problem["severity"] = "error"): void {
    this.#problems.push({
      severity,
      message: `${this.#input.path} ${message}.`,
      source: { file: this.#input.path },
    });
  }
}

function isNullAt(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x6e; // `n` of null
}

/** A `kubernetes_manifest` as the Kubernetes object that it holds; anything else as it is. */
function inCanonicalDialect(change: PlannedChange): Change {
  if (change.type !== "kubernetes_manifest") return change;
  const before = translateTerraform(change.type, change.before);
  const after = translateTerraform(change.type, change.after);
  const { type, spell } = change.after === undefined ? before : after;
  if (type === change.type) return change;
  const { address, name, nativeType, action, deferred, provider } = change;
  return {
    address,
    name,
    type,
    nativeType,
    action,
    deferred,
    ...(provider !== undefined && { provider }),
    before: change.before === undefined ? undefined : before.value,
    after: change.after === undefined ? undefined : after.value,
    ...(spell !== undefined && { spell }),
  };
}
