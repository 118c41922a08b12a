import { UsageError } from "../model/errors.ts";
import type { ActivePolicy } from "./evaluation.ts";
import type { Pack, PackEntry } from "./policy.ts";
import type { Settings } from "./settings.ts";

/**
 * The policies to run: those of the packs (a later pack overrides an earlier one), with levels and options as the
 * configuration sets them, sorted by id. A setting for a policy that no pack holds, or options that the policy does not
 * take, are UsageErrors.
 */
export function activate(packs: readonly Pack[], settings: Settings): readonly ActivePolicy[] {
  const entries = new Map<string, PackEntry>();
  for (const pack of packs) for (const entry of pack.entries) entries.set(entry.policy.id, entry);
  for (const [id, setting] of Object.entries(settings.policies)) {
    // The budget sets options of policies that need not be in every pack: only what the user wrote is checked.
    if (entries.has(id) || setting.source === undefined) continue;
    throw new UsageError(`there is no policy "${id}"${suggestion(id, [...entries.keys()])}`, setting.source);
  }
  return [...entries.values()]
    .sort((a, b) => (a.policy.id < b.policy.id ? -1 : 1))
    .flatMap(({ policy, level: packLevel }) => {
      const setting = settings.policies[policy.id];
      const level = setting?.level ?? packLevel;
      if (level === "off") return [];
      return [{ policy, level, options: parsedOptions(policy, setting) }];
    });
}

function parsedOptions(
  policy: PackEntry["policy"],
  setting: Settings["policies"][string] | undefined,
): unknown {
  const given = setting?.options ?? {};
  if (policy.options === undefined) {
    const [first] = Object.keys(given);
    if (first === undefined) return {};
    throw new UsageError(`${policy.id} takes no options, but "${first}" is set`, setting?.source);
  }
  const parsed = policy.options.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  const what = issue?.message.replace(/^Invalid (input|option): /, "") ?? "invalid";
  throw new UsageError(`${policy.id}: options${path === "" ? "" : `.${path}`}: ${what}`, setting?.source);
}

function suggestion(id: string, known: readonly string[]): string {
  const close = closestTo(id, known);
  return close === undefined ? "; `firebreak policies` lists them" : `; did you mean "${close}"?`;
}

/** The known id that shares the longest start or the same last part. */
export function closestTo(id: string, known: readonly string[]): string | undefined {
  const last = id.split("/").at(-1);
  return (
    known.find((one) => one.split("/").at(-1) === last) ??
    known.find((one) => one.startsWith(id.slice(0, Math.max(6, id.length - 6))))
  );
}
