import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../cli.ts";

export interface Registry {
  readonly url: string;
  /** The package as `npm publish` would send it. */
  readonly tarball: string;
  readonly version: string;
  /** What npm has downloaded from here. */
  readonly cache: string;
  /** Names of the packages that were asked for. */
  readonly asked: string[];
  readonly close: () => void;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A registry on this machine that has Firebreak, as it is packed now, and what it depends on. */
export async function npmRegistry(): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-registry-"));
  const folders = [root, ...dependenciesOf(root)];
  const args = ["pack", "--silent", "--offline", "--ignore-scripts", "--pack-destination", folder];
  execFileSync("npm", [...args, ...folders], { cwd: root, stdio: "pipe" });
  const files = readdirSync(folder);
  const packages = folders.map((from) => {
    const manifest = manifestOf(from);
    const file = `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
    if (!files.includes(file)) throw new Error(`npm pack made no ${file}`);
    return { manifest, file, bytes: readFileSync(join(folder, file)) };
  });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    const tarball = packages.find(({ file }) => path === `/-/${file}`);
    if (tarball !== undefined) return void response.end(tarball.bytes);
    asked.push(path.slice(1));
    const versions = packages.filter(({ manifest }) => path === `/${manifest.name}`);
    const [latest] = versions;
    if (latest === undefined) return void response.writeHead(404).end('{"error":"Not found"}');
    const packument = {
      name: latest.manifest.name,
      "dist-tags": { latest: latest.manifest.version },
      versions: Object.fromEntries(
        versions.map(({ manifest, file, bytes }) => {
          const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
          return [manifest.version, { ...manifest, dist: { tarball: `${url}/-/${file}`, integrity } }];
        }),
      ),
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(packument));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the registry has no port");
  const url = `http://127.0.0.1:${address.port}`;
  const { version } = manifestOf(root);
  return {
    url,
    asked,
    version,
    cache: join(folder, "cache"),
    tarball: join(folder, `firebreak-${version}.tgz`),
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folders of everything that a package needs, near and far. */
function dependenciesOf(folder: string, found = new Set<string>()): readonly string[] {
  for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
    const at = installed(name, folder);
    if (found.has(at)) continue;
    found.add(at);
    dependenciesOf(at, found);
  }
  return [...found];
}

function installed(name: string, from: string): string {
  const at = join(from, "node_modules", name);
  if (existsSync(at)) return at;
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return installed(name, dirname(from));
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
