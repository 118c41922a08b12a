/** As much of Amazon's S3 as Pulumi needs to keep its state in a bucket; all in memory, and everybody may come in. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

const BUCKET = "state";
/** The store has no clock: only the order in time counts, and no object is kept in two forms. */
const WRITTEN = new Date("2026-01-01T00:00:00Z");

export class ObjectStore implements AsyncDisposable {
  readonly #server: Server;
  readonly #objects = new Map<string, Buffer>();

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: Error) => response.destroy(error));
    });
  }

  static async start(): Promise<ObjectStore> {
    const store = new ObjectStore();
    store.#server.listen(0, "127.0.0.1");
    await once(store.#server, "listening");
    return store;
  }

  /** The environment in which Pulumi keeps its state here. */
  get environment(): Record<string, string> {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the store is not open");
    const endpoint = `http://127.0.0.1:${address.port}`;
    return {
      PULUMI_BACKEND_URL: `s3://${BUCKET}?region=eu-west-1&endpoint=${endpoint}&use_path_style=true`,
      AWS_ACCESS_KEY_ID: "anybody",
      AWS_SECRET_ACCESS_KEY: "may-come-in",
      // Plain bodies, without the checksums that come behind them.
      AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  get keys(): readonly string[] {
    return [...this.#objects.keys()].sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://store");
    const key = keyOf(url.pathname);
    if (key === "") return void response.end(this.#list(url.searchParams));
    switch (request.method) {
      case "PUT":
        return void response.end(await this.#put(key, request));
      case "DELETE":
        this.#objects.delete(key);
        return void response.writeHead(204).end();
      default:
        return this.#get(key, request, response);
    }
  }

  async #put(key: string, request: IncomingMessage): Promise<string> {
    const source = request.headers["x-amz-copy-source"];
    const body = Buffer.concat(await request.toArray());
    const copied =
      typeof source === "string" ? this.#objects.get(keyOf(`/${decodeURIComponent(source)}`)) : body;
    if (copied === undefined) throw new Error(`there is no ${source}`);
    this.#objects.set(key, copied);
    return source === undefined ? "" : "<CopyObjectResult/>";
  }

  #get(key: string, { method }: IncomingMessage, response: ServerResponse): void {
    const body = this.#objects.get(key);
    if (body === undefined) {
      response.writeHead(404).end(method === "HEAD" ? "" : "<Error><Code>NoSuchKey</Code></Error>");
      return;
    }
    const headers = { "content-length": body.length, "last-modified": WRITTEN.toUTCString(), etag: '"1"' };
    response.writeHead(200, headers).end(method === "HEAD" ? "" : body);
  }

  #list(query: URLSearchParams): string {
    const prefix = query.get("prefix") ?? "";
    const delimiter = query.get("delimiter") ?? "";
    const contents: string[] = [];
    const folders = new Set<string>();
    for (const key of this.keys.filter((one) => one.startsWith(prefix))) {
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      if (end >= 0) folders.add(key.slice(0, end + delimiter.length));
      else {
        const size = this.#objects.get(key)?.length;
        contents.push(
          `<Contents><Key>${key}</Key><Size>${size}</Size><LastModified>${WRITTEN.toISOString()}</LastModified></Contents>`,
        );
      }
    }
    const inside = [...folders].map((one) => `<CommonPrefixes><Prefix>${one}</Prefix></CommonPrefixes>`);
    return `<ListBucketResult>${contents.join("")}${inside.join("")}</ListBucketResult>`;
  }
}

/** `/state/KEY`: the bucket's name stands in the path. */
function keyOf(path: string): string {
  return decodeURIComponent(path)
    .replace(/^\/+/, "")
    .slice(BUCKET.length + 1);
}
