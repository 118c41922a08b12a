import { createServer, type IncomingMessage } from "node:http";
import { onTestFinished } from "vitest";

export interface Asked {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  /** Milliseconds since the server started. */
  readonly when: number;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request is carried out before this is answered, as by a host whose answer is lost on the way. */
  readonly afterwards?: boolean;
  readonly method?: string;
}

export interface Server {
  readonly origin: string;
  /** Every request, in the order in which they came. */
  readonly asked: Asked[];
  /** Answers that are given instead of the host's own; one with a method waits for a request of that method. */
  readonly instead: Answer[];
}

/** A server on this machine that is gone after the test. */
export async function serve(answer: (asked: Asked, origin: string) => Answer): Promise<Server> {
  const asked: Asked[] = [];
  const instead: Answer[] = [];
  const began = performance.now();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const text = await textOf(request);
    const one: Asked = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
      when: performance.now() - began,
    };
    asked.push(one);
    const at = instead.findIndex(({ method }) => method === undefined || method === one.method);
    const [other] = at < 0 ? [] : instead.splice(at, 1);
    const own = other === undefined || other.afterwards ? answer(one, origin) : undefined;
    const { status, body, headers = {} } = other ?? own ?? { status: 500 };
    const sent = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const origin = `http://127.0.0.1:${address.port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin, asked, instead };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** A text of the request's JSON. */
export function field(asked: Asked, name: string): string {
  const { body } = asked;
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
  if (typeof value !== "string") throw new Error(`${asked.method} ${asked.path} has no text "${name}"`);
  return value;
}

/** One page of a list, and the `Link` header that leads to the next. */
export function page<Item>(
  items: readonly Item[],
  { path, query }: Asked,
  origin: string,
  fallback: number,
): Answer {
  const size = Math.min(Number(query.get("per_page") ?? fallback), 100);
  const number = Number(query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string) => {
    const next = new URLSearchParams(query);
    next.set("page", String(to));
    return `<${origin}${path}?${next}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, "prev")] : []),
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
  ];
  return {
    status: 200,
    body: items.slice((number - 1) * size, number * size),
    ...(links.length > 0 && { headers: { link: links.join(", ") } }),
  };
}
