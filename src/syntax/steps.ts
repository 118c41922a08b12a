/** One step of a property path: the name of a property, or a position in a list. */
export type Step = string | number;

/** `security_rule[0].access`, `tags["cost centre"]`: the steps that a path takes from a resource to one of its properties. */
export function stepsOf(path: string): readonly Step[] {
  return [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, key, index, name]) =>
    index === undefined ? (key ?? name ?? "") : Number(index),
  );
}

/**
 * The steps behind a list that is written with one element: the path may count it or, as facets do for single blocks, pass
 * over it. Undefined where the path counts another element, which then stands somewhere else.
 */
export function intoOnly(steps: readonly Step[]): readonly Step[] | undefined {
  const [first, ...rest] = steps;
  if (typeof first !== "number") return steps;
  return first === 0 ? rest : undefined;
}
