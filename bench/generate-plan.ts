import { closeSync, openSync, writeSync } from "node:fs";
import { CONFIGURATION, type Resource, SITE_SIZE, siteResources } from "./estate.ts";

export interface PlanSpec {
  readonly resources: number;
  /** A tenth of the resources, or each of them. */
  readonly changes: "some" | "all";
}

const FORMAT = { format_version: "1.2", terraform_version: "1.9.8" };

/**
 * Writes a plan of an Azure estate as `terraform show -json` writes it: compact, values told in `planned_values`,
 * `resource_changes` and `prior_state`. The document is written in pieces, so that its size does not matter.
 */
export function writePlan(file: string, spec: PlanSpec): void {
  const out = new Writer(file);
  try {
    out.write(`${JSON.stringify(FORMAT).slice(0, -1)},"variables":{"environment":{"value":"production"}}`);
    out.write(',"planned_values":{"root_module":{"child_modules":[');
    writeModules(out, spec, (resource) => valuesOf(resource, resource.after));
    out.write(']}},"resource_changes":[');
    let isFirst = true;
    for (const resource of estate(spec)) {
      out.write(`${isFirst ? "" : ","}${JSON.stringify(changeOf(resource))}`);
      isFirst = false;
    }
    out.write(
      `],"prior_state":${JSON.stringify(FORMAT).slice(0, -1)},"values":{"root_module":{"child_modules":[`,
    );
    writeModules(out, spec, (resource) => valuesOf(resource, resource.before));
    out.write(`]}}},"configuration":${JSON.stringify(CONFIGURATION)}`);
    out.write(',"timestamp":"2026-01-31T12:00:00Z","applyable":true,"complete":true,"errored":false}\n');
  } finally {
    out.close();
  }
}

function* estate({ resources, changes }: PlanSpec): Generator<Resource> {
  let left = resources;
  for (let site = 0; left > 0; site++) {
    for (const resource of siteResources(site, changes).slice(0, left)) yield resource;
    left -= SITE_SIZE;
  }
}

/** The modules of the estate, each with its resources. */
function writeModules(out: Writer, spec: PlanSpec, show: (resource: Resource) => object): void {
  let open: string | undefined;
  for (const resource of estate(spec)) {
    if (resource.module === open) out.write(",");
    else {
      out.write(`${open === undefined ? "" : `],"address":${JSON.stringify(open)}},`}{"resources":[`);
      open = resource.module;
    }
    out.write(JSON.stringify(show(resource)));
  }
  if (open !== undefined) out.write(`],"address":${JSON.stringify(open)}}`);
}

const PROVIDER = "registry.terraform.io/hashicorp/azurerm";

function headOf({ module, type, name, key }: Resource) {
  return {
    address: `${module}.${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`,
    mode: "managed",
    type,
    name,
    ...(key !== undefined && { index: key }),
    provider_name: PROVIDER,
  };
}

function valuesOf(resource: Resource, values: object) {
  return { ...headOf(resource), schema_version: 0, values, sensitive_values: resource.sensitive };
}

function changeOf(resource: Resource) {
  const { module, before, after, sensitive } = resource;
  const { address, ...head } = headOf(resource);
  return {
    address,
    module_address: module,
    ...head,
    change: {
      actions: [resource.isChanged ? "update" : "no-op"],
      before,
      after,
      after_unknown: {},
      before_sensitive: sensitive,
      after_sensitive: sensitive,
    },
  };
}

/** A file that is written in large pieces. */
class Writer {
  readonly #fd: number;
  #pending: string[] = [];
  #length = 0;

  constructor(file: string) {
    this.#fd = openSync(file, "w");
  }

  write(text: string): void {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length > 1 << 20) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending.join(""));
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    this.#pending = [];
    this.#length = 0;
  }
}
