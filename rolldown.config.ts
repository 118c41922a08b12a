import { chmodSync, rmSync } from "node:fs";
import { defineConfig, type Plugin } from "rolldown";

const shebang = "#!/usr/bin/env node\n";

const executable: Plugin = {
  name: "executable",
  generateBundle(_options, bundle) {
    const cli = bundle["cli.js"];
    if (cli?.type === "chunk" && !cli.code.startsWith("#!")) cli.code = shebang + cli.code;
  },
  writeBundle: () => chmodSync("dist/cli.js", 0o755),
};

// Commander can start subcommands that are programs of their own. There are none here, and loading what starts processes
// would cost every run some milliseconds.
const noSubprocesses: Plugin = {
  name: "no-subprocesses",
  resolveId: (id, importer) =>
    id === "node:child_process" && importer?.includes("commander") ? "\0no-subprocesses" : null,
  load: (id) =>
    id === "\0no-subprocesses"
      ? 'export default { spawn() { throw new Error("there are no subprograms"); } };'
      : null,
};

rmSync("dist", { recursive: true, force: true });

// One build for all three, so that a user's policy and the command line share one copy of the model. Dependencies are
// bundled (few files start faster than many), and every lazy import() stays a chunk of its own.
export default defineConfig({
  input: { cli: "src/cli/main.ts", index: "src/index.ts", policy: "src/policy.ts" },
  platform: "node",
  plugins: [executable, noSubprocesses],
  output: { dir: "dist", format: "esm", chunkFileNames: "chunks/[name]-[hash].js", minify: false },
});
