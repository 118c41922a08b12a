import type { Change } from "../model/change.ts";
import type { Collector } from "./edges.ts";
import { identityRule, NAMED_BY } from "./identities.ts";
import { findMentions } from "./mentions.ts";
import type { Texts } from "./texts.ts";

/** Adds an edge for every place where one resource's text names another. */
export function hiddenEdges(changes: readonly Change[], texts: Texts, edges: Collector): void {
  const { identities } = texts;
  identities.freeze();
  if (identities.size === 0) return;
  // What goes away is searched too: nobody is left there to be hit, but it tells what it was a part of.
  for (const node of changes.keys()) {
    let seen: Set<number> | undefined;
    for (const bytes of texts.partsOf(node)) {
      findMentions(bytes, identities, (number, start, end, key) => {
        const owner = texts.ownerOf(number);
        if (owner === node || seen?.has(number) === true) return;
        let via = texts.viaOf(number);
        if (via === "name" && !isNamingKey(changes[owner] as Change, key)) return;
        seen ??= new Set();
        seen.add(number);
        if (via === "endpoint" && carriesCredential(bytes, start, end)) via = "credential";
        edges.add(node, owner, via, true);
      });
    }
  }
}

/** A bare name counts only as the whole value of a property that takes such names. */
function isNamingKey(named: Change, key: string | undefined): boolean {
  return key !== undefined && NAMED_BY.has(key) && (identityRule(named.type).namedBy ?? []).includes(key);
}

/** Whether the text around an endpoint holds a key, a signature or a password. */
function carriesCredential(bytes: Uint8Array, start: number, end: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  return /accountkey=|sharedaccess|[?&]sig=|password=|x-amz-signature=|:[^/@\s]+@/i.test(text);
}
