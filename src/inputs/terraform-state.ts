import { translateTerraform } from "../dialects/terraform-kubernetes.ts";
import type { Change, Provider } from "../model/change.ts";
import { maskCredential } from "../model/credentials.ts";
import type { Deployment, Edge, Problem } from "../model/deployment.ts";
import { InputError } from "../model/errors.ts";
import { emptyObject, isList, isObject, Secret, type Value } from "../model/value.ts";
import { type Input, readJson } from "./input.ts";
import { asList, asObject, asText, type JsonObject, member, toValue } from "./json-value.ts";
import { nameOf } from "./name.ts";
import type { Reader } from "./reader.ts";

/**
 * Reads what Terraform or OpenTofu believes to exist: a state file of version 4, or `show -json` of a state. Nothing in it
 * changes, so every resource is kept.
 */
export const terraformState: Reader = {
  read(input: Input): readonly Deployment[] {
    const document = asObject(readJson(input));
    if (document === undefined)
      throw new InputError(`${input.path} is not a Terraform state: it is not a JSON object`);
    const isShown = member(document, "format_version") !== undefined;
    const found = isShown ? shownState(input, document) : stateFile(input, document);
    return [
      {
        host: "terraform-state",
        name: nameOf(input.path).replace(/^terraform\./, ""),
        knows: "before-and-after",
        ...found,
      },
    ];
  },
};

/** Whether a document with these top-level keys is a Terraform state, as a file or as `show -json` prints it. */
export function recogniseTerraformState(keys: readonly string[]): boolean {
  const has = (key: string) => keys.includes(key);
  // `show -json` of an empty state is nothing but its format.
  if (has("format_version")) return keys.every((key) => SHOWN_STATE.has(key));
  return has("serial") && (has("lineage") || has("terraform_version") || has("resources") || has("modules"));
}

const SHOWN_STATE: ReadonlySet<string> = new Set(["format_version", "terraform_version", "values", "checks"]);

type Found = Pick<Deployment, "changes" | "edges" | "problems">;

/** The state file itself (`terraform state pull`). */
function stateFile(input: Input, document: JsonObject): Found {
  const version = member(document, "version");
  if (member(document, "encrypted_data") !== undefined) {
    throw new InputError(
      `${input.path} is a state that OpenTofu has encrypted: give what \`tofu show -json\` makes of it`,
    );
  }
  if (version !== 4) {
    const hint =
      typeof version === "number" && version < 4
        ? "which Terraform 0.11 and older wrote; let a newer Terraform rewrite it with `terraform apply -refresh-only`"
        : "which this version of Firebreak does not know";
    throw new InputError(
      `${input.path} is a state of version ${String(version ?? "(none)")}, ${hint}; version 4 is read`,
    );
  }
  const changes: Change[] = [];
  const edges: Edge[] = [];
  const dependenciesOf = new Map<string, ReadonlySet<string>>();
  const problems: Problem[] = [];
  for (const resource of asList(member(document, "resources")).map(asObject)) {
    const type = asText(member(resource, "type"));
    const name = asText(member(resource, "name"));
    if (resource === undefined || type === undefined || name === undefined) {
      problems.push({
        message: `${input.path} holds a resource without type or name, which is left out.`,
        source: { file: input.path },
        severity: "error",
      });
      continue;
    }
    const isData = member(resource, "mode") === "data";
    const module = asText(member(resource, "module"));
    const address = `${module === undefined ? "" : `${module}.`}${isData ? "data." : ""}${type}.${name}`;
    const provider = providerOf(asText(member(resource, "provider")) ?? "");
    for (const instance of asList(member(resource, "instances")).map(asObject)) {
      // A deposed object is what a replacement has not destroyed yet; the current one beside it is the resource.
      if (instance === undefined || member(instance, "deposed") !== undefined) continue;
      const instanceAddress = `${address}${keySuffix(member(instance, "index_key"))}`;
      changes.push(kept(instanceAddress, name, type, isData, stateValue(instance), provider, input.path));
      const dependencies = asList(member(instance, "dependencies")).filter((to) => typeof to === "string");
      dependenciesOf.set(address, new Set(dependencies));
      for (const to of dependencies) edges.push({ from: instanceAddress, to });
    }
  }
  return { changes, edges: edges.filter((edge) => isDirect(edge, dependenciesOf)), problems };
}

/**
 * A state lists with each resource all that it depends on, through others too. What one of the others leads to anyway is
 * left out, so that an edge means a direct dependency as it does everywhere.
 */
function isDirect({ from, to }: Edge, dependenciesOf: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  for (const other of dependenciesOf.get(withoutLastKey(from)) ?? []) {
    if (other !== to && dependenciesOf.get(other)?.has(to)) return false;
  }
  return true;
}

function withoutLastKey(address: string): string {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]$/, "");
}

/** `terraform show -json` of a state: `values.root_module`, modules inside modules. */
function shownState(input: Input, document: JsonObject): Found {
  const version = String(member(document, "format_version"));
  if (!/^[01]\./.test(version)) {
    throw new InputError(
      `${input.path} is a state in format ${version}, which this version of Firebreak does not know; 0.x and 1.x are read`,
    );
  }
  const changes: Change[] = [];
  const edges: Edge[] = [];
  const modules = [asObject(member(asObject(member(document, "values")), "root_module"))];
  for (let module = modules.shift(); module !== undefined; module = modules.shift()) {
    modules.push(
      ...asList(member(module, "child_modules"))
        .map(asObject)
        .filter((child) => child !== undefined),
    );
    for (const resource of asList(member(module, "resources")).map(asObject)) {
      const address = asText(member(resource, "address"));
      const type = asText(member(resource, "type")) ?? "";
      if (address === undefined) continue;
      const value = toValue(member(resource, "values") ?? {}, maskCredential);
      const masked = maskMarked(value, member(resource, "sensitive_values"));
      const isData = member(resource, "mode") === "data";
      const name = asText(member(resource, "name")) ?? address;
      const provider = providerOf(asText(member(resource, "provider_name")) ?? "");
      changes.push(kept(address, name, type, isData, masked, provider, input.path));
      for (const to of asList(member(resource, "depends_on"))) {
        if (typeof to === "string")
          edges.push({ from: address, to: inModule(asText(member(module, "address")), to) });
      }
    }
  }
  return { changes, edges, problems: [] };
}

function kept(
  address: string,
  name: string,
  type: string,
  isData: boolean,
  value: Value,
  provider: Provider | undefined,
  file: string,
): Change {
  const translated = translateTerraform(type, value);
  return {
    address,
    name,
    type: translated.type,
    nativeType: type,
    action: isData ? "read" : "keep",
    before: translated.value,
    after: translated.value,
    ...(translated.spell && { spell: translated.spell }),
    ...(provider === undefined ? {} : { provider }),
    source: { file },
  };
}

/** `depends_on` of a shown state is relative to its module in older formats and absolute in newer ones. */
function inModule(module: string | undefined, address: string): string {
  return module === undefined || address.startsWith("module.") ? address : `${module}.${address}`;
}

/** `provider["registry.terraform.io/hashicorp/azurerm"].alias`, `provider.azurerm` or the bare name. */
function providerOf(text: string): Provider | undefined {
  const name = (
    /\["([^"]+)"\]/.exec(text)?.[1] ??
    text.replace(/^(?:module\.[^.]+\.)*provider\./, "").replace(/\..*$/s, "")
  )
    .split("/")
    .at(-1);
  return name === undefined || name === "" ? undefined : { name };
}

function keySuffix(key: unknown): string {
  if (typeof key === "number") return `[${key}]`;
  return typeof key === "string" ? `[${JSON.stringify(key)}]` : "";
}

function stateValue(instance: JsonObject): Value {
  let value = toValue(
    member(instance, "attributes") ?? member(instance, "attributes_flat") ?? {},
    maskCredential,
  );
  for (const path of asList(member(instance, "sensitive_attributes"))) value = maskAt(value, stepsOf(path));
  return value;
}

/** A path in a state: steps `{type: "get_attr", value}` and `{type: "index", value: {value}}`; older states nest it. */
function stepsOf(path: unknown): readonly string[] {
  return asList(path).map((step) => {
    const value = member(asObject(step), "value");
    return String(member(asObject(value), "value") ?? value);
  });
}

/** The value with everything at the path made secret; a step into a set, which has no index, hides the whole set. */
function maskAt(value: Value, steps: readonly string[]): Value {
  const [step, ...rest] = steps;
  if (value === null || value instanceof Secret) return value;
  if (step === undefined) return new Secret(value);
  if (isList(value)) {
    const index = Number(step);
    if (!Number.isInteger(index) || value[index] === undefined) return new Secret(value);
    return value.map((item, i) => (i === index ? maskAt(item, rest) : item));
  }
  if (!isObject(value) || !Object.hasOwn(value, step)) return value;
  const masked = emptyObject();
  for (const [key, item] of Object.entries(value)) masked[key] = key === step ? maskAt(item, rest) : item;
  return masked;
}

/** The value with everything secret that `sensitive_values`, which has its shape, marks with true. */
function maskMarked(value: Value, marks: unknown): Value {
  if (marks === true) return value === null || value instanceof Secret ? value : new Secret(value);
  if (isList(value)) return value.map((item, i) => maskMarked(item, asList(marks)[i]));
  const marked = asObject(marks);
  if (!isObject(value) || marked === undefined) return value;
  const masked = emptyObject();
  for (const [key, item] of Object.entries(value)) masked[key] = maskMarked(item, member(marked, key));
  return masked;
}
