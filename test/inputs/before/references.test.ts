// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import { describe, expect, it } from "vitest";
import { withBefore } from "../../../src/inputs/before.ts";
import { StackReader } from "../../../src/inputs/cdktf/stack-reader.ts";
import { memoryInput } from "../../../src/inputs/input.ts";
import type { JsonObject } from "../../../src/inputs/json-value.ts";
import { terraformState } from "../../../src/inputs/terraform-state.ts";
import type { Change } from "../../../src/model/change.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import { Secret, Unknown, type ValueObject } from "../../../src/model/value.ts";

const GATEWAY = "azurerm_application_gateway.edge";
const SECRET = "https://shared.vault.azure.net/secrets/site";
const VERSION = "0123456789abcdef0123456789abcdef";

/** The stacks of one app, by name, each with its resources by type and name. */
function app(stacks: Readonly<Record<string, JsonObject>>): readonly Deployment[] {
  const listed = Object.entries(stacks).map(([name, document]) => ({
    name,
    path: `stacks/${name}/cdk.tf.json`,
    dependencies: [],
    errors: [],
    document,
  }));
  return new StackReader(".").read(listed);
}

/** The state of a stack: what exists, by address. */
function state(
  resources: Readonly<Record<string, object>>,
  name = "prod",
  sensitive: readonly string[] = [],
): Deployment {
  const document = {
    version: 4,
    serial: 1,
    lineage: "a",
    resources: Object.entries(resources).map(([address, attributes]) => {
      const [type, named = ""] = address.split(".");
      const key = /\["(.*)"\]$/.exec(named)?.[1];
      return {
        mode: "managed",
        type,
        name: named.replace(/\[.*/, ""),
        provider: 'provider["registry.terraform.io/hashicorp/azurerm"]',
        instances: [
          {
            ...(key !== undefined && { index_key: key }),
            attributes,
            sensitive_attributes: sensitive.map((value) => [{ type: "get_attr", value }]),
          },
        ],
      };
    }),
  };
  const [deployment] = terraformState.read(
    memoryInput(`${name}.tfstate`, Buffer.from(JSON.stringify(document))),
  );
  return deployment as Deployment;
}

const certificate = (name: string, rest: object = {}) => ({
  name,
  secret_id: `${SECRET}/${VERSION}`,
  versionless_secret_id: SECRET,
  thumbprint: "9D7C2F",
  ...rest,
});

function changeAt(deployments: readonly Deployment[], address: string, stack = "prod"): Change {
  const changes = deployments.find(({ name }) => name === stack)?.changes ?? [];
  const found = changes.find((change) => change.address === address);
  if (found === undefined)
    throw new Error(`no ${address} in ${changes.map((one) => one.address).join(", ")}`);
  return found;
}

/** What becomes of a gateway whose property is written like this, beside certificates and whatever else there is. */
function gateway(
  property: unknown,
  { configured = {}, existing = {}, was = null, rest = {} }: Partial<Scene> = {},
): Change {
  const document = {
    resource: {
      azurerm_key_vault_certificate: { site: { name: "site" }, ...configured },
      azurerm_application_gateway: { edge: { name: "edge", property } },
    },
    ...rest,
  };
  const before = state({
    "azurerm_key_vault_certificate.site": certificate("site"),
    [GATEWAY]: { name: "edge", property: was },
    ...existing,
  });
  return changeAt(withBefore(app({ prod: document }), [before]), GATEWAY);
}

interface Scene {
  /** Other certificates, or this one in another way. */
  readonly configured: object;
  /** What exists beside the certificate and the gateway, by address. */
  readonly existing: Readonly<Record<string, object>>;
  /** The gateway's property as it exists. */
  readonly was: unknown;
  readonly rest: JsonObject;
}

describe("a reference to what exists", () => {
  it.each<[string, unknown, unknown]>([
    ["as a whole", "${azurerm_key_vault_certificate.site.secret_id}", `${SECRET}/${VERSION}`],
    ["in a text", "x ${azurerm_key_vault_certificate.site.versionless_secret_id}", `x ${SECRET}`],
    ["in a function", '${join("/", [azurerm_key_vault_certificate.site.id, "a"])}', "/id/a"],
    ["through a local", "${local.used}", SECRET],
    ["in a block", { a: [{ b: "${azurerm_key_vault_certificate.site.id}" }] }, { a: [{ b: "/id" }] }],
    ["chosen", "${var.is ? azurerm_key_vault_certificate.site.id : null}", "/id"],
  ])("is what it stands for: %s", (_, property, expected) => {
    const change = gateway(property, {
      existing: { "azurerm_key_vault_certificate.site": certificate("site", { id: "/id" }) },
      was: "another",
      rest: {
        locals: { used: "${azurerm_key_vault_certificate.site.versionless_secret_id}" },
        variable: { is: { default: true } },
      },
    });
    expect(change).toMatchObject({ action: "update", before: { property: "another" } });
    expect((change.after as ValueObject).property).toEqual(expected);
  });

  it("that is there already changes nothing", () => {
    const property = "${azurerm_key_vault_certificate.site.secret_id}";
    expect(gateway(property, { was: `${SECRET}/${VERSION}` }).action).toBe("keep");
    expect(gateway(property, { was: SECRET }).action).toBe("update");
  });

  it("to another one is an update, though the provider makes the names of both", () => {
    const other = `${SECRET}-2/${VERSION}`;
    const change = gateway("${azurerm_key_vault_certificate.next.secret_id}", {
      configured: { next: { name: "next" } },
      existing: { "azurerm_key_vault_certificate.next": certificate("next", { secret_id: other }) },
      was: `${SECRET}/${VERSION}`,
    });
    expect(change).toMatchObject({ action: "update", after: { property: other } });
  });

  it("that changes is known by what only names it", () => {
    const scene = { configured: { site: { name: "site", tags: { a: "1" } } } };
    expect(gateway("${azurerm_key_vault_certificate.site.secret_id}", { ...scene, was: "x" })).toMatchObject({
      action: "update",
      after: { property: `${SECRET}/${VERSION}` },
    });
    const thumbprint = gateway("${azurerm_key_vault_certificate.site.thumbprint}", { ...scene, was: "x" });
    expect(thumbprint.action).toBe("keep");
  });

  it("that stays for certain is known by all its attributes", () => {
    const property = "${azurerm_key_vault_certificate.site.thumbprint}";
    expect(gateway(property, { was: "x" })).toMatchObject({
      action: "update",
      after: { property: "9D7C2F" },
    });
    // Whether it stays is not certain where what it is configured to be is not known.
    const configured = { site: { name: "site", tags: { a: "${var.a}" } } };
    expect(gateway(property, { configured, was: "x" }).action).toBe("keep");
  });

  it("that stays is known deep inside of a block that is configured", () => {
    const resource = {
      azurerm_linux_virtual_machine: { web: { identity: { type: "SystemAssigned" } } },
      azurerm_role_assignment: {
        reads: { principal_id: "${azurerm_linux_virtual_machine.web.identity[0].principal_id}" },
      },
    };
    const before = state({
      "azurerm_linux_virtual_machine.web": { identity: [{ type: "SystemAssigned", principal_id: "4444" }] },
      "azurerm_role_assignment.reads": { principal_id: "5555" },
    });
    const change = changeAt(
      withBefore(app({ prod: { resource } }), [before]),
      "azurerm_role_assignment.reads",
    );
    expect(change).toMatchObject({ action: "update", after: { principal_id: "4444" } });
  });

  it("is known by its instance's key, with or without Terraform telling the instances", () => {
    const existing = {
      'azurerm_key_vault_certificate.ring["a"]': certificate("a", { id: "/a" }),
      'azurerm_key_vault_certificate.ring["b"]': certificate("b", { id: "/b" }),
    };
    const configured = { ring: { for_each: '${toset(["a", "b"])}', name: "${each.key}" } };
    const change = gateway('${azurerm_key_vault_certificate.ring["b"].id}', {
      configured,
      existing,
      was: "x",
    });
    expect(change).toMatchObject({ after: { property: "/b" } });
    const resource = {
      azurerm_key_vault_certificate: { site: { name: "site" } },
      azurerm_application_gateway: {
        edge: { for_each: "${var.regions}", property: "${azurerm_key_vault_certificate.site.secret_id}" },
      },
    };
    const before = state({
      "azurerm_key_vault_certificate.site": certificate("site"),
      [`${GATEWAY}["x"]`]: { property: SECRET },
    });
    expect(changeAt(withBefore(app({ prod: { resource } }), [before]), `${GATEWAY}["x"]`)).toMatchObject({
      action: "update",
      after: { property: `${SECRET}/${VERSION}` },
    });
  });

  it("is secret where the state says so", () => {
    const before = state({ "azurerm_x.a": { key: "hunter2" }, "azurerm_y.b": { v: "old" } }, "prod", ["key"]);
    const resource = { azurerm_x: { a: {} }, azurerm_y: { b: { v: "see ${azurerm_x.a.key}" } } };
    const change = changeAt(withBefore(app({ prod: { resource } }), [before]), "azurerm_y.b");
    const { v } = change.after as ValueObject;
    expect(v).toBeInstanceOf(Secret);
    expect((v as Secret).reveal()).toBe("see hunter2");
    expect(JSON.stringify(change)).not.toContain("hunter2");
  });

  it("is read from what exists before a plan, not from what the plan would make", () => {
    const kept: Change = {
      address: "azurerm_x.a",
      name: "a",
      type: "azurerm_x",
      nativeType: "azurerm_x",
      action: "update",
      before: { id: "/old" },
      after: { id: "/new" },
    };
    const plan: Deployment = {
      host: "terraform-plan",
      name: "prod",
      knows: "before-and-after",
      changes: [kept, { ...kept, address: "azurerm_y.b", type: "azurerm_y", before: { v: "x" } }],
      edges: [],
      problems: [],
    };
    const resource = { azurerm_x: { a: {} }, azurerm_y: { b: { v: "${azurerm_x.a.id}" } } };
    expect(changeAt(withBefore(app({ prod: { resource } }), [plan]), "azurerm_y.b")).toMatchObject({
      action: "update",
      after: { v: "/old" },
    });
  });

  it("stays unknown against an older synth, which knows no more", () => {
    const document = {
      resource: { azurerm_x: { a: {} }, azurerm_y: { b: { v: "${azurerm_x.a.id}" } } },
    };
    const change = changeAt(withBefore(app({ prod: document }), app({ prod: document })), "azurerm_y.b");
    expect(change.action).toBe("keep");
    expect((change.after as ValueObject).v).toBeInstanceOf(Unknown);
  });

  it("leaves alone what ignore_changes names", () => {
    const resource = {
      azurerm_key_vault_certificate: { site: { name: "site" } },
      azurerm_application_gateway: {
        edge: {
          property: "${azurerm_key_vault_certificate.site.secret_id}",
          lifecycle: { ignore_changes: ["property"] },
        },
      },
    };
    const before = state({
      "azurerm_key_vault_certificate.site": certificate("site"),
      [GATEWAY]: { property: "x" },
    });
    expect(changeAt(withBefore(app({ prod: { resource } }), [before]), GATEWAY).action).toBe("keep");
  });

  it("ends where references go in a circle", () => {
    const resource = { a: { x: { v: "${a.y.w}", name: "x" }, y: { v: "${a.x.w}", name: "y" } } };
    const before = state({ "a.x": { v: "1", w: "2", name: "x" }, "a.y": { v: "1", w: "2", name: "y" } });
    const merged = withBefore(app({ prod: { resource } }), [before]);
    expect(merged[0]?.changes.map(({ address }) => address)).toEqual(["a.x", "a.y"]);
  });
});

describe("a reference to what is to be created", () => {
  const next = { configured: { next: { name: "next" } } };

  it.each<[string, unknown]>([
    ["as a whole", "${azurerm_key_vault_certificate.next.secret_id}"],
    ["in a text", "x/${azurerm_key_vault_certificate.next.id}"],
    ["in a function", '${lower(join(",", [azurerm_key_vault_certificate.next.id]))}'],
    ["in a document", '${jsonencode({"a" = [azurerm_key_vault_certificate.next.id]})}'],
    ["in a set", ["a", "${azurerm_key_vault_certificate.next.id}"]],
    ["chosen", "${true ? azurerm_key_vault_certificate.next.id : null}"],
    ["in a condition", '${azurerm_key_vault_certificate.next.id == "" ? "a" : "b"}'],
  ])("is unknown, and another value for certain: %s", (_, property) => {
    const was = Array.isArray(property) ? ["b", "a"] : "x";
    const change = gateway(property, { ...next, was });
    expect(change).toMatchObject({ action: "update", before: { property: was } });
    expect(JSON.stringify(change.after)).toContain("(known after apply)");
  });

  it("is none where something else is chosen", () => {
    const property = "${false ? azurerm_key_vault_certificate.next.id : local.old}";
    expect(gateway(property, { ...next, was: "x", rest: { locals: { old: "x" } } }).action).toBe("keep");
  });

  it("is known where the configuration says what it will be", () => {
    expect(gateway("${azurerm_key_vault_certificate.next.name}", { ...next, was: "next" }).action).toBe(
      "keep",
    );
  });

  it("is not taken for another value where it is imported: it exists, though its state does not say", () => {
    const rest = { import: [{ to: "azurerm_key_vault_certificate.next", id: "/id" }] };
    const property = "${azurerm_key_vault_certificate.next.id}";
    expect(gateway(property, { ...next, was: "x", rest }).action).toBe("keep");
  });
});

describe("a reference to another stack of the app", () => {
  const platform = (names: readonly string[], used: string): JsonObject => ({
    resource: {
      azurerm_key_vault_certificate: Object.fromEntries(names.map((name) => [name, { name }])),
    },
    output: {
      "cross-stack-output-used": {
        sensitive: true,
        value: `\${azurerm_key_vault_certificate.${used}.secret_id}`,
      },
    },
  });
  const ring: JsonObject = {
    data: { terraform_remote_state: { "cross-stack-reference-input-platform": { backend: "local" } } },
    resource: {
      azurerm_application_gateway: {
        edge: {
          property:
            "${data.terraform_remote_state.cross-stack-reference-input-platform.outputs.cross-stack-output-used}",
        },
      },
    },
  };
  const exists = state({ "azurerm_key_vault_certificate.site": certificate("site") }, "platform");
  const edge = (was: string) => state({ [GATEWAY]: { property: was } }, "ring");

  it("is resolved by the state of that stack", () => {
    const merged = withBefore(app({ platform: platform(["site"], "site"), ring }), [exists, edge("x")]);
    expect(changeAt(merged, GATEWAY, "ring")).toMatchObject({
      action: "update",
      after: { property: `${SECRET}/${VERSION}` },
    });
  });

  it("is another value where something new takes the place of what exists", () => {
    const after = app({ platform: platform(["site", "next"], "next"), ring });
    const merged = withBefore(after, [exists, edge(`${SECRET}/${VERSION}`)]);
    const change = changeAt(merged, GATEWAY, "ring");
    expect(change.action).toBe("update");
    expect((change.after as ValueObject).property).toBeInstanceOf(Unknown);
  });

  it("is resolved for a stack of which nothing exists", () => {
    const merged = withBefore(app({ platform: platform(["site"], "site"), ring }), [exists]);
    expect(changeAt(merged, GATEWAY, "ring")).toMatchObject({
      action: "create",
      after: { property: `${SECRET}/${VERSION}` },
    });
  });

  it("is never resolved by the state of another app, whatever its stacks are called", () => {
    const merged = withBefore(
      [...app({ platform: platform(["site"], "site") }), ...app({ ring })],
      [exists, edge("x")],
    );
    expect(changeAt(merged, GATEWAY, "ring").action).toBe("keep");
  });

  it("stays unknown where two stacks have one name", () => {
    const doubled = new StackReader(".").read(
      [platform(["site"], "site"), platform(["site"], "site"), ring].map((document, i) => ({
        name: i < 2 ? "platform" : "ring",
        path: `${i}/cdk.tf.json`,
        dependencies: [],
        errors: [],
        document,
      })),
    );
    expect(changeAt(withBefore(doubled, [exists, edge("x")]), GATEWAY, "ring").action).toBe("keep");
  });
});

describe("a chain of references through many stacks", () => {
  const STACKS = 40;
  const LENGTH = 4_000;
  const name = (i: number) => `s${i % STACKS}`;
  const output = (i: number) =>
    `\${data.terraform_remote_state.cross-stack-reference-input-${name(i)}.outputs.o${i}}`;

  /** Stacks that hand a value on to one another, by outputs that are worth this, and the resources that use them. */
  function chain(
    value: (i: number) => string,
    isUser: (i: number) => boolean,
  ): Readonly<Record<string, JsonObject>> {
    const inputs = Array.from({ length: STACKS }, (_, i) => [
      `cross-stack-reference-input-${name(i)}`,
      { backend: "local" },
    ]);
    const stacks = Array.from({ length: STACKS }, (_, s) => {
      const own = Array.from({ length: LENGTH / STACKS }, (_, i) => i * STACKS + s).reverse();
      const resources = own
        .filter(isUser)
        .map((i) => [`r${i}`, { v: i === 0 ? "w" : output(i - 1) }] as const);
      return {
        data: { terraform_remote_state: Object.fromEntries(inputs) },
        output: Object.fromEntries(own.map((i) => [`o${i}`, { value: value(i) }])),
        resource: { azurerm_x: Object.fromEntries(resources) },
      };
    });
    return Object.fromEntries(stacks.map((stack, s) => [name(s), stack]));
  }

  it.each<[string, (i: number) => string, (i: number) => boolean]>([
    ["outputs of outputs", (i) => (i === 0 ? "w" : output(i - 1)), (i) => i === LENGTH - 1],
    ["attributes of what stays", (i) => `\${azurerm_x.r${i}.w}`, () => true],
  ])("ends somewhere: %s", (_, value, isUser) => {
    const stacks = chain(value, isUser);
    const states = Object.entries(stacks).map(([stack, { resource }]) => {
      const { azurerm_x } = resource as { azurerm_x: object };
      const existing = Object.keys(azurerm_x).map((one) => [`azurerm_x.${one}`, { v: "w", w: "w" }]);
      return state(Object.fromEntries(existing), stack);
    });
    const merged = withBefore(app(stacks), states);
    const actions = merged.flatMap(({ changes }) => changes.map(({ action }) => action));
    expect(new Set(actions)).toEqual(new Set(["read", "keep"]));
  });
});

describe("between two configurations", () => {
  const subnet = (name: string) => ({ [name]: { name } });
  const nic = (one: string, other: string) => ({
    prod: {
      resource: {
        azurerm_subnet: { ...subnet("a"), ...subnet("b") },
        azurerm_network_interface: {
          nic: {
            name: "nic",
            first: `\${azurerm_subnet.${one}.id}`,
            second: `\${azurerm_subnet.${other}.id}`,
          },
        },
      },
    },
  });

  it("the same reference is the same value, and another one is another, wherever it stands", () => {
    const [same] = withBefore(app(nic("a", "b")), app(nic("a", "b")));
    expect(same?.changes.map(({ action }) => action)).toEqual(["keep", "keep", "keep"]);
    const [swapped] = withBefore(app(nic("b", "a")), app(nic("a", "b")));
    expect(swapped?.changes.map(({ action }) => action).sort()).toEqual(["keep", "keep", "update"]);
  });
});
