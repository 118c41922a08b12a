/**
 * A provider by the name of azure-native that needs no cloud: it accepts every resource, keeps what it is given and
 * answers with ids and outputs that look like Azure's, so that the demo and the tests run offline with the real Pulumi
 * CLI. Pulumi starts `pulumi-resource-azure-native` beside this file when a project's Pulumi.yaml names this folder
 * under `plugins.providers`.
 *
 * Like the real one it does not know, while previewing, the outputs of a resource that is to be created or changed.
 */
import { isDeepStrictEqual } from "node:util";
import * as provider from "@pulumi/pulumi/provider/index.js";
import { computedOutputs, withoutComputed } from "./outputs.ts";
import {
  isImmutable,
  kindOf,
  nameOf,
  type Properties,
  resourceId,
  SUBSCRIPTION,
  TENANT,
} from "./resources.ts";

/** What the functions answer that look up who is logged in. */
const CLIENT = {
  clientId: "00000000-0000-0000-0000-00000000c11e",
  objectId: "00000000-0000-0000-0000-0000000000b1",
  subscriptionId: SUBSCRIPTION,
  tenantId: TENANT,
};

const offline: provider.Provider = {
  version: "3.0.0",

  /** Names a resource that was given no name, as the real provider does, but without random characters. */
  async check(urn: string, _olds: Properties, news: Properties) {
    const key = kindOf(urn).nameKey;
    return { inputs: key === undefined || key in news ? news : { ...news, [key]: nameOf(urn) } };
  },

  async diff(_id: string, urn: string, olds: Properties, news: Properties) {
    const before = withoutComputed(urn, olds);
    const changed = Object.keys({ ...before, ...news }).filter(
      (key) => !isDeepStrictEqual(before[key], news[key]),
    );
    const replaces = changed.filter((key) => isImmutable(urn, key));
    // The real provider deletes first too: two resources of one name cannot exist at a time.
    return { changes: changed.length > 0, replaces, deleteBeforeReplace: replaces.length > 0 };
  },

  async create(urn: string, inputs: Properties) {
    return { id: resourceId(urn, inputs), outs: computedOutputs(urn, inputs) };
  },

  async update(_id: string, urn: string, _olds: Properties, news: Properties) {
    return { outs: computedOutputs(urn, news) };
  },

  /** What was created is still there and unchanged. */
  async read(id: string, urn: string, props: Properties = {}) {
    return { id, props, inputs: withoutComputed(urn, props) };
  },

  async delete() {},

  async invoke(token: string) {
    if (token === "azure-native:authorization:getClientConfig") return { outputs: CLIENT };
    throw new Error(`The offline provider looks nothing up, so ${token} has no answer.`);
  },
};

await provider.main(offline, process.argv.slice(2));
