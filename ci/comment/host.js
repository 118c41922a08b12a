// @ts-check
import { azureDevOps } from "./azure-devops.js";
import { github } from "./github.js";
import { gitlab } from "./gitlab.js";

/**
 * Where comments go. Every function may throw RefusedError or UnavailableError.
 *
 * @typedef {object} Host
 * @property {string} name
 * @property {number} limit characters that a comment may have
 * @property {string | undefined} commit the one that was judged
 * @property {string | undefined} run URL of the job
 * @property {string} advice what to do where the token may not comment
 * @property {(marker: string) => Promise<readonly string[]>} find ids of the token's own comments that begin with it,
 *   oldest first
 * @property {(body: string, passed: boolean) => Promise<void>} create
 * @property {(id: string, body: string, passed: boolean) => Promise<void>} update
 * @property {(id: string) => Promise<void>} remove
 *
 * @typedef {Readonly<Record<string, string | undefined>>} Environment
 */

/**
 * The CI system that this runs in, by the variables that each of them sets.
 *
 * @param {Environment} env
 * @returns {Host | string | undefined} why there is nowhere to comment; undefined outside of all that are known
 */
export function hostOf(env) {
  if (env.GITHUB_ACTIONS === "true") return github(env);
  if (env.GITLAB_CI === "true") return gitlab(env);
  // Azure Pipelines writes it with a capital.
  if (env.TF_BUILD?.toLowerCase() === "true") return azureDevOps(env);
  return undefined;
}
