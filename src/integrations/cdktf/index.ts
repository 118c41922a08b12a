/** `firebreak/cdktf`: the guard for apps of `cdktf` and `cdktn`. */
import { guard } from "./guard.ts";

export type { App } from "./app.ts";
export type { GuardOptions } from "./guard.ts";

export const Firebreak = { guard };
