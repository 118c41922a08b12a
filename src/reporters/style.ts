import type { RenderContext } from "./context.ts";

/** How text is marked on a terminal; every function leaves the text as it is where the terminal shows no colour. */
export interface Paint {
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly quiet: (text: string) => string;
  /** Links a policy to its document, where that has a URL and the terminal follows links. */
  readonly link: (text: string, policy: string) => string;
}

const ESC = "\u001b";

export function painter({ colour, hyperlinks, rules }: RenderContext): Paint {
  /** Select Graphic Rendition, ECMA-48 §8.3.117. */
  const sgr = (on: string, off: string) => (text: string) =>
    colour && text !== "" ? `${ESC}[${on}m${text}${ESC}[${off}m` : text;
  return {
    bad: sgr("1;31", "22;39"),
    warn: sgr("33", "39"),
    good: sgr("32", "39"),
    bold: sgr("1", "22"),
    quiet: sgr("2", "22"),
    link: (text, policy) => {
      const url = rules !== undefined && Object.hasOwn(rules, policy) ? rules[policy]?.help : undefined;
      if (!hyperlinks || url === undefined || !/^https:\/\/[\x21-\x7e]+$/.test(url)) return text;
      return `${ESC}]8;;${url}${ESC}\\${text}${ESC}]8;;${ESC}\\`;
    },
  };
}
