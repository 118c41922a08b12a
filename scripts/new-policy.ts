/** Starts a policy: `npm run new-policy family/kebab-name ["Title, as a sentence that should hold"]`. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { documentSkeleton, ruleSkeleton, testSkeleton } from "./new-policy/skeleton.ts";

const USAGE = 'npm run new-policy family/kebab-name "Title, as a sentence that should hold"';

function refuse(reason: string): never {
  console.error(`${reason}.`);
  process.exit(2);
}

/** `dns/record-kept` → `Record kept`, until somebody writes the sentence. */
function titleFrom(policy: string): string {
  const words = policy.split("/").at(-1)?.replaceAll("-", " ") ?? policy;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const [id, given, ...rest] = process.argv.slice(2);
if (id === undefined || rest.length > 0)
  refuse(`Expected an id and, if you have one already, a title: ${USAGE}`);
if (!/^[a-z][a-z0-9]*\/[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  refuse(`"${id}" is no policy id: expected family/kebab-name, such as dns/ttl-bounds`);
}
const title = given ?? titleFrom(id);
if (!/^\p{Lu}[^\r\n`]*[^\s.`]$/u.test(title)) {
  refuse(
    `"${title}" is no title: expected one sentence that begins with a capital letter and ends without a full stop`,
  );
}
if (!existsSync("policies")) refuse("There is no folder policies here: run this in the project's own folder");

const files: readonly (readonly [path: string, content: string])[] = [
  [`policies/${id}.ts`, ruleSkeleton(id, title)],
  [`policies/${id}.md`, documentSkeleton(title)],
  [`test/policies/${id}.test.ts`, testSkeleton(id)],
];
for (const [path] of files)
  if (existsSync(path)) refuse(`${path} exists already: choose another id or edit that policy`);

for (const [path, content] of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { flag: "wx" });
  console.log(`wrote ${path}`);
}
console.log("next: make these three say what you mean, add the policy to a pack in packs/, then run");
console.log("      npm run generate && npx vitest run test/documents test/policies");
