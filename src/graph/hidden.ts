import { eachMember } from "../json/members.ts";
import type { Change } from "../model/change.ts";
import { isList, Secret, Unknown, type Value } from "../model/value.ts";
import type { Collector } from "./edges.ts";
import { GENERIC_IDS, identityRule, NAMED_BY, REGION_KEYS } from "./identities.ts";
import { findMentions, TextIndex } from "./mentions.ts";
import type { Via } from "./reach.ts";

/** What the graph needs of a resource's text. */
export interface NodeText {
  /** The texts to search: JSON of what the resource says of itself. */
  readonly parts: readonly Uint8Array[];
  readonly region: string | undefined;
  /** Own property values that may identify it or tell where it is. */
  readonly own: ReadonlyMap<string, string>;
}

const INTERESTING = new Map<string, readonly string[]>();

/** The own properties that matter for a type, in one list. */
function interestingKeys(type: string): readonly string[] {
  let keys = INTERESTING.get(type);
  if (keys === undefined) {
    const rule = identityRule(type);
    keys = [
      ...GENERIC_IDS,
      ...REGION_KEYS,
      ...(rule.name ?? []),
      ...(rule.endpoints ?? []),
      ...(rule.ids ?? []),
      ...(rule.parent ?? []),
    ];
    INTERESTING.set(type, keys);
  }
  return keys;
}

/** Reads what identifies a resource from its text, without parsing the rest. */
export function readNodeText(change: Change): NodeText {
  const parts = change.text?.() ?? textOfValues(change);
  const keys = interestingKeys(change.type);
  const own = new Map<string, string>();
  for (const bytes of parts) {
    eachMember(bytes, 0, (keyStart, keyEnd, valueStart, valueEnd) => {
      if (bytes[valueStart] !== 0x22) return;
      const length = keyEnd - keyStart;
      for (const key of keys) {
        if (key.length !== length || bytes[keyStart] !== key.charCodeAt(0) || !isText(bytes, keyStart, key)) continue;
        const text = JSON.parse(slice(bytes, valueStart, valueEnd)) as string;
        if (text !== "") own.set(key, text);
      }
    });
  }
  return { parts, own, region: regionFrom(own) };
}

function isText(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 1; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

function slice(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

/** The before- and the after-state as JSON text; nothing of a resource that goes away, since nobody is left to be hit. */
function textOfValues(change: Change): readonly Uint8Array[] {
  if (change.action === "delete") return change.before === undefined ? [] : [textOf(change.before)];
  const states = change.before === change.after ? [change.after] : [change.before, change.after];
  return states.filter((state) => state !== undefined && state !== null).map(textOf);
}

function textOf(state: Value | undefined): Uint8Array {
  return Buffer.from(JSON.stringify(plain(state)) ?? "null", "utf8");
}

/** Values as plain JSON for searching: a secret's content may name an endpoint; the match never shows the content. */
function plain(value: Value | undefined): unknown {
  if (value instanceof Secret) return plain(value.reveal());
  if (value instanceof Unknown || value === undefined) return null;
  if (isList(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    const copy = Object.create(null) as Record<string, unknown>;
    for (const [key, item] of Object.entries(value)) copy[key] = plain(item as Value);
    return copy;
  }
  return value;
}

/** `East US` → `eastus`; a zone (`us-east-1a`, `europe-west1-b`) → its region. */
function regionFrom(own: ReadonlyMap<string, string>): string | undefined {
  const key = REGION_KEYS.find((name) => own.has(name));
  if (key === undefined) return undefined;
  const region = (own.get(key) as string).toLowerCase().replaceAll(" ", "");
  if (region === "global") return undefined;
  if (key === "availability_zone" || key === "availabilityZone") return region.replace(/(\d)[a-z]$/, "$1");
  return key === "zone" ? region.replace(/-[a-z]$/, "") : region;
}

/** A text by which one resource can be found in others. */
interface Identity {
  readonly node: number;
  readonly via: Via;
}

/** Adds an edge for every place where one resource's text names another. */
export function hiddenEdges(changes: readonly Change[], texts: readonly NodeText[], edges: Collector): void {
  const identities: Identity[] = [];
  const index = new TextIndex();
  const know = (node: number, via: Via, text: string) => {
    const identity = normalised(text);
    if (identity.length < (via === "name" ? 3 : 6)) return;
    index.add(identity, identities.length);
    identities.push({ node, via });
  };
  for (const [node, change] of changes.entries()) {
    const own = (texts[node] as NodeText).own;
    const rule = identityRule(change.type);
    for (const key of GENERIC_IDS) if (own.has(key)) know(node, "id", own.get(key) as string);
    if (change.address.startsWith("/subscriptions/")) know(node, "id", change.address);
    for (const key of rule.ids ?? []) if (own.has(key)) know(node, "id", own.get(key) as string);
    for (const key of rule.endpoints ?? []) if (own.has(key)) know(node, "endpoint", own.get(key) as string);
    const name = (rule.name ?? []).map((key) => own.get(key)).find((text) => text !== undefined);
    if (name === undefined) continue;
    const parent = (rule.parent ?? []).map((key) => own.get(key)).find((text) => text !== undefined);
    if (rule.parent !== undefined) {
      const parentName = parent?.split("/").at(-1);
      if (parentName !== undefined) {
        for (const host of rule.hosts ?? []) know(node, "endpoint", `${host.replace("{}", parentName)}/${name}`);
      }
      continue;
    }
    for (const host of rule.hosts ?? []) know(node, "endpoint", host.replace("{}", name));
    for (const id of rule.derivedIds ?? []) know(node, "id", id.replace("{}", name));
    if (rule.namedBy !== undefined) know(node, "name", name);
  }
  index.freeze();
  if (index.size === 0) return;

  for (const [node, change] of changes.entries()) {
    if (change.action === "delete") continue;
    let seen: Set<number> | undefined;
    for (const bytes of (texts[node] as NodeText).parts) {
      findMentions(bytes, index, (number, start, end, whole, key) => {
        const identity = identities[number] as Identity;
        if (identity.node === node || seen?.has(number) === true) return;
        if (identity.via === "name" && !(whole && isNamingKey(changes[identity.node] as Change, key))) return;
        seen ??= new Set();
        seen.add(number);
        const via = identity.via === "endpoint" && carriesCredential(slice(bytes, start, end)) ? "credential" : identity.via;
        edges.add(node, identity.node, via, true);
      });
    }
  }
}

function isNamingKey(named: Change, key: string): boolean {
  return NAMED_BY.has(key) && (identityRule(named.type).namedBy ?? []).includes(key);
}

/** Whether the text around an endpoint holds a key, a signature or a password. */
function carriesCredential(text: string): boolean {
  return /accountkey=|sharedaccess|[?&]sig=|password=|x-amz-signature=|:[^/@\s]+@/i.test(text);
}

/** Lower case, without scheme and trailing slash; `gs://` and `s3://` stay, since they tell what the name is. */
function normalised(text: string): string {
  return text.toLowerCase().replace(/^https?:\/\//, "").replace(/\/+$/, "");
}
