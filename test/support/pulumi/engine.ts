import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";
import pb from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import {
  type AnalyzedResource,
  type Diagnostic,
  diagnosticOf,
  requestOf,
  stackResourceOf,
  structOf,
} from "./messages.ts";
import { PackProcess } from "./pack-process.ts";
import { LEVELS, type PolicyConfig, reconcile } from "./policy-config.ts";
import { withoutInternals } from "./wire.ts";

export interface EngineRun {
  readonly info: AnalyzerInfo.AsObject;
  readonly resource: readonly Diagnostic[];
  readonly stack: readonly Diagnostic[];
  readonly stderr: string;
}

export interface BootOptions {
  /** Over the environment that the CLI would hand on; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly organization?: string;
  readonly project?: string;
  readonly stack?: string;
  readonly dryRun?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  /** What `--policy-pack-config` would hold. */
  readonly config?: PolicyConfig;
  /** `pulumi policy analyze` does not tell the stack. */
  readonly tellsStack?: boolean;
  readonly bootLimit?: number;
}

/** As high as the SDK's own limit. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;
const CALL_LIMIT = 60_000;

/** Plays the part of Pulumi's engine for one policy pack: the same calls with the same content, in the same order. */
export class Engine implements AsyncDisposable {
  readonly #pack: PackProcess;
  readonly #client: AnalyzerClient;
  readonly info: AnalyzerInfo.AsObject;

  private constructor(pack: PackProcess, client: AnalyzerClient, info: AnalyzerInfo) {
    this.#pack = pack;
    this.#client = client;
    this.info = info.toObject();
  }

  /** Starts the pack and makes it ready: handshake, stack, info, configuration. */
  static async boot(packDir: string, options: BootOptions = {}): Promise<Engine> {
    const { organization = "organization", project = "estate", stack = "prod", dryRun = true } = options;
    const pack = new PackProcess(packDir, {
      ...inherited(),
      PULUMI_NODEJS_ORGANIZATION: organization,
      PULUMI_NODEJS_PROJECT: project,
      PULUMI_NODEJS_STACK: stack,
      PULUMI_NODEJS_DRY_RUN: String(dryRun),
      PULUMI_CONFIG: "{}",
      ...options.env,
    });
    let client: AnalyzerClient | undefined;
    try {
      client = new AnalyzerClient(
        `127.0.0.1:${await pack.port(options.bootLimit)}`,
        credentials.createInsecure(),
        { "grpc.max_send_message_length": MESSAGE_LIMIT, "grpc.max_receive_message_length": MESSAGE_LIMIT },
      );
      const handshake = new pb.AnalyzerHandshakeRequest()
        .setEngineAddress("127.0.0.1:1")
        .setRootDirectory(packDir)
        .setProgramDirectory(packDir);
      await unlessUnimplemented(call(client.handshake.bind(client), handshake));
      if (options.tellsStack ?? true) {
        const about = new pb.AnalyzerStackConfigureRequest()
          .setStack(stack)
          .setProject(project)
          .setOrganization(organization)
          .setDryRun(dryRun);
        for (const [name, tag] of Object.entries(options.tags ?? {})) about.getTagsMap().set(name, tag);
        await unlessUnimplemented(call(client.configureStack.bind(client), about));
      }
      const info = await call(client.getAnalyzerInfo.bind(client), new emptyProto.Empty());
      await configure(client, info, options.config);
      return new Engine(pack, client, info);
    } catch (error) {
      client?.close();
      await pack[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What the pack has written to standard error so far. */
  get stderr(): string {
    return this.#pack.stderr;
  }

  /** Lets the pack put a resource right, then judge it, as the engine does before it knows what to do with it. */
  async analyze(resource: AnalyzedResource): Promise<readonly Diagnostic[]> {
    const request = requestOf(resource, resource.properties);
    const { remediate, analyze } = this.#client;
    const remediation = await call(remediate.bind(this.#client), request);
    for (const one of remediation.getRemediationsList()) {
      const properties = one.getProperties();
      if (properties !== undefined && one.getDiagnostic() === "") request.setProperties(properties);
    }
    if (remediation.getRemediationsList().length === 0) {
      request.setProperties(structOf(withoutInternals(resource.properties)));
    }
    const response = await call(analyze.bind(this.#client), request);
    // Whatever the diagnostic says, the engine attributes it to the resource that was analyzed.
    return response.getDiagnosticsList().map((one) => diagnosticOf(one, resource.urn));
  }

  /** Lets the pack judge all that the stack will have. */
  async analyzeStack(resources: readonly AnalyzedResource[]): Promise<readonly Diagnostic[]> {
    const request = new pb.AnalyzeStackRequest().setResourcesList(resources.map(stackResourceOf));
    const response = await call(this.#client.analyzeStack.bind(this.#client), request);
    const urns = new Set(resources.map(({ urn }) => urn));
    const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn ?? "";
    // What is about no resource of the stack is attributed to the stack.
    return response
      .getDiagnosticsList()
      .map((one) => diagnosticOf(one, urns.has(one.getUrn()) ? one.getUrn() : root));
  }

  /** A whole preview: each resource in the order of its registration, then the stack. */
  async run(resources: readonly AnalyzedResource[]): Promise<EngineRun> {
    const resource: Diagnostic[] = [];
    for (const one of resources) resource.push(...(await this.analyze(one)));
    // The engine keeps them in a map, so they come in no particular order (step_generator.go, AnalyzeResources).
    const stack = await this.analyzeStack(resources.toReversed());
    await this.cancel();
    return { info: this.info, resource, stack, stderr: this.stderr };
  }

  /** Tells the pack that it is no longer needed. */
  async cancel(): Promise<void> {
    await unlessUnimplemented(call(this.#client.cancel.bind(this.#client), new emptyProto.Empty()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    await this.#pack[Symbol.asyncDispose]();
  }
}

async function configure(
  client: AnalyzerClient,
  info: AnalyzerInfo,
  given: PolicyConfig | undefined,
): Promise<void> {
  if (!info.getSupportsconfig()) return;
  const request = new pb.ConfigureAnalyzerRequest();
  for (const [name, { level, properties }] of reconcile(info, given)) {
    const setting = new pb.PolicyConfig()
      .setEnforcementlevel(LEVELS.indexOf(level))
      .setProperties(structProto.Struct.fromJavaScript(asJavaScript(properties)));
    request.getPolicyconfigMap().set(name, setting);
  }
  await call(client.configure.bind(client), request);
}

/** Nothing of the developer's own Pulumi or Firebreak settings reaches the pack. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PULUMI|FIREBREAK|NODE_OPTIONS|VITEST)/.test(name)),
  );
}

type Unary<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: { deadline: number },
  done: (error: ServiceError | null, response: Response) => void,
) => unknown;

/** One call; what the pack answers with an error is rejected with that error. */
function call<Request, Response>(unary: Unary<Request, Response>, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    unary(request, new Metadata(), { deadline: Date.now() + CALL_LIMIT }, (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });
}

/** The engine does without these calls where a pack's SDK does not know them. */
async function unlessUnimplemented(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === status.UNIMPLEMENTED) return;
    throw error;
  }
}

/** Settings come from JSON, so that they go through JSON is no loss. */
function asJavaScript(properties: Readonly<Record<string, unknown>>): { [key: string]: JavaScriptValue } {
  return JSON.parse(JSON.stringify(properties));
}
