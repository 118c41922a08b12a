import type { Change } from "../model/change.ts";
import type { Collector } from "./edges.ts";
import { GENERIC_IDS, identityRule, isPartType, takesId, takesName } from "./identities.ts";
import { Mentions } from "./mentions.ts";
import type { Via } from "./reach.ts";
import type { Texts } from "./texts.ts";

/**
 * Adds an edge for every place where one resource's text names another; `edges` holds the declared ones. Not every such
 * text is a dependency: providers also write back into a resource who uses it, or what is inside it.
 */
export function hiddenEdges(changes: readonly Change[], texts: Texts, edges: Collector): void {
  const { identities } = texts;
  identities.freeze();
  if (identities.size === 0) return;
  // The node that an identity last gave an edge to: one array for all nodes, never cleared.
  const given = new Int32Array(identities.size).fill(-1);
  // What goes away is searched too: nobody is left there to be hit, but it tells what it was a part of.
  const mentions = new Mentions(identities);
  for (const [node, change] of changes.entries()) {
    for (const bytes of texts.partsOf(node)) {
      mentions.find(bytes, (number, start, end, stringStart, stringEnd, key) => {
        const owner = texts.ownerOf(number);
        if (owner === node || given[number] === node) return;
        const named = changes[owner] as Change;
        const via = viaOf(change, named, number, { bytes, start, end, stringStart, stringEnd, key });
        if (via === undefined) return;
        if (via === "id" && isBackReference(node, owner, number, key)) return;
        // A host may stand once with a credential and once without: both are told.
        if (texts.viaOf(number) !== "endpoint") given[number] = node;
        edges.add(node, owner, via, true);
      });
    }
  }

  /** What the place tells of the dependency; undefined where the text stands there for something else. */
  function viaOf(by: Change, named: Change, number: number, place: Place): Via | undefined {
    const via = texts.viaOf(number);
    if (via === "endpoint") return carriesCredential(place) ? "credential" : "endpoint";
    if (via === "name") {
      if (place.key !== undefined && takesName(place.key, by.type, named.type)) return "name";
      if (!isBehind(place, identityRule(named.type).namedBehind)) return undefined;
      return carriesCredential(place) ? "credential" : "name";
    }
    if (!texts.isWord(number)) return via;
    return place.key !== undefined && takesId(place.key, named.type) ? via : undefined;
  }

  /** Whether the id of `owner` stands in a resource that `owner` depends on, that holds it, or that has the same id. */
  function isBackReference(node: number, owner: number, number: number, key: string | undefined): boolean {
    if (edges.isDeclared(owner, node)) return true;
    for (const own of texts.idsOf(node)) {
      if (!identities.isSameOrBelow(own, number)) continue;
      // A part has the id of the whole: it names the whole with it elsewhere, but never itself or another part.
      const isSame = identities.isSameOrBelow(number, own);
      return !isSame || GENERIC_IDS.includes(key ?? "") || isPartType((changes[owner] as Change).type);
    }
    return false;
  }
}

/** Where a text was found. */
interface Place {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly stringStart: number;
  readonly stringEnd: number;
  readonly key: string | undefined;
}

function isBehind({ bytes, start, stringStart }: Place, prefix: string | undefined): boolean {
  const from = start - (prefix?.length ?? 0);
  if (prefix === undefined || from < stringStart || textAt(bytes, from, start).toLowerCase() !== prefix)
    return false;
  return from === stringStart || !/\w/.test(textAt(bytes, from - 1, from));
}

/** Further from the text than this nothing belongs to it; it keeps long lists of hosts from being read once a host. */
const MAX_AROUND = 2048;

/** Whether the URL or connection string that the text stands in holds a key, a signature or a password. */
function carriesCredential({ bytes, start, end, stringStart, stringEnd }: Place): boolean {
  const before = textAt(bytes, Math.max(stringStart, start - MAX_AROUND), start);
  const behind = textAt(bytes, end, Math.min(stringEnd, end + MAX_AROUND));
  // Ends at white space (but `;User ID=` has some), quotes, and commas (but `,1433` is a port).
  const head = /[^\s"'<>\\,]*$/.exec(before)?.[0] ?? "";
  const tail = /^(?:[^\s"'<>\\,;]|,(?=\d)|;(?:[a-z]+ (?=[a-z]+=))*)*/i.exec(behind)?.[0] ?? "";
  return /accountkey=|sharedaccess|[?&]sig=|password=|pwd=|x-(?:amz|goog)-signature=|\/\/[^/@:]*:[^/@]+@/i.test(
    `${head} ${tail}`,
  );
}

function textAt(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
