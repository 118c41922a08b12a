import * as z from "zod";
import { addressMatcher, policyMatcher } from "../../src/config/globs.ts";
import { activate } from "../../src/engine/activate.ts";
import { judge, type RunContext } from "../../src/engine/judge.ts";
import { definePolicy, type Policy, type PolicyKind, type ResourcePolicy } from "../../src/engine/policy.ts";
import { NO_SETTINGS, type Settings, type Waiver } from "../../src/engine/settings.ts";
import { defineFacet } from "../../src/facets/facet.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import type { Report } from "../../src/model/report.ts";

interface Door {
  readonly open: boolean;
}

export const door = defineFacet<Door>("door", { door: (r) => ({ open: r.boolean("open", false) }) });

/** A policy that objects to doors that will be open. */
export function noOpenDoors(
  id = "doors/closed",
  rest: Partial<ResourcePolicy<Door, z.ZodType>> = {},
  kind: PolicyKind = "state",
): Policy {
  return definePolicy<Door, z.ZodType>({
    id,
    title: "Doors are closed",
    severity: "high",
    hazard: "Anybody walks in.",
    kind,
    options: z.strictObject({ color: z.enum(["red", "blue"]).default("red") }),
    each: door,
    check({ after, report }) {
      if (after?.open === true) report.violation({ at: "open", message: "It is open.", fix: "Close it." });
    },
    ...rest,
  });
}

export function waiver(
  rest: Partial<Record<"policy" | "address" | "expires" | "owner", string>> = {},
): Waiver {
  const { policy = "doors/closed", address = "**", expires = "2027-06-01", owner = "team-x" } = rest;
  return {
    policy,
    address,
    expires,
    owner,
    reason: "known",
    coversPolicy: policyMatcher(policy),
    coversAddress: addressMatcher(address),
  };
}

interface Run extends Partial<Settings>, Partial<RunContext> {
  readonly packs?: readonly Policy[];
  readonly level?: "mandatory" | "advisory" | "off";
}

/** Judges deployments by policies of one level. */
export function judged(deployments: readonly Deployment[], run: Run = {}): Report {
  const {
    packs = [noOpenDoors()],
    level = "mandatory",
    today = "2026-11-22",
    problems = [],
    all = false,
    ...rest
  } = run;
  const settings: Settings = { ...NO_SETTINGS, ...rest };
  const active = activate([{ name: "test", entries: packs.map((policy) => ({ policy, level })) }], settings);
  return judge(deployments, active, settings, { today, version: "0.0.0", problems, all });
}
