import {
  emptyObject,
  isList,
  isObject,
  Secret,
  sameValue,
  type Value,
  type ValueObject,
} from "../../../model/value.ts";
import type { Work } from "../work.ts";
import { type Expression, isExpression, type Member, parseExpression } from "./expression.ts";
import { FUNCTIONS, isTextual, memberOf } from "./functions.ts";
import { OpenValue, openCall, openMember } from "./open-value.ts";
import { keyOfId, type Place, resourceIdOf, scopeId } from "./resource-ids.ts";

/** A resource that an expression refers to, by its key or symbolic name, and what it takes from it. */
export interface Reference {
  readonly key: string;
  readonly attribute?: string;
}

/** What the names in a template's expressions stand for; undefined where there is no such thing. */
export interface Names {
  readonly place: Place;
  parameter(name: string): Value | undefined;
  variable(name: string): Value | undefined;
  /** The result of a function that the template defines itself. */
  call(name: string, args: readonly Value[]): Value | undefined;
}

/** The loops around what is evaluated, the innermost last; a position is undefined where nobody knows how many there are. */
export type Loops = readonly { readonly name: string; readonly index: number | undefined }[];

/** Works out the expressions in a template, as far as they are certain, and notes what they refer to. */
export class Evaluator {
  readonly #names: Names;
  readonly #work: Work;
  readonly #loops: Loops;
  readonly #refer: (reference: Reference) => void;

  constructor(names: Names, work: Work, refer: (reference: Reference) => void, loops: Loops = []) {
    this.#names = names;
    this.#work = work;
    this.#refer = refer;
    this.#loops = loops;
  }

  /** The same with one more loop around. */
  inLoop(name: string, index: number | undefined): Evaluator {
    return new Evaluator(this.#names, this.#work, this.#refer, [...this.#loops, { name, index }]);
  }

  /** The same, noting references elsewhere. */
  noting(refer: (reference: Reference) => void): Evaluator {
    return new Evaluator(this.#names, this.#work, refer, this.#loops);
  }

  /** A value of the template with its expressions worked out; what is open is an OpenValue. */
  value(value: Value): Value {
    this.#work.spend(1);
    if (typeof value === "string") return this.#text(value);
    if (isList(value)) return value.map((item) => this.value(item));
    if (!isObject(value)) return value;
    const object = emptyObject();
    for (const [key, item] of Object.entries(value)) {
      if (key === "copy" && isList(item)) Object.assign(object, this.#copies(item));
      else object[this.#key(key)] = this.value(item);
    }
    return object;
  }

  /** The lists that a `copy` beside properties or variables makes, by their names. */
  #copies(loops: readonly Value[]): ValueObject {
    const made = emptyObject();
    for (const loop of loops) {
      if (!isObject(loop) || typeof loop.name !== "string") continue;
      const { name, input = null } = loop;
      const indices = this.indices(loop.count);
      made[name] =
        indices?.map((index) => this.inLoop(name, index).value(input)) ??
        openCall("copy", [this.value(loop.count ?? null), this.inLoop(name, undefined).value(input)]);
    }
    return made;
  }

  /** The positions of a loop; undefined where nobody knows how many there are. Azure allows 800. */
  indices(count: Value | undefined): readonly number[] | undefined {
    const times = this.value(count ?? null);
    if (typeof times !== "number" || !(times >= 0 && times <= 800)) return undefined;
    return Array.from({ length: times }, (_, i) => i);
  }

  #key(key: string): string {
    const name = isExpression(key) ? this.#text(key) : key;
    return typeof name === "string" ? name : key;
  }

  #text(text: string): Value {
    if (!isExpression(text)) return text.startsWith("[[") ? text.slice(1) : text;
    const expression = parseExpression(text);
    return expression === undefined ? new OpenValue(text.slice(1, -1)) : this.#evaluate(expression);
  }

  #evaluate(expression: Expression): Value {
    this.#work.spend(1);
    if (expression.kind === "literal") return expression.value;
    const result = this.#work.deeper(() =>
      expression.kind === "member" ? this.#member(expression) : this.#call(expression.name, expression.args),
    );
    if (typeof result === "string") this.#work.spend(result.length);
    else if (result instanceof OpenValue) this.#work.spend(result.text.length + result.key.length);
    else if (isList(result)) this.#work.spend(result.length);
    return result;
  }

  #call(name: string, args: readonly Expression[]): Value {
    const lower = name.toLowerCase();
    if (lower === "if") return this.#choice(args);
    const values = args.map((arg) => this.#evaluate(arg));
    if (isRuntime(lower)) return this.#runtime(name, values, []);
    return withoutSecrets(values, (plain) => this.#result(name, lower, plain));
  }

  #result(name: string, lower: string, args: readonly Value[]): Value {
    const [first] = args;
    const own = Object.hasOwn(FUNCTIONS, lower) ? FUNCTIONS[lower]?.(args) : undefined;
    if (own !== undefined) return own;
    if (lower === "copyindex") return this.#copyIndex(args);
    if (lower === "parameters" && typeof first === "string")
      return this.#names.parameter(first) ?? openCall(name, args);
    if (lower === "variables" && typeof first === "string")
      return this.#names.variable(first) ?? openCall(name, args);
    const id = resourceIdOf(name, args, this.#names.place);
    if (id !== undefined) {
      this.#refer({ key: keyOfId(id), attribute: "id" });
      return id;
    }
    return this.#names.call(lower, args) ?? openCall(name, args);
  }

  /** Only the branch that is taken counts; where that is open, both do. */
  #choice([test, yes, no]: readonly Expression[]): Value {
    const branch = (expression: Expression | undefined) =>
      expression === undefined ? null : this.#evaluate(expression);
    const answer = branch(test);
    if (typeof answer === "boolean") return branch(answer ? yes : no);
    const branches = [branch(yes), branch(no)] as const;
    return sameValue(...branches) ? branches[0] : openCall("if", [answer, ...branches]);
  }

  #copyIndex(args: readonly Value[]): Value {
    const [name] = args.filter((arg) => typeof arg === "string");
    const [offset = 0] = args.filter((arg) => typeof arg === "number");
    const loop = name === undefined ? this.#loops.at(-1) : this.#loops.findLast((one) => one.name === name);
    return loop?.index === undefined ? openCall("copyIndex", args) : loop.index + offset;
  }

  #member(expression: Member): Value {
    const keys: Value[] = [];
    let of: Expression = expression;
    for (; of.kind === "member"; of = of.of) keys.unshift(this.#evaluate(of.key));
    if (of.kind === "call" && isRuntime(of.name)) {
      return this.#runtime(
        of.name,
        of.args.map((arg) => this.#evaluate(arg)),
        keys,
      );
    }
    const key = keys.at(-1) ?? null;
    const held = this.#evaluate(expression.of);
    return withoutSecrets([held, key], ([inside = null]) => {
      if (isList(inside) && typeof key === "number" && inside[key] !== undefined) return inside[key];
      if (isObject(inside) && typeof key === "string") {
        const found = memberOf(inside, key);
        if (found !== undefined || expression.isSafe) return found ?? null;
      }
      if (inside === null && expression.isSafe) return null;
      const open = openMember(inside, key);
      return this.#ofThePlace(open) ?? open;
    });
  }

  /** What is asked of the place that the template is deployed to. */
  #ofThePlace({ text }: OpenValue): Value | undefined {
    const { place } = this.#names;
    switch (text.toLowerCase()) {
      case "subscription().subscriptionid":
        return place.subscription;
      case "subscription().id":
        return scopeId({ ...place, level: "subscription" });
      case "resourcegroup().name":
        return place.group;
      case "resourcegroup().id":
        return scopeId({ ...place, level: "resource-group" });
      default:
        return undefined;
    }
  }

  /** What only Azure can tell of a resource that is there: its state, or its keys. */
  #runtime(name: string, args: readonly Value[], keys: readonly Value[]): Value {
    const [target] = args;
    const isSecret = name.toLowerCase().startsWith("list");
    const path = keys.filter((key) => typeof key === "string").join(".");
    if (isTextual(target)) {
      this.#refer({ key: keyOfId(target), attribute: isSecret ? "access_key" : attributeName(path) });
    }
    const open = keys.reduce<OpenValue>((of, key) => openMember(of, key), openCall(name, args));
    return isSecret ? new Secret(open) : open;
  }
}

/** Functions that ask Azure: `reference`, `resourceInfo`, and `listKeys` and its like, which give credentials. */
function isRuntime(name: string): boolean {
  return /^(?:references?|resourceinfo|list[a-z]*)$/i.test(name);
}

/** `primaryEndpoints.blob` as the words that tell how one resource uses another. */
function attributeName(path: string): string {
  return path.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** What is made of something secret is secret. */
function withoutSecrets(values: readonly Value[], make: (plain: readonly Value[]) => Value): Value {
  if (!values.some((value) => value instanceof Secret)) return make(values);
  return new Secret(make(values.map((value) => (value instanceof Secret ? value.reveal() : value))));
}
