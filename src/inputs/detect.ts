import { JsonScanner } from "../json/scanner.ts";
import { InputError } from "../model/errors.ts";
import { explainingJsonErrors, type Input } from "./input.ts";
import type { Reader } from "./reader.ts";

/** A kind of document: told by its top-level keys, read by a reader that is loaded only when it may be that kind. */
interface Kind {
  /** Whether a document with these top-level keys is of this kind, and the reader for it. */
  readonly load: (keys: readonly string[]) => Promise<Reader | undefined>;
}

const KINDS: readonly Kind[] = [
  {
    load: async (keys) =>
      isPlan(keys) ? (await import("./terraform-plan/terraform-plan.ts")).terraformPlan : undefined,
  },
  {
    load: async (keys) => {
      const { recognisePulumi } = await import("./pulumi/recognise.ts");
      switch (recognisePulumi(new Set(keys))) {
        case "pulumi-preview-digest":
          return (await import("./pulumi/preview.ts")).pulumiPreview;
        case "pulumi-events":
          return (await import("./pulumi/events.ts")).pulumiEvents;
        case "pulumi-state":
          return (await import("./pulumi/state.ts")).pulumiState;
        default:
          return undefined;
      }
    },
  },
  {
    load: async (keys) => {
      const { recogniseTerraformState, terraformState } = await import("./terraform-state.ts");
      return recogniseTerraformState(keys) ? terraformState : undefined;
    },
  },
  {
    load: async (keys) => {
      const { recogniseManifest, cdktfManifest } = await import("./cdktf/manifest.ts");
      return recogniseManifest(keys) ? cdktfManifest : undefined;
    },
  },
  {
    load: async (keys) => {
      const { recogniseSynth, cdktfSynth } = await import("./cdktf/synth.ts");
      return recogniseSynth(keys) ? cdktfSynth : undefined;
    },
  },
  {
    load: async (keys) => {
      const { recogniseWhatIf, armWhatIf } = await import("./arm/what-if.ts");
      return recogniseWhatIf(keys) ? armWhatIf : undefined;
    },
  },
];

/** The keys that only a plan has beside `format_version`, which states have too. */
const PLAN_KEYS: readonly string[] = [
  "resource_changes",
  "planned_values",
  "output_changes",
  "resource_drift",
  "deferred_changes",
  "relevant_attributes",
];

function isPlan(keys: readonly string[]): boolean {
  return keys.includes("format_version") && keys.some((key) => PLAN_KEYS.includes(key));
}

/**
 * Picks the reader for a document by what is in it, never by its name. What no reader reads is an InputError that says what
 * the document looks like and what was expected.
 */
export async function detect(input: Input): Promise<Reader> {
  const keys = explainingJsonErrors(input, () => topLevelKeys(input));
  for (const kind of KINDS) {
    const reader = await kind.load(keys);
    if (reader !== undefined) return reader;
  }
  const few = keys.slice(0, 5).join(", ");
  const what =
    keys.length === 0 ? "it holds no properties" : `its properties are ${few}${keys.length > 5 ? ", …" : ""}`;
  throw new InputError(`${input.path} is nothing that Firebreak judges (${what}): expected ${EXPECTED}`);
}

const EXPECTED =
  "a Terraform or OpenTofu plan (terraform show -json), a CDKTF synth, a Pulumi preview (--json) or an ARM what-if";

/** The keys of the document's outermost object; of a list or of lines of JSON, those of the first object. */
function topLevelKeys(input: Input): readonly string[] {
  return input.withBytes((source) => {
    const scanner = new JsonScanner(source, 64 * 1024);
    const first = scanner.peek();
    if (first === -1) throw new InputError(`${input.path} is empty`);
    if (scanner.isArray()) {
      for (const _ of scanner.elements()) {
        if (scanner.isObject()) return keysOf(scanner);
        break;
      }
      return [];
    }
    if (!scanner.isObject()) throw new InputError(`${input.path} ${oddity(first)}`);
    return keysOf(scanner);
  });
}

function keysOf(scanner: JsonScanner): readonly string[] {
  const keys: string[] = [];
  for (const key of scanner.members()) {
    keys.push(key);
    // A plan may be huge: once it is known to be one, the rest need not be looked at.
    if (isPlan(keys)) return keys;
    scanner.skip();
  }
  return keys;
}

/** What a document that does not start like a JSON object may be, by its first byte. */
function oddity(first: number): string {
  // A saved plan is a ZIP archive: PK.
  if (first === 0x50) {
    return "is not JSON: a saved plan is binary, so give what `terraform show -json` prints for it";
  }
  // A text, a number, true, false or null.
  const isValue = first === 0x22 || first === 0x2d || (first >= 0x30 && first <= 0x39);
  return `${isValue ? "is no JSON object" : "is not JSON"}: expected ${EXPECTED}`;
}
