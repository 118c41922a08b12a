#!/usr/bin/env node
import module from "node:module";
import { unsupportedNode } from "../node-version.ts";

const unsupported = unsupportedNode();
if (unsupported !== undefined) {
  process.stderr.write(`firebreak: ${unsupported}\n`);
  process.exitCode = 2;
} else {
  // Static imports load before this line would run, so the program is imported behind it.
  module.enableCompileCache();
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv.slice(2));
}
