import { type Answer, type Asked, field, type Server, serve } from "./server.ts";

interface Thread {
  readonly id: number;
  status: string;
  readonly isDeleted: boolean;
  readonly comments: { readonly id: number; content: string; readonly author: { readonly id: string } }[];
}

const BUILD_SERVICE = "b5cf1f0a-0000-4000-8000-000000000001";
export const PERSON = "b5cf1f0a-0000-4000-8000-000000000002";

const BASE = "/fabrikam/p-1/_apis/git/repositories/r-1/pullRequests/22/threads";

export interface AzureDevOps extends Server {
  readonly threads: Thread[];
  /** The variables of a job about pull request 22. */
  readonly env: Readonly<Record<string, string>>;
}

/** Threads on pull request 22, as the REST API of Azure DevOps keeps them. */
export async function azureDevOps(): Promise<AzureDevOps> {
  const threads: Thread[] = [];
  let next = 1;

  function answer(asked: Asked): Answer {
    // Who is not known is shown a page to sign in.
    if (asked.headers.authorization !== "Bearer job-token") {
      return { status: 203, body: "<html>Sign in</html>", headers: { "content-type": "text/html" } };
    }
    const { method, path, query } = asked;
    if (!/^7\.0(-preview)?$/.test(query.get("api-version") ?? "")) {
      return { status: 400, body: { message: "No api-version was supplied for the request." } };
    }
    if (path === "/fabrikam/_apis/connectionData")
      return { status: 200, body: { authenticatedUser: { id: BUILD_SERVICE } } };
    if (method === "GET" && path === BASE)
      return { status: 200, body: { count: threads.length, value: threads } };
    if (method === "POST" && path === BASE) {
      const [first] = listOf(asked.body, "comments");
      const comment = { id: 1, content: textOf(first, "content"), author: { id: BUILD_SERVICE } };
      const thread = { id: next++, status: field(asked, "status"), isDeleted: false, comments: [comment] };
      threads.push(thread);
      return { status: 200, body: thread };
    }
    const [, id, commentId] = /\/threads\/(\d+)(?:\/comments\/(\d+))?$/.exec(path) ?? [];
    const at = threads.findIndex((thread) => String(thread.id) === id);
    const thread = threads[at];
    if (thread === undefined) return { status: 404, body: { message: "The thread does not exist." } };
    if (commentId === undefined) {
      thread.status = field(asked, "status");
      return { status: 200, body: thread };
    }
    const comment = thread.comments.find((one) => String(one.id) === commentId);
    if (comment?.author.id !== BUILD_SERVICE)
      return { status: 403, body: { message: "You may only edit your own comments." } };
    if (method === "DELETE") {
      threads.splice(at, 1);
      return { status: 200 };
    }
    comment.content = field(asked, "content");
    return { status: 200, body: comment };
  }

  const server = await serve(answer);
  const env = {
    TF_BUILD: "True",
    SYSTEM_COLLECTIONURI: `${server.origin}/fabrikam/`,
    SYSTEM_TEAMPROJECTID: "p-1",
    SYSTEM_PULLREQUEST_PULLREQUESTID: "22",
    SYSTEM_PULLREQUEST_SOURCECOMMITID: "0123456789abcdef0123456789abcdef01234567",
    BUILD_REPOSITORY_ID: "r-1",
    BUILD_REPOSITORY_PROVIDER: "TfsGit",
    BUILD_BUILDID: "9",
    BUILD_REASON: "PullRequest",
    SYSTEM_ACCESSTOKEN: "job-token",
  };
  return { ...server, threads, env };
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown, name: string): string {
  const text: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof text !== "string") throw new Error(`there is no text "${name}"`);
  return text;
}
