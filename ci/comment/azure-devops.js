// @ts-check
import { at, sender } from "./http.js";

/**
 * @typedef {import("./host.js").Host} Host
 * @typedef {import("./host.js").Environment} Environment
 */

/** The oldest that has all of this: Azure DevOps Server 2022. */
const VERSION = "api-version=7.0";

/**
 * Threads on pull requests of Azure Repos, in a job of Azure Pipelines. A thread stands open until the change passes, so
 * that a branch policy that wants comments resolved holds it too.
 *
 * @param {Environment} env
 * @returns {Host | string} or why there is nowhere to comment
 */
export function azureDevOps(env) {
  const { SYSTEM_COLLECTIONURI: collection = "", SYSTEM_PULLREQUEST_PULLREQUESTID: number } = env;
  if (!number) return "this run is about no pull request";
  const provider = env.BUILD_REPOSITORY_PROVIDER ?? "TfsGit";
  if (provider !== "TfsGit")
    return `the repository is on ${provider}, where the token of this job is unknown`;
  const token = env.SYSTEM_ACCESSTOKEN;
  // What is not known stays as it is written.
  if (!token || token.startsWith("$(")) {
    return "SYSTEM_ACCESSTOKEN is not set: give the step `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`";
  }
  const send = sender("Azure DevOps", { accept: "application/json", authorization: `Bearer ${token}` });
  const [project = "", repository = ""] = [env.SYSTEM_TEAMPROJECTID, env.BUILD_REPOSITORY_ID];
  const base = collection.replace(/\/*$/, "");
  const threads = [
    `${base}/${encodeURIComponent(project)}/_apis/git/repositories/${encodeURIComponent(repository)}`,
    `/pullRequests/${encodeURIComponent(number)}/threads`,
  ].join("");
  return {
    name: "Azure DevOps",
    limit: 150_000,
    commit: env.SYSTEM_PULLREQUEST_SOURCECOMMITID,
    run:
      env.BUILD_BUILDID === undefined
        ? undefined
        : `${base}/${encodeURIComponent(project)}/_build/results?buildId=${env.BUILD_BUILDID}`,
    advice: "let the project's build service «Contribute to pull requests» in the security of the repository",
    async find(marker) {
      const { json } = await send("GET", `${threads}?${VERSION}`);
      const all = at(json, "value");
      const marked = (Array.isArray(all) ? all : []).filter((thread) => {
        return (
          at(thread, "isDeleted") !== true &&
          String(at(thread, "comments", "0", "content")).startsWith(marker)
        );
      });
      if (marked.length === 0) return [];
      const connection = await send("GET", `${base}/_apis/connectionData?${VERSION}-preview`);
      const me = at(connection.json, "authenticatedUser", "id");
      return marked
        .filter((thread) => at(thread, "comments", "0", "author", "id") === me)
        .map((thread) => `${at(thread, "id")}/comments/${at(thread, "comments", "0", "id")}`);
    },
    async create(content, passed) {
      const comments = [{ parentCommentId: 0, content, commentType: "text" }];
      await send("POST", `${threads}?${VERSION}`, { comments, status: statusOf(passed) });
    },
    async update(id, content, passed) {
      await send("PATCH", `${threads}/${id}?${VERSION}`, { content });
      await send("PATCH", `${threads}/${id.split("/")[0]}?${VERSION}`, { status: statusOf(passed) });
    },
    async remove(id) {
      await send("DELETE", `${threads}/${id}?${VERSION}`);
    },
  };
}

/** @param {boolean} passed */
function statusOf(passed) {
  return passed ? "fixed" : "active";
}
