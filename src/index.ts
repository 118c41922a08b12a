/** The public API: read what a host proposes, judge it, render the report. */
export { activate } from "./engine/activate.ts";
export type { ActivePolicy } from "./engine/evaluation.ts";
export { judge, type RunContext } from "./engine/judge.ts";
export type { Pack, Policy } from "./engine/policy.ts";
export { NO_SETTINGS, type Settings } from "./engine/settings.ts";
export { readPaths } from "./inputs/read.ts";
export type { Change } from "./model/change.ts";
export type { Deployment, Problem } from "./model/deployment.ts";
export { InputError, UsageError } from "./model/errors.ts";
export type { Finding, Report, Undetermined, Verdict } from "./model/report.ts";
export { Secret, UNKNOWN, Unknown, type Value } from "./model/value.ts";
export { type Format, reporters } from "./reporters/index.ts";
