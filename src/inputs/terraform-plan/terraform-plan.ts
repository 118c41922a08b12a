import { translateTerraform } from "../../dialects/terraform-kubernetes.ts";
import type { Picker } from "../../json/picker.ts";
import { JsonError, JsonScanner } from "../../json/scanner.ts";
import type { Change } from "../../model/change.ts";
import type { Deployment, Edge, Problem } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { explainingJsonErrors, type Input } from "../input.ts";
import { nameOf } from "../name.ts";
import { lockedBeside, providerMajors } from "../provider-version.ts";
import type { Reader } from "../reader.ts";
import { actionOf } from "./action.ts";
import { Arena, type KeptText } from "./arena.ts";
import { Completeness } from "./completeness.ts";
import { configurationEdges, requiredProviders } from "./configuration.ts";
import { PlannedChange, PlanShared, type StateText } from "./planned-change.ts";
import { pastUnshown } from "./unshown.ts";

/**
 * Reads `terraform show -json` and `tofu show -json` of a plan, formats 0.1 to 1.x: a later minor version only adds
 * (developer.hashicorp.com/terraform/internals/json-format). The document is scanned, never parsed as a whole.
 */
export const terraformPlan: Reader = {
  read(input) {
    return [
      explainingJsonErrors(input, () => {
        const plan = new PlanReader(input);
        input.withBytes((source) => plan.scan(new JsonScanner(source)));
        return plan.deployment();
      }),
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

const DRIFT = { address: {}, change: { actions: {} } } as const;
const [DRIFT_ADDRESS, DRIFT_ACTIONS] = [0, 2] as const;

const NULL: KeptText = { bytes: Buffer.from("null"), start: 0, end: 4 };

class PlanReader {
  readonly #input: Input;
  readonly #arena = new Arena();
  #picker: Picker | undefined;
  #driftPicker: Picker | undefined;
  readonly #changes: PlannedChange[] = [];
  readonly #problems: Problem[] = [];
  #edges: readonly Edge[] = [];
  readonly #shared = new PlanShared();
  #hasChanges = false;
  #hasPlannedResources = false;
  readonly #completeness = new Completeness();

  constructor(input: Input) {
    this.#input = input;
  }

  scan(scanner: JsonScanner): void {
    for (const key of scanner.members()) this.#member(scanner, key);
    if (!scanner.isAtEnd())
      throw new JsonError("there is more text behind the JSON document", scanner.offset);
  }

  /** What was scanned, with what is wrong with it. */
  deployment(): Deployment {
    if (!this.#hasChanges && this.#hasPlannedResources) {
      this.#problem("has planned values but no resource_changes, so what would change cannot be told");
    }
    const remarks = this.#completeness.remarks((use) => this.#input.withBytes(use));
    for (const { message, severity } of remarks) this.#problem(message, severity);
    return {
      host: "terraform-plan",
      name: nameOf(this.#input.path),
      knows: "before-and-after",
      changes: this.#changes.map(inCanonicalDialect),
      edges: pastUnshown(this.#edges, this.#changes),
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
        this.#completeness.isErrored = scanner.parse() === true;
        break;
      case "complete": {
        const complete = scanner.parse();
        if (typeof complete === "boolean") this.#completeness.isComplete = complete;
        break;
      }
      default:
        scanner.skip();
    }
  }

  #configuration(configuration: unknown): void {
    this.#edges = configurationEdges(configuration);
    const majors = providerMajors(requiredProviders(configuration), () => lockedBeside(this.#input.path));
    for (const [name, major] of majors) this.#shared.setMajor(name, major);
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
    this.#completeness.mention(named, deferred);
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
    this.#driftPicker ??= scanner.picker(DRIFT);
    scanner.pick(this.#driftPicker);
    const address = scanner.picked(this.#driftPicker, DRIFT_ADDRESS);
    const actions = scanner.written(this.#driftPicker, DRIFT_ACTIONS) ?? "";
    // A plan that only refreshes lists here what `moved` blocks rename, and nothing was done to that.
    if (address !== undefined && actions.replace(/\s/g, "") !== '["no-op"]')
      this.#completeness.drift(address);
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
