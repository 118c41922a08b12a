/** What a URN tells: `urn:pulumi:STACK::PROJECT::PARENT_TYPE$TYPE::NAME`. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The resource's own type, without those of its parents. */
  readonly type: string;
  readonly name: string;
}

const PREFIX = "urn:pulumi:";

/** The parts of a URN; `undefined` where the text is none. A name may itself hold colons. */
export function parseUrn(text: string): Urn | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const [stack, project, types, ...name] = text.slice(PREFIX.length).split("::");
  if (stack === undefined || project === undefined || types === undefined || name.length === 0)
    return undefined;
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}
