import { policies } from "../policies/index.ts";
import type { Pack } from "../src/policy.ts";

/** Only the policies that would have stopped an outage of the incident library. */
const incidents: Pack = {
  name: "incidents",
  entries: policies
    .filter((policy) => (policy.incidents ?? []).length > 0)
    .map((policy) => ({ policy, level: "mandatory" })),
};

export default incidents;
