#!/usr/bin/env node
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  // An older Node lacks what the policies use; they would crash half-way and the run would look like a judgement.
  process.stderr.write(`firebreak: Node 22.18 or later is needed, and this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  // Static imports load before this line would run, so the program is imported behind it.
  module.enableCompileCache();
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv.slice(2));
}
