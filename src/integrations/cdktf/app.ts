/**
 * What the guard needs of a construct library, as structure: `cdktf` and `cdktn` both have it (the names are those of their
 * App, TerraformStack, Manifest and of the Node of `constructs`), so the package depends on neither.
 */
export interface Construct {
  readonly node: ConstructNode;
}

export interface ConstructNode {
  readonly id: string;
  readonly path: string;
  readonly metadata: readonly { readonly type: string; readonly data: unknown }[];
  findAll(): readonly Construct[];
  addMetadata(type: string, data: unknown, options?: { readonly stackTrace?: boolean }): void;
  addValidation(validation: { validate(): string[] }): void;
}

/** An app of `cdktf` or `cdktn`. */
export interface App extends Construct {
  readonly outdir: string;
  readonly manifest: Manifest;
  readonly skipValidation?: boolean;
}

interface Manifest {
  forStack(stack: never): StackManifest;
}

export interface StackManifest {
  readonly name: string;
  /** Relative to the app's output folder. */
  readonly synthesizedStackPath: string;
  readonly dependencies: readonly string[];
  /** Of the libraries' own type, which an Annotation fits. */
  annotations: readonly object[];
}

/** As the libraries' command lines read it from the manifest. */
export interface Annotation {
  readonly constructPath: string;
  readonly level: "@cdktf/error" | "@cdktf/warn";
  readonly message: string;
  readonly stacktrace: readonly string[];
}

export interface Stack extends Construct {
  toTerraform(): unknown;
}

/** A resource: its address is its type and its unique name within the stack. */
interface Resource extends Construct {
  readonly terraformResourceType: string;
  readonly friendlyUniqueId: string;
}

export function stacksOf(app: App): readonly Stack[] {
  return app.node.findAll().filter(isStack);
}

/** What the manifest says of a stack: where it is written, what goes before it. */
export function manifestOf(app: App, stack: Stack): StackManifest {
  // The library's own parameter is its own class of stack, which is what this one is.
  return app.manifest.forStack(stack as never);
}

function isStack(construct: Construct): construct is Stack {
  return (
    "toTerraform" in construct && typeof construct.toTerraform === "function" && "synthesizer" in construct
  );
}

/** The resources of a stack by address, without instance keys; those of stacks inside of it are their own. */
export function resourcesOf(stack: Stack): ReadonlyMap<string, Construct> {
  const found = new Map<string, Construct>();
  const inner = stack.node.findAll().filter((one) => one !== stack && isStack(one));
  const isElsewhere = (one: Construct) =>
    inner.some(({ node }) => one.node.path.startsWith(`${node.path}/`) || one.node === node);
  for (const construct of stack.node.findAll()) {
    if (isResource(construct) && !(inner.length > 0 && isElsewhere(construct)))
      found.set(`${construct.terraformResourceType}.${construct.friendlyUniqueId}`, construct);
  }
  return found;
}

function isResource(construct: Construct): construct is Resource {
  return (
    "terraformResourceType" in construct &&
    typeof construct.terraformResourceType === "string" &&
    "friendlyUniqueId" in construct &&
    typeof construct.friendlyUniqueId === "string"
  );
}
