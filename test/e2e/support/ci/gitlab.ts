import { type Answer, type Asked, field, page, type Server, serve } from "./server.ts";

interface Note {
  readonly id: number;
  body: string;
  readonly system: boolean;
  readonly author: { readonly id: number; readonly username: string };
}

const PROJECT_BOT: Note["author"] = { id: 77, username: "project_5_bot" };
export const PERSON: Note["author"] = { id: 1, username: "root" };

const BASE = "/api/v4/projects/5/merge_requests/3/notes";

export interface GitLab extends Server {
  readonly notes: Note[];
  /** The variables of a job about merge request 3. */
  readonly env: Readonly<Record<string, string>>;
}

/** Notes on merge request 3 of project 5, as GitLab's REST API keeps them. */
export async function gitlab(): Promise<GitLab> {
  const notes: Note[] = [];
  let next = 300;

  function answer(asked: Asked, origin: string): Answer {
    if (asked.headers["private-token"] !== "glpat-bot")
      return { status: 401, body: { message: "401 Unauthorized" } };
    const { method, path } = asked;
    if (method === "GET" && path === "/api/v4/user") return { status: 200, body: PROJECT_BOT };
    if (method === "GET" && path === BASE) return page(notes, asked, origin, 20);
    if (method === "POST" && path === BASE) {
      const note: Note = { id: next++, body: field(asked, "body"), system: false, author: PROJECT_BOT };
      notes.push(note);
      return { status: 201, body: note };
    }
    const at = notes.findIndex(({ id }) => path === `${BASE}/${id}`);
    const note = notes[at];
    if (note === undefined) return { status: 404, body: { message: "404 Not found" } };
    if (method === "DELETE") {
      notes.splice(at, 1);
      return { status: 204 };
    }
    if (method !== "PUT") return { status: 405, body: { error: "405 Not Allowed" } };
    note.body = field(asked, "body");
    return { status: 200, body: note };
  }

  const server = await serve(answer);
  const env = {
    GITLAB_CI: "true",
    CI_API_V4_URL: `${server.origin}/api/v4`,
    // A fork; the merge request is in project 5.
    CI_PROJECT_ID: "6",
    CI_MERGE_REQUEST_PROJECT_ID: "5",
    CI_MERGE_REQUEST_IID: "3",
    CI_COMMIT_SHA: "0123456789abcdef0123456789abcdef01234567",
    CI_JOB_URL: "https://gitlab.example/infra/network/-/jobs/9",
    GITLAB_TOKEN: "glpat-bot",
  };
  return { ...server, notes, env };
}
