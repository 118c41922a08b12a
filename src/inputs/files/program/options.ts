import type { Node } from "web-tree-sitter";
import { emptyObject, isList, isObject, type Value } from "../../../model/value.ts";
import { plain } from "../../../syntax/construct-sites.ts";
import { stepsOf } from "../../../syntax/steps.ts";
import type { Construction } from "./constructions.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Dialect } from "./resource-class.ts";

/** What a program says of a resource beside its properties. */
export interface Options {
  /** Properties whose changes are left alone, as canonical paths. */
  readonly ignored: readonly string[] | "all";
  /** Other names that the resource had. */
  readonly formerNames: readonly string[];
  /** What changes the properties on their way to the engine. */
  readonly transforms: Node | undefined;
  /** Whether no such resource is made at all. */
  readonly isAbsent: boolean;
}

/** The options of a resource: Pulumi's third argument, or CDKTF's own properties among the others. */
export function optionsOf(
  { of, options, properties }: Construction,
  evaluator: Evaluator,
  dialect: Dialect,
): Options {
  const isOwn = of.ownProperties.size > 0;
  const holder = isOwn ? properties : options;
  const given = holder === undefined ? undefined : evaluator.definition(holder);
  const field = (name: string) => {
    const members = given?.type === "object" ? given.namedChildren : [];
    const found = members.find((member) => member.type === "pair" && evaluator.keyOf(member) === name);
    return found?.childForFieldName("value") ?? undefined;
  };
  const settingOf = (name: string): Value | undefined => {
    const node = field(name);
    return node && evaluator.value(node);
  };
  if (isOwn) {
    const lifecycle = settingOf("lifecycle");
    const ignored = isObject(lifecycle) ? lifecycle.ignoreChanges : undefined;
    return {
      ignored: ignored === "all" ? "all" : textsIn(ignored),
      formerNames: [],
      transforms: undefined,
      isAbsent: settingOf("count") === 0,
    };
  }
  const aliases = settingOf("aliases");
  const transforms = field("transformations") ?? field("transforms");
  return {
    ignored: textsIn(settingOf("ignoreChanges")).map((path) => canonicalPath(dialect, path)),
    formerNames: (isList(aliases) ? aliases : []).flatMap((alias) =>
      textsIn([isObject(alias) ? (alias.name ?? null) : null]),
    ),
    transforms: transforms && plain(transforms),
    isAbsent: false,
  };
}

function textsIn(value: Value | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A path as the program spells it in the canonical dialect: the properties that it goes through are translated with it. */
export function canonicalPath(dialect: Dialect, path: string): string {
  const steps = stepsOf(path);
  const native = steps.reduceRight<Value>((inner, step) => {
    if (typeof step === "number") return [inner];
    const object = emptyObject();
    object[step] = inner;
    return object;
  }, null);
  let canonical = "";
  let value = dialect.translate(native);
  for (const step of steps) {
    if (typeof step === "number") {
      canonical += `[${step}]`;
      value = isList(value) ? (value[0] ?? null) : null;
      continue;
    }
    const [name = step] = isObject(value) ? Object.keys(value) : [];
    canonical += /^\w+$/.test(name) ? `${canonical === "" ? "" : "."}${name}` : `["${name}"]`;
    value = isObject(value) ? (value[name] ?? null) : null;
  }
  return canonical;
}
