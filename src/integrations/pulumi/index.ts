import module from "node:module";
import { unsupportedNode } from "../../node-version.ts";

/** The program of a Pulumi policy pack, whole: to be called once by what Pulumi loads as the pack. */
export async function serve(): Promise<void> {
  const unsupported = unsupportedNode();
  if (unsupported !== undefined) {
    throw new Error(`Firebreak: ${unsupported}. Pulumi runs policy packs with the first \`node\` on PATH.`);
  }
  module.enableCompileCache();
  // Static imports would load before the version is looked at.
  const { servePack } = await import("./serve.ts");
  await servePack();
}
