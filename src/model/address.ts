/** Where the bracket that opens at `open` closes; quoted keys may hold any character, brackets and escaped quotes too. */
export function closingBracket(address: string, open: number): number {
  if (address[open + 1] !== '"')
    return /^\[\d+\]/.test(address.slice(open, open + 12)) ? address.indexOf("]", open) : -1;
  let at = open + 2;
  while (at < address.length && address[at] !== '"') at += address[at] === "\\" ? 2 : 1;
  return address[at + 1] === "]" ? at + 1 : -1;
}

/** `module.a["x"].azurerm_subnet.b[0]` → `module.a.azurerm_subnet.b`; a URN, which has no instance keys, as it is. */
export function withoutKeys(address: string): string {
  if (address.startsWith("urn:")) return address;
  let rest = "";
  let from = 0;
  for (let at = address.indexOf("["); at !== -1; at = address.indexOf("[", at)) {
    const close = closingBracket(address, at);
    if (close === -1) {
      at++; // a bracket of something else
      continue;
    }
    rest += address.slice(from, at);
    from = close + 1;
    at = from;
  }
  return from === 0 ? address : rest + address.slice(from);
}
