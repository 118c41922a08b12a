import type { Change } from "../model/change.ts";
import type { Collector } from "./edges.ts";
import { GENERIC_IDS, identityRule, isPartType, takesId, takesName } from "./identities.ts";
import type { Via } from "./reach.ts";
import type { Mention } from "./text-index.ts";
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
  let node = 0;
  const report = (mention: Mention) => {
    const { number } = mention;
    if (given[number] === node) return;
    const owner = texts.ownerOf(number);
    const via = viaOf(changes[node] as Change, changes[owner] as Change, mention);
    if (via === undefined) return;
    if (via === "id" && isBackReference(node, owner, mention)) return;
    // A host may stand once with a credential and once without: both are told.
    if (texts.viaOf(number) !== "endpoint") given[number] = node;
    edges.add(node, owner, via, true);
  };
  for (; node < changes.length; node++) {
    const ownFirst = texts.firstOf(node);
    const ownEnd = texts.firstOf(node + 1);
    for (const text of texts.partsOf(node)) identities.search(text, ownFirst, ownEnd, report);
  }

  /** What the place tells of the dependency; undefined where the text stands there for something else. */
  function viaOf(by: Change, named: Change, mention: Mention): Via | undefined {
    const via = texts.viaOf(mention.number);
    if (via === "endpoint") return carriesCredential(mention) ? "credential" : "endpoint";
    if (via === "name") {
      const key = keyOf(mention);
      if (key !== undefined && takesName(key, by.type, named.type)) return "name";
      if (!isBehind(mention, identityRule(named.type).namedBehind)) return undefined;
      return carriesCredential(mention) ? "credential" : "name";
    }
    if (!texts.isWord(mention.number)) return via;
    const key = keyOf(mention);
    return key !== undefined && takesId(key, named.type) ? via : undefined;
  }

  /** Whether the id of `owner` stands in a resource that `owner` depends on, that holds it, or that has the same id. */
  function isBackReference(node: number, owner: number, mention: Mention): boolean {
    if (edges.isDeclared(owner, node)) return true;
    const { number } = mention;
    const end = texts.firstOf(node + 1);
    for (let own = texts.firstOf(node); own < end; own++) {
      if (texts.viaOf(own) !== "id" || !identities.isSameOrBelow(own, number)) continue;
      // A part has the id of the whole: it names the whole with it elsewhere, but never itself or another part.
      const isSame = identities.isSameOrBelow(number, own);
      return (
        !isSame || GENERIC_IDS.includes(keyOf(mention) ?? "") || isPartType((changes[owner] as Change).type)
      );
    }
    return false;
  }
}

/** The property that a text stands under, where it is the whole string. */
function keyOf({ bytes, start, end, stringStart, stringEnd, keyStart, keyEnd }: Mention): string | undefined {
  return start === stringStart && end === stringEnd ? bytes.toString("latin1", keyStart, keyEnd) : undefined;
}

function isBehind({ bytes, start, stringStart }: Mention, prefix: string | undefined): boolean {
  const from = start - (prefix?.length ?? 0);
  if (prefix === undefined || from < stringStart) return false;
  if (bytes.toString("latin1", from, start).toLowerCase() !== prefix) return false;
  return from === stringStart || !/\w/.test(bytes.toString("latin1", from - 1, from));
}

/** Further from the text than this nothing belongs to it; it keeps long lists of hosts from being read once a host. */
const MAX_AROUND = 2048;

/** Whether the URL or connection string that the text stands in holds a key, a signature or a password. */
function carriesCredential({ bytes, start, end, stringStart, stringEnd }: Mention): boolean {
  const from = Math.max(stringStart, start - MAX_AROUND);
  const to = Math.min(stringEnd, end + MAX_AROUND);
  if (!holdsCredentialMark(bytes, from, to)) return false;
  const before = bytes.toString("latin1", from, start);
  const behind = bytes.toString("latin1", end, to);
  // Ends at white space (but `;User ID=` has some), quotes, and commas (but `,1433` is a port).
  const head = /[^\s"'<>\\,]*$/.exec(before)?.[0] ?? "";
  const tail = /^(?:[^\s"'<>\\,;]|,(?=\d)|;(?:[a-z]+ (?=[a-z]+=))*)*/i.exec(behind)?.[0] ?? "";
  return /accountkey=|sharedaccess|[?&]sig=|password=|pwd=|x-(?:amz|goog)-signature=|\/\/[^/@:]*:[^/@]+@/i.test(
    `${head} ${tail}`,
  );
}

/** Whether there is what every credential in a URL or connection string has: `key=value`, or `user@host`. */
function holdsCredentialMark(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === 0x3d || bytes[at] === 0x40) return true;
  return false;
}
