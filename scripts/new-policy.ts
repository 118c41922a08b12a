/** Starts a policy: `npm run new-policy -- family/kebab-name "Title, as a sentence that should hold"`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [id = "", title = ""] = process.argv.slice(2);
if (!/^[a-z][a-z0-9]*\/[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || title === "") {
  console.error('usage: npm run new-policy -- family/kebab-name "Title, as a sentence that should hold"');
  process.exit(2);
}

const rule = `import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: ${JSON.stringify(id)},
  title: ${JSON.stringify(title)},
  hazard: "What happens to whom, in one sentence.",
  severity: "high",
  incidents: [],
  each: /* the facet this policy judges */,
  check({ before, after, report }) {
  },
});
`;

const document = `# ${title}

**Hazard**

**How it decides**

**Avoid**

\`\`\`hcl avoid before
\`\`\`

\`\`\`hcl avoid after
\`\`\`

**Prefer**

\`\`\`hcl prefer after
\`\`\`

**Options**

**Exceptions**

**Incidents**

**Nearest rules elsewhere**

**Sources**
`;

const base = join(dirname(import.meta.dirname), "policies", id);
mkdirSync(dirname(base), { recursive: true });
for (const [path, content] of [
  [`${base}.ts`, rule],
  [`${base}.md`, document],
] as const) {
  writeFileSync(path, content, { flag: "wx" });
  console.log(`wrote ${path}`);
}
console.log("next: fill both in, then `npm run generate` adds the policy to the registry");
