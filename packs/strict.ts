import { policies } from "../policies/index.ts";
import type { Pack } from "../src/policy.ts";

/** Every built-in policy, and all of them block. */
const strict: Pack = { name: "strict", entries: policies.map((policy) => ({ policy, level: "mandatory" })) };

export default strict;
