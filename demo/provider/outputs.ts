/** What Azure adds to a resource that was created: the addresses and identities by which others refer to it. */
import { guid, kindOf, nameOf, type Properties, TENANT, text } from "./resources.ts";

interface Situation {
  readonly urn: string;
  /** The resource's own name. */
  readonly name: string;
  readonly inputs: Properties;
}

/** By type: where an output is kept, and what it is. */
type Computed = Readonly<Record<string, (situation: Situation) => unknown>>;

/** A storage account's services, as its endpoints name them. */
const STORAGE_SERVICES = ["blob", "dfs", "file", "queue", "table"] as const;

function storageEndpoints(host: string): Properties {
  const services = STORAGE_SERVICES.map((service) => [
    service,
    `https://${host}.${service}.core.windows.net/`,
  ]);
  return Object.fromEntries([...services, ["web", `https://${host}.z1.web.core.windows.net/`]]);
}

const EVERY: Computed = {
  provisioningState: () => "Succeeded",
};

const BY_TYPE: Readonly<Record<string, Computed>> = {
  "app:ContainerApp": {
    latestRevisionFqdn: ({ name }) => `${name}--1.demo.azurecontainerapps.io`,
  },
  "cdn:AFDEndpoint": { hostName: ({ name }) => `${name}.z01.azurefd.net` },
  "containerregistry:Registry": { loginServer: ({ name }) => `${name}.azurecr.io` },
  "containerservice:ManagedCluster": { fqdn: ({ name }) => `${name}.hcp.azmk8s.io` },
  "eventhub:Namespace": { serviceBusEndpoint: ({ name }) => `https://${name}.servicebus.windows.net:443/` },
  "keyvault:Secret": {
    "properties.secretUri": ({ name, inputs }) =>
      `https://${text(inputs, "vaultName") ?? "vault"}.vault.azure.net/secrets/${name}`,
  },
  "keyvault:Vault": { "properties.vaultUri": ({ name }) => `https://${name}.vault.azure.net/` },
  "managedidentity:UserAssignedIdentity": {
    clientId: ({ urn }) => guid(urn, "client"),
    principalId: ({ urn }) => guid(urn, "principal"),
    tenantId: () => TENANT,
  },
  "servicebus:Namespace": { serviceBusEndpoint: ({ name }) => `https://${name}.servicebus.windows.net:443/` },
  "storage:StorageAccount": {
    primaryEndpoints: ({ name }) => storageEndpoints(name),
    primaryLocation: ({ inputs }) => text(inputs, "location"),
    secondaryEndpoints: ({ name }) => storageEndpoints(`${name}-secondary`),
  },
  "web:WebApp": { defaultHostName: ({ name }) => `${name}.azurewebsites.net` },
};

function computedFor(urn: string): Computed {
  const { token, nameKey } = kindOf(urn);
  const named: Computed = nameKey === "name" ? {} : { name: ({ name }) => name };
  return { ...EVERY, ...named, ...BY_TYPE[token] };
}

/** The inputs and, beside them, what Azure computes. */
export function computedOutputs(urn: string, inputs: Properties): Properties {
  const situation = { urn, inputs, name: text(inputs, kindOf(urn).nameKey) ?? nameOf(urn) };
  let outputs = inputs;
  for (const [path, compute] of Object.entries(computedFor(urn))) {
    outputs = withValue(outputs, path.split("."), compute(situation));
  }
  return outputs;
}

/** The opposite: of what is kept of a resource, what the program gave. */
export function withoutComputed(urn: string, outputs: Properties): Properties {
  let inputs = outputs;
  for (const path of Object.keys(computedFor(urn))) inputs = withValue(inputs, path.split("."), undefined);
  return inputs;
}

/** A copy with this value, or without any; where the object that should hold it is not there, nothing is added. */
function withValue(object: Properties, [key = "", ...rest]: readonly string[], value: unknown): Properties {
  if (rest.length > 0) {
    const inner = object[key];
    return isPlainObject(inner) ? { ...object, [key]: withValue(inner, rest, value) } : object;
  }
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _, ...others } = object;
  return others;
}

/** Pulumi wraps a secret in an object with this key; it is passed on untouched. */
const WRAPPED = "4dabf18193072939515e22adb298388d";

function isPlainObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(WRAPPED in value);
}
