import type { ChangeSpec, Scene } from "../../support/harness.ts";
import type { Block, PolicyDocument } from "./markdown.ts";
import { type Described, described, LANGUAGES, type Resource } from "./resources.ts";

/** A change that a document shows: to be refused, or to be let through. */
export interface Example {
  readonly kind: "avoid" | "prefer";
  readonly before: Block | undefined;
  readonly after: Block | undefined;
  /** The `firebreak.yaml` that the document shows before it. */
  readonly config: Block | undefined;
  /** `file:line`, for messages. */
  readonly at: string;
}

/**
 * The examples of a document. A `before` and the `after` behind it, of one language and kind, are one change; an `after`
 * alone is created, and a `before` with no `after` behind it is deleted. `yaml config` is the configuration for all examples
 * behind it. Blocks whose info string is only a language illustrate.
 */
export function examplesOf(document: PolicyDocument): readonly Example[] {
  const examples: Example[] = [];
  let open: Block | undefined;
  let config: Block | undefined;
  const close = (after?: Block) => {
    const first = open ?? after;
    if (first !== undefined) {
      examples.push({ kind: kindOf(first), before: open, after, config, at: first.at });
    }
    open = undefined;
  };
  for (const block of document.blocks) {
    if (block.info.length < 2) continue;
    if (block.info.join(" ") === "yaml config") {
      close();
      config = block;
      continue;
    }
    checkInfo(block);
    const [language, kind, state] = block.info;
    const isPair = state === "after" && open?.info[0] === language && open?.info[1] === kind;
    if (!isPair) close();
    if (state === "before") open = block;
    else close(block);
  }
  close();
  return examples;
}

function checkInfo(block: Block): void {
  const [language = "", kind = "", state = "", ...rest] = block.info;
  const isKnown =
    LANGUAGES.includes(language) && /^(avoid|prefer)$/.test(kind) && /^(before|after)$/.test(state);
  if (isKnown && rest.length === 0) return;
  const expected = `expected ${LANGUAGES.join(", ")}, then avoid or prefer, then before or after`;
  throw new Error(`${block.at}: "${block.info.join(" ")}" says no kind of example: ${expected}`);
}

function kindOf(block: Block): Example["kind"] {
  return block.info[1] === "avoid" ? "avoid" : "prefer";
}

/** The example as the policies see it. */
export function sceneOf(example: Example): Scene {
  const nothing: Described = { resources: [], edges: [] };
  const before = example.before === undefined ? nothing : described(example.before);
  const after = example.after === undefined ? nothing : described(example.after);
  const was = new Map(before.resources.map((one) => [one.address, one]));
  const changes = after.resources.map((one) => spec(was.get(one.address), one));
  const stays = new Set(after.resources.map((one) => one.address));
  const gone = before.resources.filter((one) => !stays.has(one.address)).map((one) => spec(one, undefined));
  const edges = new Map([...before.edges, ...after.edges].map((edge) => [JSON.stringify(edge), edge]));
  return { changes: [...changes, ...gone], edges: [...edges.values()] };
}

function spec(before: Resource | undefined, after: Resource | undefined): ChangeSpec {
  const { address, type, providerMajor } = (after ?? before) as Resource;
  return {
    address,
    type,
    ...(before !== undefined && { before: before.value }),
    ...(after !== undefined && { after: after.value }),
    ...(providerMajor !== undefined && { providerMajor }),
  };
}
