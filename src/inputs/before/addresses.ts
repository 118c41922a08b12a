import type { Directives } from "../../model/deployment.ts";

/** Whether the address is that of `outer`, of one of its instances or of something inside of it. */
export function isWithin(address: string, outer: string): boolean {
  return (
    address.startsWith(outer) &&
    (address.length === outer.length || /[.[]/.test(address[outer.length] as string))
  );
}

/** Where an existing resource is found after the `moved` blocks have had their say. */
export function movedAddress(address: string, moved: Directives["moved"]): string {
  // Moves may follow one another; each is followed once, which ends circles.
  const left = new Set(moved);
  for (;;) {
    const next = [...left].find(({ from }) => from !== "" && isWithin(address, from));
    if (next === undefined) return address;
    left.delete(next);
    address = next.to + address.slice(next.from.length);
  }
}
