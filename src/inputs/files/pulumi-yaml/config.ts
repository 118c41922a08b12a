import { UNKNOWN_SECRET } from "../../../model/credentials.ts";
import {
  Computed,
  emptyObject,
  isList,
  isObject,
  Secret,
  type Value,
  type ValueObject,
} from "../../../model/value.ts";
import { spelled } from "./evaluator.ts";

/** What a stack's own file says. */
export interface StackConfig {
  readonly stack: string;
  readonly config: ValueObject;
  /** It also takes values from environments that are kept elsewhere. */
  readonly hasEnvironment: boolean;
}

/** The content of `Pulumi.STACK.yaml` (pulumi.com/docs/iac/concepts/projects/stack-settings-file). */
export function stackConfig(stack: string, document: Value): StackConfig {
  const object = isObject(document) ? document : emptyObject();
  const config = isObject(object.config) ? object.config : emptyObject();
  return { stack, config, hasEnvironment: (object.environment ?? null) !== null };
}

/**
 * What a program's configuration value is: undefined where the program has none of that name. Without a stack's file another
 * stack may give any value, so that the default is only a part of what is open.
 */
export function configValue(
  name: string,
  declared: ValueObject,
  project: string,
  stack: StackConfig | undefined,
): Value | undefined {
  const full = name.includes(":") ? name : `${project}:${name}`;
  const key = [name, full].find((one) => Object.hasOwn(declared, one));
  const given = stack !== undefined && Object.hasOwn(stack.config, full) ? stack.config[full] : undefined;
  if (key === undefined && given === undefined) return undefined;
  const written = key === undefined ? null : (declared[key] ?? null);
  const declaration: ValueObject = isObject(written)
    ? written
    : Object.assign(emptyObject(), { default: written });
  const own = declaration.value ?? declaration.default ?? undefined;
  const open = own === undefined ? `\${${name}}` : `\${${name}, by default ${spelled(own)}}`;
  const isCertain = stack !== undefined && !stack.hasEnvironment && own !== undefined;
  const value = given === undefined ? (isCertain ? own : new Computed(open)) : withoutSecure(given);
  const typed = ofType(value, String(declaration.type ?? "").toLowerCase(), name);
  return declaration.secret === true ? new Secret(typed) : typed;
}

/** What is encrypted says nothing: the same secret may be written differently. */
function withoutSecure(value: Value): Value {
  if (isList(value)) return value.map(withoutSecure);
  if (!isObject(value)) return value;
  if (typeof value.secure === "string" && Object.keys(value).length === 1) return UNKNOWN_SECRET;
  const object = emptyObject();
  for (const [key, item] of Object.entries(value)) object[key] = withoutSecure(item);
  return object;
}

/** Stacks keep what the command line sets as text, whatever type the program declares. */
function ofType(value: Value, type: string, name: string): Value {
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  if (typeof value !== "string" || type === "" || type === "string") return value;
  if (/^(?:number|integer|int)$/.test(type) && /^-?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  if (/^bool/.test(type) && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === "true";
  return new Computed(`\${${name}: ${value}}`);
}
