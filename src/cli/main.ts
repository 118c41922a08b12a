#!/usr/bin/env node
import module from "node:module";

// Static imports load before this line would run, so the program is imported behind it. Node 20 has no compile cache: the
// check keeps the message about the version, which `run` gives, from drowning in a SyntaxError.
module.enableCompileCache?.();
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2));
