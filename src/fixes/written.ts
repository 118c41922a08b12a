import type { Step } from "../syntax/steps.ts";

/** A value as it is written. Offsets count UTF-16 units of the file's text. */
export interface Written {
  readonly start: number;
  readonly end: number;
  /** The value, where it is written out on its own; absent where it is worked out. */
  readonly literal?: Scalar;
  /** Of an object or the body of a block, in the order of the text. */
  readonly members?: readonly Member[];
  /** Of a list. */
  readonly elements?: readonly Written[];
  /** Members that something else than those that are seen may set; `any` where nobody can tell which. */
  readonly open?: ReadonlySet<string> | "any";
  /** Members stand on lines of their own, with nothing between them: YAML's blocks, the bodies of HCL's. */
  readonly isBlock?: boolean;
}

export type Scalar = string | number | boolean;

/** A named value: a property, an attribute, a block. */
export interface Member {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly value: Written;
  /** One of those that may be written several times and make a list together. */
  readonly isRepeatable?: boolean;
}

/** Where a property is written or, without `member`, certainly is not. */
export interface Place {
  readonly container: Written;
  readonly member: Member | undefined;
}

/**
 * The place of the property that the steps lead to; undefined where that is not certain: something on the way is worked out,
 * written twice, may be set from elsewhere, or is not there at all.
 */
export function placeIn(node: Written, steps: readonly Step[]): Place | undefined {
  const [step, ...rest] = steps;
  if (step === undefined || node.open === "any") return undefined;
  if (node.elements !== undefined) return placeInList(node.elements, steps);
  if (node.members === undefined) return undefined;
  // A single block is written plainly where a path counts it.
  if (typeof step === "number") return step === 0 ? placeIn(node, rest) : undefined;
  if (node.open?.has(step)) return undefined;
  const found = membersNamed(node.members, step);
  const [member] = found;
  if (member === undefined) return rest.length === 0 ? { container: node, member } : undefined;
  if (found.length === 1) {
    return rest.length === 0 ? { container: node, member } : placeIn(member.value, rest);
  }
  const [index, ...behind] = rest;
  const counted =
    typeof index === "number" && found.every((one) => one.isRepeatable) ? found[index] : undefined;
  return counted === undefined ? undefined : placeIn(counted.value, behind);
}

function placeInList(elements: readonly Written[], [step, ...rest]: readonly Step[]): Place | undefined {
  if (step === undefined) return undefined;
  if (typeof step === "number") {
    const element = elements[step];
    return element === undefined ? undefined : placeIn(element, rest);
  }
  // A path passes over the list that a single block is in.
  const [only, ...others] = elements;
  return only === undefined || others.length > 0 ? undefined : placeIn(only, [step, ...rest]);
}

/** Programs write `actionType` where Terraform has `action_type`; the exact name goes first. */
function membersNamed(members: readonly Member[], name: string): readonly Member[] {
  const exact = members.filter(({ key }) => key === name);
  return exact.length > 0 ? exact : members.filter(({ key }) => folded(key) === folded(name));
}

/** A name without what differs between spellings of it. */
export function folded(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

/** What is written under a name right in an object. */
export function valueUnder(node: Written | undefined, key: string): Written | undefined {
  const [only, ...others] = (node?.members ?? []).filter((one) => one.key === key);
  return others.length === 0 ? only?.value : undefined;
}

/** The members and elements around an offset, from the innermost to the whole. */
export function around(root: Written, offset: number): readonly Written[] {
  const found: Written[] = [];
  for (let node: Written | undefined = root; node !== undefined; ) {
    found.unshift(node);
    const inside: readonly { readonly start: number; readonly end: number; readonly value: Written }[] =
      node.members ?? node.elements?.map((value) => ({ start: value.start, end: value.end, value })) ?? [];
    node = inside.find(({ start, end }) => start <= offset && offset < Math.max(end, start + 1))?.value;
  }
  return found;
}
