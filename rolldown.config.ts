import { chmodSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
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

// An ES import of a built-in module reads each of its exports once, and so loads what stands behind them: the streams of
// node:fs, the standard input of node:process. Taken as an object it loads what is used. Commander can start subcommands
// that are programs of their own; there are none here, so it need not load what starts processes.
const NO_PROCESSES = "\0no-processes";
const BUILTIN = "\0builtin:";
const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  resolveId: (id, importer) => {
    if (!id.startsWith("node:") || id === "node:module" || importer === undefined) return null;
    return id === "node:child_process" && importer.includes("commander") ? NO_PROCESSES : BUILTIN + id;
  },
  load: (id) => {
    if (id === NO_PROCESSES)
      return 'module.exports = { spawn() { throw new Error("there are no subprograms"); } };';
    if (!id.startsWith(BUILTIN)) return null;
    return `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(BUILTIN.length))});`;
  },
};

/** Files of other packages that are in the bundle without being modules of it. */
const bundled = new Set<string>();

// Whoever passes on what others wrote passes on their terms.
const licences: Plugin = {
  name: "licences",
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((one) => (one.type === "chunk" ? one.moduleIds : []));
    const folders = [...modules, ...bundled].flatMap(
      (file) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file) ?? [],
    );
    const texts = [...new Set(folders)].sort().map((folder) => {
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
      if (file === undefined) throw new Error(`${folder} is bundled and has no licence file`);
      const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string };
      return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    });
    this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: texts.join(`\n${"-".repeat(80)}\n\n`) });
  },
};

// Parsers are WebAssembly that their packages ship as files: each one that a source file resolves is put beside the chunks.
const RESOLVED_WASM = /import\.meta\.resolve\("([^"]+\.wasm)"\)/g;
const wasmFiles: Plugin = {
  name: "wasm-files",
  transform(code, id) {
    if (id.includes("node_modules") || !code.includes(".wasm")) return null;
    return code.replace(RESOLVED_WASM, (_, specifier: string) => {
      const file = fileURLToPath(import.meta.resolve(specifier));
      bundled.add(file);
      const fileName = `wasm/${basename(file)}`;
      this.emitFile({ type: "asset", fileName, source: readFileSync(file) });
      return `new URL(${JSON.stringify(`../${fileName}`)}, import.meta.url).href`;
    });
  },
};

rmSync("dist", { recursive: true, force: true });

// One build for all, so that a user's policy, the command line and the Pulumi pack share one copy of the model. Dependencies are
// bundled (few files start faster than many), and every lazy import() stays a chunk of its own. Less text starts faster
// too, most of all the first time, when nothing is in the compile cache.
export default defineConfig({
  input: {
    cli: "src/cli/main.ts",
    index: "src/index.ts",
    policy: "src/policy.ts",
    pulumi: "src/integrations/pulumi/index.ts",
    cdktf: "src/integrations/cdktf/index.ts",
    "cdktf-thread": "src/integrations/cdktf/thread.ts",
  },
  platform: "node",
  plugins: [executable, lazyBuiltins, wasmFiles, licences],
  output: { dir: "dist", format: "esm", chunkFileNames: "chunks/[name]-[hash].js", minify: true },
});
