/** Most programs write few expressions, many times each; a hostile document may write any number, of any length. */
const MOST_TEXTS = 10_000;
export const LONGEST_TEXT = 1_000;

/** The function with its answers kept by text; for answers that follow from the text alone and that nobody changes. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined) {
      answer = work(text);
      if (known.size < MOST_TEXTS && text.length <= LONGEST_TEXT) known.set(text, answer);
    }
    return answer;
  };
}
