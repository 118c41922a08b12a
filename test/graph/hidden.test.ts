import { describe, expect, it } from "vitest";
import { declaredEdges } from "../../src/graph/declared.ts";
import { Collector } from "../../src/graph/edges.ts";
import { hiddenEdges } from "../../src/graph/hidden.ts";
import { Texts } from "../../src/graph/texts.ts";
import { Secret, UNKNOWN, type Value } from "../../src/model/value.ts";
import { deploymentOf, type Expected, reachOf, resource } from "./support.ts";

const SUB = "/subscriptions/0000/resourceGroups/rg/providers";
const ACCOUNT_ID = `${SUB}/Microsoft.Storage/storageAccounts/vmext`;
const account = resource("azurerm_storage_account.vmext", {
  name: "vmext",
  id: ACCOUNT_ID,
  primary_blob_endpoint: "https://vmext.blob.core.windows.net/",
  primary_web_host: "vmext.z6.web.core.windows.net",
});
const bucket = resource("aws_s3_bucket.assets", {
  bucket: "assets-prod",
  id: "assets-prod",
  arn: "arn:aws:s3:::assets-prod",
  bucket_regional_domain_name: "assets-prod.s3.eu-west-1.amazonaws.com",
});
const gcs = resource("google_storage_bucket.media", { name: "media-prod", location: "EU" });
const role = resource("aws_iam_role.worker", {
  name: "worker",
  id: "worker",
  arn: "arn:aws:iam::123456789012:role/worker",
});

/** What a resource with these properties has to do with each of the above. */
function via(
  properties: { readonly [key: string]: Value },
  of = account,
  address = "some_app.one",
): string | undefined {
  const app = resource(address, properties);
  return reachOf(of.address, deploymentOf([account, bucket, gcs, role, app]))[address];
}

describe("a text that names a resource is a dependency", () => {
  it.each<[string, { readonly [key: string]: Value }, Expected]>([
    ["a URL", { url: "https://vmext.blob.core.windows.net/ext/agent.zip" }, "*endpoint"],
    ["a URL in other case", { url: "HTTPS://VMEXT.Blob.Core.Windows.Net/ext" }, "*endpoint"],
    ["a URL among words", { script: "curl -fsS https://vmext.blob.core.windows.net/a | sh" }, "*endpoint"],
    ["a URL at the end of a sentence", { note: "see vmext.blob.core.windows.net." }, "*endpoint"],
    ["a full domain name", { records: ["vmext.blob.core.windows.net."] }, "*endpoint"],
    ["a host with a port", { host: "vmext.blob.core.windows.net:443" }, "*endpoint"],
    ["another service of the account", { host: "vmext.dfs.core.windows.net" }, "*endpoint"],
    [
      "what only a property of the account tells",
      { origin: "https://vmext.z6.web.core.windows.net" },
      "*endpoint",
    ],
    ["a filesystem URL", { path: "abfss://data@vmext.dfs.core.windows.net/raw" }, "*endpoint"],
    ["a key of a map", { map: { "https://vmext.blob.core.windows.net/x": 1 } }, "*endpoint"],
    [
      "JSON inside JSON",
      { json: JSON.stringify({ a: ["https://vmext.blob.core.windows.net/x"] }) },
      "*endpoint",
    ],
    [
      "JSON inside JSON, behind a line feed",
      { json: JSON.stringify({ hosts: "a\nvmext.blob.core.windows.net\nb" }) },
      "*endpoint",
    ],
    [
      "JSON inside JSON inside JSON",
      { json: JSON.stringify(JSON.stringify("x\tvmext.blob.core.windows.net")) },
      "*endpoint",
    ],
    ["an escaped ampersand before it", { json: '{"q":"a\\u0026vmext.blob.core.windows.net"}' }, "*endpoint"],
    ["a secret", { url: new Secret("https://vmext.blob.core.windows.net/x") }, "*endpoint"],
    [
      "a shared access signature",
      { url: "https://vmext.blob.core.windows.net/x?sv=2022&sig=abc%3D" },
      "*credential",
    ],
    [
      "a connection string",
      { c: "BlobEndpoint=https://vmext.blob.core.windows.net/;AccountKey=abc==" },
      "*credential",
    ],
    [
      "a connection string by name",
      { c: "DefaultEndpointsProtocol=https;AccountName=vmext;AccountKey=abc==" },
      "*credential",
    ],
    ["user and password", { u: "https://user:word@vmext.blob.core.windows.net/x" }, "*credential"],
    [
      "a password elsewhere in the text",
      { s: "curl https://vmext.blob.core.windows.net/x\nlogin --password=x" },
      "*endpoint",
    ],
    [
      "a signature of another URL",
      { s: "https://vmext.blob.core.windows.net/x https://o.example/?sig=1" },
      "*endpoint",
    ],
    ["the id", { storage_account_id: ACCOUNT_ID }, "*id"],
    ["the id of something inside it", { scope: `${ACCOUNT_ID}/blobServices/default` }, "*id"],
    ["the name, where names stand", { storage_account_name: "vmext" }, "*name"],
    [
      "endpoint and id: the more telling one",
      { storage_account_id: ACCOUNT_ID, u: "https://vmext.blob.core.windows.net" },
      "*endpoint",
    ],
    ["the name anywhere else", { description: "vmext", other: "AccountName", list: ["vmext"] }, undefined],
    [
      "a longer host",
      { u: "https://vmext2.blob.core.windows.net", v: "xvmext.blob.core.windows.net" },
      undefined,
    ],
    [
      "a host below it",
      { u: "https://vmext.blob.core.windows.net.example.com", v: "a.vmext.blob.core.windows.net" },
      undefined,
    ],
    ["a longer id", { scope: `${ACCOUNT_ID}2`, b: `${ACCOUNT_ID}.old` }, undefined],
    [
      "a longer name behind AccountName",
      { c: "AccountName=vmext2;AccountKey=x", d: "XAccountName=vmext" },
      undefined,
    ],
    ["what is not known", { u: UNKNOWN, v: new Secret(UNKNOWN) }, undefined],
  ])("%s", (_, properties, expected) => expect(via(properties)).toBe(expected));

  it.each<[string, { readonly [key: string]: Value }, typeof bucket, Expected]>([
    ["s3://", { from: "s3://assets-prod/x" }, bucket, "*id"],
    [
      "the ARN of objects",
      { policy: JSON.stringify({ Resource: ["arn:aws:s3:::assets-prod/*"] }) },
      bucket,
      "*id",
    ],
    ["virtual host", { u: "https://assets-prod.s3.amazonaws.com/x" }, bucket, "*endpoint"],
    ["path style", { u: "https://s3.amazonaws.com/assets-prod/x" }, bucket, "*endpoint"],
    ["regional host", { domain_name: "assets-prod.s3.eu-west-1.amazonaws.com" }, bucket, "*endpoint"],
    [
      "a presigned URL",
      { u: "https://assets-prod.s3.amazonaws.com/x?X-Amz-Signature=1" },
      bucket,
      "*credential",
    ],
    ["a bucket property", { bucket: "assets-prod" }, bucket, "*id"],
    ["the bare name elsewhere", { tags: { product: "assets-prod" } }, bucket, undefined],
    [
      "a longer bucket",
      { from: "s3://assets-prod-2/x", arn: "arn:aws:s3:::assets-prod2" },
      bucket,
      undefined,
    ],
    ["gs://", { from: "gs://media-prod/x" }, gcs, "*id"],
    ["a storage URL", { u: "https://storage.googleapis.com/media-prod/x" }, gcs, "*endpoint"],
    ["an id that is a word, under a property of its kind", { role: "worker" }, role, "*id"],
    [
      "an id that is a word, anywhere else",
      { tags: { kind: "worker" }, command: "run worker now" },
      role,
      undefined,
    ],
    ["an ARN", { role_arn: "arn:aws:iam::123456789012:role/worker" }, role, "*id"],
  ])("%s", (_, properties, of, expected) => expect(via(properties, of)).toBe(expected));

  it.each([
    ["azurerm_cosmosdb_sql_database.one", undefined],
    ["azurerm_data_factory_dataset.one", "*name"],
  ])("account_name of %s names an account of its own service", (address, expected) => {
    expect(via({ account_name: "vmext" }, account, address)).toBe(expected);
  });
});

describe("a text that names a resource is no dependency where it says who uses it", () => {
  const vm = resource("azurerm_linux_virtual_machine.web", {
    id: `${SUB}/Microsoft.Compute/virtualMachines/web`,
  });
  const nic = resource("azurerm_network_interface.web", {
    id: `${SUB}/Microsoft.Network/networkInterfaces/web`,
    virtual_machine_id: `${SUB}/Microsoft.Compute/virtualMachines/web`,
  });

  it("because the other one declares the opposite", () => {
    expect(reachOf(vm.address, deploymentOf([vm, nic]))).toEqual({ [nic.address]: "*id" });
    const declared = deploymentOf([vm, nic], [[vm.address, nic.address]]);
    expect(reachOf(vm.address, declared)).toEqual({});
    expect(reachOf(nic.address, declared)).toEqual({ [vm.address]: "reference" });
  });

  it("because the others declare the opposite for all instances", () => {
    const pairs = ["a", "b", "c"].map((key) => {
      const id = `${SUB}/Microsoft.Compute/virtualMachines/${key}`;
      return [
        resource(`azurerm_linux_virtual_machine.web["${key}"]`, { id }),
        resource(`azurerm_network_interface.web["${key}"]`, {
          id: `${SUB}/nics/${key}`,
          virtual_machine_id: id,
        }),
      ];
    });
    const edges = [["azurerm_linux_virtual_machine.web", "azurerm_network_interface.web"]] as const;
    expect(reachOf('azurerm_linux_virtual_machine.web["a"]', deploymentOf(pairs.flat(), edges))).toEqual({});
  });

  it("because it is inside: a network lists its subnets, a subnet's id holds its network's", () => {
    const id = `${SUB}/Microsoft.Network/virtualNetworks/hub`;
    const network = resource("azurerm_virtual_network.hub", { id, subnet: [{ id: `${id}/subnets/a` }] });
    const subnet = resource("azurerm_subnet.a", { id: `${id}/subnets/a` });
    expect(reachOf(subnet.address, deploymentOf([network, subnet]))).toEqual({});
    expect(reachOf(network.address, deploymentOf([network, subnet]))).toEqual({ [subnet.address]: "*id" });
  });

  it("because parts of one thing share its id", () => {
    const part = (type: string) => resource(`${type}.x`, { id: ACCOUNT_ID, storage_account_id: ACCOUNT_ID });
    const rules = part("azurerm_storage_account_network_rules");
    const site = part("azurerm_storage_account_static_website");
    const app = resource("some_app.one", { scope: ACCOUNT_ID });
    const estate = deploymentOf([account, rules, site, app]);
    expect(reachOf(account.address, estate)).toEqual({
      [rules.address]: "*id",
      [site.address]: "*id",
      [app.address]: "*id",
    });
    expect(reachOf(rules.address, estate)).toEqual({ [app.address]: "*id" });
  });

  it("but an endpoint that stands there is one, even in a circle", () => {
    const app = resource("azurerm_linux_web_app.api", { default_hostname: "api.azurewebsites.net" });
    const store = resource("azurerm_storage_account.cors", {
      name: "cors",
      origins: ["https://api.azurewebsites.net"],
    });
    expect(reachOf(app.address, deploymentOf([app, store], [[app.address, store.address]]))).toEqual({
      [store.address]: "*endpoint",
    });
  });

  it("nor does a resource depend on itself", () => {
    expect(reachOf(account.address, deploymentOf([account]))).toEqual({});
  });
});

it("who names the object that goes is hit by its replacement, whatever the new one is named", () => {
  const replaced = {
    ...account,
    action: "replace" as const,
    before: { name: "vmext", id: ACCOUNT_ID },
    after: { name: "vmext2", id: UNKNOWN },
  };
  const old = resource("some_app.old", { url: "https://vmext.blob.core.windows.net/agent.sh" });
  const next = resource("some_app.next", { url: "https://vmext2.blob.core.windows.net/agent.sh" });
  expect(reachOf(account.address, deploymentOf([replaced, old, next]))).toEqual({
    "some_app.old": "*endpoint",
    "some_app.next": "*endpoint",
  });
});

it("what is only read stands for somebody else's resource", () => {
  const data = resource(
    "data.azurerm_storage_account.vmext",
    { id: ACCOUNT_ID, name: "vmext" },
    { action: "read" },
  );
  const app = resource("some_app.one", {});
  const mine = deploymentOf([data, app], [[app.address, data.address]], "app");
  const theirs = deploymentOf([account], [], "platform");
  expect(reachOf(account.address, [mine, theirs])).toEqual({ [data.address]: "*id", [app.address]: "*id 2" });
});

it("what many share identifies nobody, and costs nobody anything", () => {
  const many = (n: number) =>
    deploymentOf(Array.from({ length: n }, (_, i) => resource(`some_app.a${i}`, { id: "shared/id" })));
  expect(Object.keys(reachOf("some_app.a0", many(20)))).toHaveLength(0);
  const users = (n: number) =>
    deploymentOf([...many(n).changes, resource("some_user.u", { at: "shared/id" })]);
  expect(reachOf("some_app.a0", users(20))).toEqual({ "some_user.u": "*id" });
  expect(reachOf("some_app.a0", users(5000))).toEqual({});
});

it("the work grows with the text, not with its square", () => {
  const workFor = (n: number): number => {
    const numbers = Array.from({ length: n }, (_, i) => i);
    const nicId = (i: number) => `${SUB}/nics/n${i}`;
    const vmId = (i: number) => `${SUB}/vms/v${i}`;
    const estate = deploymentOf(
      [
        ...numbers.map((i) =>
          resource(`some_nic.n["${i}"]`, { id: nicId(i), vm: vmId(i), same: "one/for/all" }),
        ),
        ...numbers.map((i) =>
          resource(`some_vm.v["${i}"]`, { id: vmId(i), nics: [nicId(i)], same: "one/for/all" }),
        ),
        ...numbers.map((i) => resource(`some_twin.t["${i}"]`, { id: "one/for/all" })),
        resource("some_list.all", {
          text: numbers.map(nicId).join(","),
          hosts: numbers.map((i) => `store${i}.blob.core.windows.net`),
        }),
        ...numbers.map((i) => resource(`azurerm_storage_account.s["${i}"]`, { name: `store${i}` })),
      ],
      [["some_vm.v", "some_nic.n"]],
    );
    let work = 0;
    class Counting extends Collector {
      override add(...edge: Parameters<Collector["add"]>): void {
        work++;
        super.add(...edge);
      }
      override isDeclared(from: number, to: number): boolean {
        work++;
        return super.isDeclared(from, to);
      }
    }
    const edges = new Counting(estate.changes.length);
    declaredEdges([estate], edges);
    hiddenEdges(estate.changes, new Texts(estate.changes), edges);
    return work;
  };
  expect(workFor(400) / workFor(200)).toBeCloseTo(2, 1);
});
