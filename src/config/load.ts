import { readFileSync } from "node:fs";
import { type Document, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { NO_SETTINGS, type PolicySetting, type Settings } from "../engine/settings.ts";
import type { SourceLocation } from "../model/change.ts";
import { UsageError } from "../model/errors.ts";
import { latestExpiry, MAX_WAIVER_DAYS } from "../model/waiver-term.ts";
import { addressMatcher, policyMatcher } from "./globs.ts";
import { type Config, configSchema } from "./schema.ts";

/** A read configuration: what the engine needs, and the packs to load. */
export interface LoadedConfig {
  readonly settings: Settings;
  readonly packs: readonly string[];
  /** Where a key of the file stands, for errors found later. */
  readonly locate: (path: readonly PropertyKey[]) => SourceLocation;
}

/**
 * Reads `firebreak.yaml`. Whatever is wrong with it is a UsageError with file, line and column: not YAML, an unknown key, a
 * missing owner, a value of another kind, a waiver without end.
 */
export function loadConfig(file: string, today: string): LoadedConfig {
  const lines = new LineCounter();
  const document = parseDocument(readConfig(file), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new UsageError(`this is not valid YAML: ${broken.message}`, at(broken.pos[0]));

  const locate = (path: readonly PropertyKey[], keyOf = false): SourceLocation => {
    for (let length = path.length; length >= 0; length--) {
      const offset = offsetOf(document.contents, path.slice(0, length), keyOf && length === path.length);
      if (offset !== undefined) return at(offset);
    }
    return at(0);
  };
  const parsed = configSchema.safeParse(valuesOf(document, at) ?? {});
  if (!parsed.success) throw explained(parsed.error, locate);
  const config = parsed.data;
  const latest = latestExpiry(today);
  for (const [i, one] of config.waivers.entries()) {
    if (one.expires <= latest) continue;
    throw new UsageError(
      `waivers[${i}].expires: ${one.expires} is more than ${MAX_WAIVER_DAYS} days ahead; expected ${latest} or earlier`,
      locate(["waivers", i, "expires"]),
    );
  }
  return { settings: settingsOf(config, locate), packs: config.packs, locate };
}

function readConfig(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/** The document as plain values; aliases that lead nowhere or to too much, and names that would be dropped, are errors. */
function valuesOf(document: Document, at: (offset: number) => SourceLocation): unknown {
  const start = (node: unknown) => at((isNode(node) ? node.range?.[0] : undefined) ?? 0);
  let firstAlias: Node | undefined;
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) === undefined)
        throw new UsageError(`the alias *${node.source} leads nowhere`, start(node));
      firstAlias ??= node;
    },
    Pair(_, { key }) {
      if (isScalar(key) && key.value === "__proto__")
        throw new UsageError('unknown key "__proto__"', start(key));
    },
  });
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new UsageError("the aliases in this file grow into far too much", start(firstAlias));
  }
}

/** The first thing that is wrong, in one sentence. */
function explained(
  error: z.ZodError,
  locate: (path: readonly PropertyKey[], keyOf?: boolean) => SourceLocation,
): UsageError {
  const issue = deepest(error.issues);
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys;
    const where = issue.path.length === 0 ? "" : ` in ${pathText(issue.path)}`;
    return new UsageError(`unknown key "${key}"${where}`, locate([...issue.path, key ?? ""], true));
  }
  const what = issue.message.replace(/^Invalid (input|option): /, "");
  return new UsageError(`${pathText(issue.path) || "the file"}: ${what}`, locate(issue.path));
}

/** Of a union's issues, the one that got furthest tells what the writer meant. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [first] = issues;
  if (first === undefined) throw new Error("a failed validation without an issue");
  if (first.code !== "invalid_union") return first;
  const inner = first.errors
    .filter((branch) => branch.length > 0)
    .map((branch) => deepest(branch))
    .map((issue) => ({ ...issue, path: [...first.path, ...issue.path] }))
    .sort((a, b) => rank(b) - rank(a))[0];
  return inner ?? first;
}

function rank(issue: z.core.$ZodIssue): number {
  return issue.path.length * 2 + (issue.code === "invalid_type" ? 0 : 1);
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

function offsetOf(contents: unknown, path: readonly PropertyKey[], keyOf: boolean): number | undefined {
  let node: unknown = contents;
  for (const [i, key] of path.entries()) {
    const items = (node as { items?: readonly unknown[] } | null)?.items;
    if (items === undefined) return undefined;
    if (typeof key === "number") {
      node = items[key];
      continue;
    }
    const pair = items.find(
      (item) => String((item as { key?: { value?: unknown } }).key?.value) === String(key),
    );
    if (pair === undefined) return undefined;
    const { key: keyNode, value } = pair as { key: Node; value: unknown };
    if (keyOf && i === path.length - 1) return keyNode.range?.[0];
    node = isNode(value) ? value : keyNode;
  }
  return isNode(node) ? node.range?.[0] : undefined;
}

function settingsOf(config: Config, locate: LoadedConfig["locate"]): Settings {
  const policies: Record<string, PolicySetting> = Object.create(null) as Record<string, PolicySetting>;
  for (const [id, setting] of Object.entries(config.policies)) {
    const { level, options } = typeof setting === "string" ? { level: setting, options: undefined } : setting;
    policies[id] = {
      ...(level !== undefined && { level }),
      ...(options !== undefined && { options }),
      source: locate(["policies", id]),
    };
  }
  for (const [id, options] of Object.entries(budgetOptions(config.budget))) {
    policies[id] = { ...policies[id], options: { ...options, ...policies[id]?.options } };
  }
  return {
    ...NO_SETTINGS,
    policies,
    shared: config.shared.map(({ address, tags, exempt }) => ({
      ...(address !== undefined && { coversAddress: addressMatcher(address) }),
      ...(tags !== undefined && { tags }),
      ...(exempt !== undefined && { exempt }),
    })),
    waivers: config.waivers.map((one, i) => ({
      ...one,
      coversPolicy: policyMatcher(one.policy),
      coversAddress: addressMatcher(one.address),
      source: locate(["waivers", i]),
    })),
    onUndetermined: config.onUndetermined,
  };
}

/** Which policies' options the budget sets. */
function budgetOptions(budget: Config["budget"]): Record<string, Record<string, unknown>> {
  const { resources, regions, deployments, share } = budget;
  const reach = {
    ...(resources !== undefined && { resources }),
    ...(deployments !== undefined && { deployments }),
  };
  return {
    ...(Object.keys(reach).length > 0 && { "dependencies/blast-radius-budget": reach }),
    ...(regions !== undefined && { "rollout/max-regions": { regions } }),
    ...(share !== undefined && {
      "rollout/fleet-share": { share: typeof share === "string" ? Number.parseFloat(share) / 100 : share },
    }),
  };
}
