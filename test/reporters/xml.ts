/** An element of a parsed document, with its own text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  text: string;
}

const REFERENCES: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};
const TOKEN = /<(\/?)([A-Za-z]+)((?: [A-Za-z]+="[^"<]*")*)(\/?)>|([^<]+)/y;
/** What XML 1.0 allows (section 2.2). */
const LEGAL = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** Reads the XML that a JUnit report consists of, strictly: throws where a parser would. Elements in document order. */
export function elements(xml: string): XmlElement[] {
  if (!LEGAL.test(xml)) throw new Error("a character that XML forbids");
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!xml.startsWith(declaration)) throw new Error("no XML declaration");
  const found: XmlElement[] = [];
  const open: XmlElement[] = [];
  TOKEN.lastIndex = declaration.length;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 40)}`);
    const [, closing, name = "", attributes = "", empty, text] = match;
    if (text !== undefined) {
      const parent = open.at(-1);
      if (parent !== undefined) parent.text += decode(text);
      else if (text.trim() !== "") throw new Error("text outside the root element");
    } else if (closing === "/") {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      if (open.length === 0 && found.length > 0) throw new Error("a second root element");
      const element: XmlElement = { name, attributes: attributesOf(attributes), text: "" };
      found.push(element);
      if (empty !== "/") open.push(element);
    }
  }
  if (open.length > 0) throw new Error("an element is left open");
  return found;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([A-Za-z]+)="([^"]*)"/g)].map(
    ([, name = "", value = ""]) => [name, decode(value)] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error("an attribute stands twice");
  return Object.fromEntries(pairs);
}

function decode(text: string): string {
  return text.replace(/&[^;]*;?/g, (reference) => {
    const character = REFERENCES[reference];
    if (character === undefined) throw new Error(`an unknown reference ${reference}`);
    return character;
  });
}
