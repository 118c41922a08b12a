// @ts-check
import { at, pages, sender } from "./http.js";

/**
 * @typedef {import("./host.js").Host} Host
 * @typedef {import("./host.js").Environment} Environment
 */

/**
 * Notes on merge requests of GitLab, in a merge request pipeline.
 *
 * @param {Environment} env
 * @returns {Host | string} or why there is nowhere to comment
 */
export function gitlab(env) {
  const { CI_API_V4_URL: api = "", CI_MERGE_REQUEST_IID: number, GITLAB_TOKEN: token } = env;
  // In a pipeline for a fork, CI_PROJECT_ID is the fork.
  const project = env.CI_MERGE_REQUEST_PROJECT_ID ?? env.CI_PROJECT_ID;
  if (!number || !project) return "this pipeline is about no merge request";
  if (!token) {
    return "GITLAB_TOKEN is not set: make a project access token with the scope api, and keep it as a masked CI/CD variable (the job's own token may not write notes)";
  }
  const send = sender("GitLab", { "private-token": token });
  const notes = `${api}/projects/${encodeURIComponent(project)}/merge_requests/${encodeURIComponent(number)}/notes`;
  return {
    name: "GitLab",
    limit: 1_000_000,
    commit: env.CI_COMMIT_SHA,
    run: env.CI_JOB_URL,
    advice:
      "the token needs the scope api and the role Reporter or higher in the project of the merge request",
    async find(marker) {
      const all = await pages(send, `${notes}?per_page=100&sort=asc&order_by=created_at`);
      const marked = all.filter((note) => String(at(note, "body")).startsWith(marker));
      if (marked.length === 0) return [];
      const me = at((await send("GET", `${api}/user`)).json, "id");
      return marked.filter((note) => at(note, "author", "id") === me).map((note) => String(at(note, "id")));
    },
    async create(body) {
      await send("POST", notes, { body: withoutQuickActions(body) });
    },
    async update(id, body) {
      await send("PUT", `${notes}/${id}`, { body: withoutQuickActions(body) });
    },
    async remove(id) {
      await send("DELETE", `${notes}/${id}`);
    },
  };
}

/**
 * A line of a note that begins with a slash is a command to GitLab, such as `/merge`, and carried out with the rights of
 * the token (docs.gitlab.com/user/project/quick_actions).
 *
 * @param {string} body
 */
function withoutQuickActions(body) {
  return body.replace(/^([^\S\n]*)\//gm, "$1&#47;");
}
