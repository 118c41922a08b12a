import { SLASH } from "../json/ascii.ts";
import { Interner } from "../json/interner.ts";
import { Picker } from "../json/picker.ts";
import { ScanProgram } from "../json/scan-program.ts";
import type { Change, JsonText } from "../model/change.ts";
import { isList, Secret, Unknown, type Value, type ValueObject } from "../model/value.ts";
import { GENERIC_IDS, type IdentityRule, identityRule, isDistinctive, REGION_KEYS } from "./identities.ts";
import type { Via } from "./reach.ts";
import { TextIndex } from "./text-index.ts";

/** What an own property of a resource tells of it. */
type Role = "id" | "endpoint" | "name" | "parent" | "region";

/** The shortest text that counts as an id or a host, and as a bare name. */
const MIN_LENGTH = 6;
const MIN_NAME_LENGTH = 3;

/**
 * What the resources of a run say of themselves, as JSON text: where each is, by which texts it can be recognised in
 * others, and the text to search for those. Own properties are found in the bytes; nothing is parsed.
 */
export class Texts {
  /** The texts by which resources can be recognised. */
  readonly identities = new TextIndex();
  /** The own properties to look for, by rule; of this run, since they remember what they were seen in. */
  readonly #keys = new Map<IdentityRule, OwnKeys>();
  readonly #program = new ScanProgram(1 << 16);
  readonly #owners: number[] = [];
  readonly #vias: Via[] = [];
  /** Ids that are words like any other. */
  readonly #words = new Set<number>();
  /** The first identity of each resource; they are numbered one resource after the other. */
  readonly #firsts: number[] = [];
  readonly #changes: readonly Change[];
  /** The texts that had to be made, by resource. */
  readonly #made = new Map<number, readonly JsonText[]>();
  readonly #regions: (string | undefined)[] = [];
  readonly #interner = new Interner();
  readonly #scratch = Buffer.alloc(4096);

  constructor(changes: readonly Change[]) {
    this.#changes = changes;
    for (let node = 0; node < changes.length; node++) this.#read(node, changes[node] as Change);
  }

  /** The states of a resource as JSON text: what will be, before what was. */
  partsOf(node: number): readonly JsonText[] {
    const change = this.#changes[node] as Change;
    if (change.text !== undefined) return change.text();
    let parts = this.#made.get(node);
    if (parts === undefined) {
      parts = textOfValues(change);
      this.#made.set(node, parts);
    }
    return parts;
  }

  /** The region a resource is in, as its provider's short name; undefined for global ones and where nothing tells. */
  regionOf(node: number): string | undefined {
    return this.#regions[node];
  }

  /** The resource that an identity belongs to. */
  ownerOf(identity: number): number {
    return this.#owners[identity] as number;
  }

  /** What whoever mentions the identity uses of its resource. */
  viaOf(identity: number): Via {
    return this.#vias[identity] as Via;
  }

  /** Whether the identity is an id that could as well be any word. */
  isWord(identity: number): boolean {
    return this.#words.has(identity);
  }

  /** The number of a resource's first identity: its own are those up to before the next resource's first. */
  firstOf(node: number): number {
    return this.#firsts[node] ?? this.identities.size;
  }

  #keysOf(rule: IdentityRule): OwnKeys {
    let keys = this.#keys.get(rule);
    if (keys === undefined) {
      keys = new OwnKeys(this.#program, rule);
      this.#keys.set(rule, keys);
    }
    return keys;
  }

  #read(node: number, change: Change): void {
    this.#firsts[node] = this.identities.size;
    const parts = this.partsOf(node);
    this.#regions[node] = this.#readStates(node, change, parts, node);
    // Whoever names the object that goes is hit by its replacement, however the new one is named.
    if (change.action === "replace" && parts.length > 1)
      this.#readStates(node, change, parts.slice(1), -2 - node);
  }

  /** Takes a resource's identities from its states, of which the first that has a property counts; gives its region. */
  #readStates(node: number, change: Change, parts: readonly JsonText[], reading: number): string | undefined {
    // What is only read stands for a resource of somebody else: its ids tell what it depends on, not what it is.
    const isOwner = change.action !== "read";
    const rule = identityRule(change.type);
    const keys = this.#keysOf(rule);
    let region: string | undefined;
    let regionKey: OwnKey | undefined;
    let name: string | undefined;
    let nameKey: OwnKey | undefined;
    let parent: string | undefined;
    for (const part of parts) {
      keys.picker.search(part.bytes, part.start, part.end);
      const { bytes } = this.#program;
      // By index, here and below: what iterates makes an object for each step until it is compiled.
      for (let i = 0; i < keys.all.length; i++) {
        const own = keys.all[i] as OwnKey;
        if (own.lastSeenIn === reading || !keys.picker.isText(own.number)) continue;
        const start = keys.picker.start(own.number) + 1;
        const end = keys.picker.end(own.number) - 1;
        if (start === end) continue;
        own.lastSeenIn = reading;
        if (own.role === "id" || own.role === "endpoint") {
          if (isOwner) this.#know(node, own.role, bytes, start, end);
          continue;
        }
        const text = this.#textOf(bytes, start, end);
        if (own.role === "parent") parent ??= text;
        else if (own.role === "name") {
          if (nameKey !== undefined && nameKey.rank <= own.rank) continue;
          nameKey = own;
          name = text;
        } else if (regionKey === undefined || own.rank < regionKey.rank) {
          regionKey = own;
          region = own.regions.get(text);
          if (region === undefined) {
            region = regionFrom(own.key, text);
            own.regions.set(text, region);
          }
        }
      }
    }
    if (isOwner && change.address.startsWith("/subscriptions/")) this.#knowText(node, "id", change.address);
    if (isOwner && name !== undefined) this.#knowName(node, rule, name, parent);
    return region === "" ? undefined : region;
  }

  /** The text of a JSON string, given as it is written between its quotes; where that is broken, as it is. */
  #textOf(bytes: Buffer, start: number, end: number): string {
    const text = this.#interner.text(bytes, start, end);
    if (text !== undefined) return text;
    try {
      return JSON.parse(bytes.toString("utf8", start - 1, end + 1)) as string;
    } catch {
      // Whoever reads the values says so; here it is no name of anything.
      return bytes.toString("utf8", start, end);
    }
  }

  /** Identities that follow from the resource's name. */
  #knowName(node: number, rule: IdentityRule, name: string, parent: string | undefined): void {
    if (rule.parent !== undefined) {
      const parentName = parent?.split("/").at(-1);
      if (parentName === undefined) return;
      for (const host of rule.hosts ?? [])
        this.#knowText(node, "endpoint", `${filled(host, parentName)}/${name}`);
      return;
    }
    for (const host of rule.hosts ?? []) this.#knowText(node, "endpoint", filled(host, name));
    for (const id of rule.derivedIds ?? []) this.#knowText(node, "id", filled(id, name));
    if (rule.namedBy !== undefined) this.#knowText(node, "name", name);
  }

  #knowText(node: number, via: Via, text: string): void {
    const isShort = text.length * 3 <= this.#scratch.length;
    const bytes = isShort ? this.#scratch : Buffer.from(text, "utf8");
    this.#know(node, via, bytes, 0, isShort ? bytes.write(text) : bytes.length);
  }

  /** Takes a text without its scheme and trailing slashes; `gs://` and `s3://` stay, since they tell what the name is. */
  #know(node: number, via: Via, bytes: Buffer, start: number, end: number): void {
    while (end > start && bytes[end - 1] === SLASH) end--;
    start += schemeLength(bytes, start, end);
    if (end - start < (via === "name" ? MIN_NAME_LENGTH : MIN_LENGTH)) return;
    const identity = this.identities.add(bytes, start, end);
    this.#owners[identity] = node;
    this.#vias[identity] = via;
    // A path is no word: the usual case, told without making a string of it.
    const isPath = bytes[start] === SLASH;
    if (via === "id" && !isPath && !isDistinctive(bytesText(bytes, start, end))) this.#words.add(identity);
  }
}

/** A template of the table with a name in it. */
function filled(template: string, name: string): string {
  return template.replace("{}", () => name);
}

/** The length of `http://` or `https://` at the start of bytes[start, end), if it is there. */
function schemeLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8 || (bytes[start] as number | 0x20) !== 0x68) return 0; // `h`
  const text = bytesText(bytes, start, start + 8).toLowerCase();
  return text === "https://" ? 8 : text.startsWith("http://") ? 7 : 0;
}

/** One own property to look for; `rank` tells which of several for one role comes first. */
interface OwnKey {
  readonly key: string;
  readonly role: Role;
  readonly rank: number;
  /** Its number in the picker. */
  readonly number: number;
  /** The reading that saw it last: what a set of the keys seen would tell, without a set for each resource. */
  lastSeenIn: number;
  /** The regions that its texts tell, empty where they tell none. */
  readonly regions: Map<string, string>;
}

/** The own properties to look for in one type. A property that has several roles has the first. */
class OwnKeys {
  readonly all: readonly OwnKey[];
  readonly picker: Picker;

  constructor(program: ScanProgram, rule: IdentityRule) {
    const roles: readonly [Role, readonly string[] | undefined][] = [
      ["name", rule.name],
      ["parent", rule.parent],
      ["endpoint", rule.endpoints],
      ["id", [...GENERIC_IDS, ...(rule.ids ?? [])]],
      ["region", REGION_KEYS],
    ];
    const byKey = new Map<string, OwnKey>();
    for (const [role, keys = []] of roles) {
      for (const [rank, key] of keys.entries()) {
        if (!byKey.has(key))
          byKey.set(key, { key, role, rank, number: byKey.size, lastSeenIn: -1, regions: new Map() });
      }
    }
    this.all = [...byKey.values()];
    this.picker = new Picker(program, Object.fromEntries(this.all.map(({ key }) => [key, {}])));
  }
}

/** `East US` → `eastus`; a zone (`us-east-1a`, `europe-west1-b`) → its region; a link to either → the same; else empty. */
function regionFrom(key: string, text: string): string {
  const place = text.toLowerCase().replaceAll(" ", "").split("/").at(-1) ?? "";
  // Azure numbers the zones of a region; other things have zones and locations too, such as DNS.
  if (place === "global" || !/^[a-z][a-z0-9-]*$/.test(place)) return "";
  if (key === "availability_zone" || key === "availabilityZone") return place.replace(/(\d)[a-z]$/, "$1");
  return key === "zone" ? place.replace(/-[a-z]$/, "") : place;
}

function bytesText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

/** The states as JSON text, what will be before what was; both, since who reads it now is hit by the change. */
function textOfValues(change: Change): readonly JsonText[] {
  const states = change.before === change.after ? [change.after] : [change.after, change.before];
  return states.filter((state) => state !== undefined && state !== null).map(textOf);
}

/** The texts that were made of values; whoever compares one state with several others makes them once. */
const kept = new WeakMap<object, JsonText>();

function textOf(state: Value | undefined): JsonText {
  const known = typeof state === "object" && state !== null ? kept.get(state) : undefined;
  if (known !== undefined) return known;
  const bytes = Buffer.from(JSON.stringify(isPlain(state) ? state : plain(state)) ?? "null", "utf8");
  const text = { bytes, start: 0, end: bytes.length };
  if (typeof state === "object" && state !== null) kept.set(state, text);
  return text;
}

/** Whether the value is JSON as it is, which spares copying it. */
function isPlain(value: Value | undefined): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (value instanceof Secret || value instanceof Unknown) return false;
  if (isList(value)) return value.every(isPlain);
  for (const key in value) if (!isPlain((value as ValueObject)[key])) return false;
  return true;
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
