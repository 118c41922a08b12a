import { type Answer, type Asked, field, page, type Server, serve } from "./server.ts";

export interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly id: number; readonly login: string; readonly type: "Bot" | "User" };
}

export const ACTIONS_BOT: Comment["user"] = { id: 41898282, login: "github-actions[bot]", type: "Bot" };
export const OCTOCAT: Comment["user"] = { id: 583231, login: "octocat", type: "User" };

const BASE = "/repos/octo-org/network/issues";

export interface GitHub extends Server {
  readonly comments: Comment[];
  /** The variables of a job about pull request 7. */
  readonly env: Readonly<Record<string, string>>;
}

/** Comments on pull request 7 of octo-org/network, as GitHub's REST API keeps them. */
export async function github({ readOnly = false, viewer = true } = {}): Promise<GitHub> {
  const comments: Comment[] = [];
  let next = 1000;

  function answer(asked: Asked, origin: string): Answer {
    if (asked.headers.authorization !== "Bearer ghs_job")
      return { status: 401, body: { message: "Bad credentials" } };
    if (asked.headers["user-agent"] === undefined)
      return { status: 403, body: { message: "Request forbidden by administrative rules." } };
    const { method, path } = asked;
    if (method === "POST" && path === "/graphql") {
      if (!viewer) return { status: 403, body: { message: "Resource not accessible by integration" } };
      return { status: 200, body: { data: { viewer: { databaseId: ACTIONS_BOT.id } } } };
    }
    if (method === "GET" && path === `${BASE}/7/comments`) return page(comments, asked, origin, 30);
    const isNew = method === "POST" && path === `${BASE}/7/comments`;
    const [, id] = /\/issues\/comments\/(\d+)$/.exec(path) ?? [];
    const at = comments.findIndex((comment) => String(comment.id) === id);
    const found = comments[at];
    if (!isNew && found === undefined) return { status: 404, body: { message: "Not Found" } };
    if (readOnly) return { status: 403, body: { message: "Resource not accessible by integration" } };
    if (method === "DELETE") {
      comments.splice(at, 1);
      return { status: 204 };
    }
    const body = field(asked, "body");
    if (body.length > 65_536) return { status: 422, body: { message: "Validation Failed" } };
    if (found !== undefined) {
      found.body = body;
      return { status: 200, body: found };
    }
    const comment: Comment = { id: next++, body, user: ACTIONS_BOT };
    comments.push(comment);
    return { status: 201, body: comment };
  }

  const server = await serve(answer);
  const env = {
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: server.origin,
    GITHUB_GRAPHQL_URL: `${server.origin}/graphql`,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "octo-org/network",
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_RUN_ID: "42",
    GITHUB_SHA: "cafe00000000000000000000000000000000cafe",
  };
  return { ...server, comments, env };
}

/** The event of a push to pull request 7. */
export const PULL_REQUEST = JSON.stringify({
  action: "synchronize",
  number: 7,
  pull_request: { number: 7, head: { sha: "0123456789abcdef0123456789abcdef01234567" } },
});
