// @ts-check
import { readFileSync } from "node:fs";
import { at, pages, sender } from "./http.js";

/**
 * @typedef {import("./host.js").Host} Host
 * @typedef {import("./host.js").Environment} Environment
 */

/**
 * Comments on pull requests of GitHub, in a job of GitHub Actions.
 *
 * @param {Environment} env
 * @returns {Host | string} or why there is nowhere to comment
 */
export function github(env) {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository = "" } = env;
  const api = env.GITHUB_API_URL ?? "https://api.github.com";
  const event = eventOf(env);
  const number = at(event, "pull_request", "number") ?? issueOf(event);
  if (typeof number !== "number") return `the event ${env.GITHUB_EVENT_NAME ?? ""} is about no pull request`;
  if (!token) return "GITHUB_TOKEN is not set";
  const send = sender("GitHub", {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "x-github-api-version": "2022-11-28",
  });
  const comments = `${api}/repos/${repository.split("/").map(encodeURIComponent).join("/")}/issues`;
  const commit = at(event, "pull_request", "head", "sha") ?? env.GITHUB_SHA;

  /**
   * The account behind the token. An installation token, such as the one of the job, may not ask REST for it.
   *
   * @returns {Promise<(comment: unknown) => boolean>}
   */
  async function isOwn() {
    const url = env.GITHUB_GRAPHQL_URL ?? "https://api.github.com/graphql";
    try {
      const { json } = await send("POST", url, { query: "{ viewer { databaseId } }" });
      const id = at(json, "data", "viewer", "databaseId");
      if (typeof id === "number") return (comment) => at(comment, "user", "id") === id;
    } catch (error) {
      // Whoever may comment may not always ask this; then it is at least no person's comment that is changed.
      if (!(error instanceof Error)) throw error;
    }
    return (comment) => at(comment, "user", "type") === "Bot";
  }

  return {
    name: "GitHub",
    limit: 65_536,
    commit: typeof commit === "string" ? commit : undefined,
    run:
      env.GITHUB_RUN_ID === undefined
        ? undefined
        : `${env.GITHUB_SERVER_URL ?? "https://github.com"}/${repository}/actions/runs/${env.GITHUB_RUN_ID}`,
    advice:
      "give the job `permissions: pull-requests: write`; the token of a pull request from a fork or from Dependabot cannot write at all",
    async find(marker) {
      const all = await pages(send, `${comments}/${number}/comments?per_page=100`);
      const marked = all.filter((comment) => String(at(comment, "body")).startsWith(marker));
      if (marked.length === 0) return [];
      const own = await isOwn();
      return marked.filter(own).map((comment) => String(at(comment, "id")));
    },
    async create(body) {
      await send("POST", `${comments}/${number}/comments`, { body });
    },
    async update(id, body) {
      await send("PATCH", `${comments}/comments/${id}`, { body });
    },
    async remove(id) {
      await send("DELETE", `${comments}/comments/${id}`);
    },
  };
}

/**
 * @param {Environment} env
 * @returns {unknown}
 */
function eventOf({ GITHUB_EVENT_PATH: path }) {
  return path ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** A comment on a pull request arrives as one on an issue. @param {unknown} event */
function issueOf(event) {
  if (at(event, "issue", "pull_request") === undefined) return undefined;
  return at(event, "issue", "number");
}
