import type { SourceLocation } from "../../model/change.ts";
import { formatLocation } from "../../model/errors.ts";
import type { Finding } from "../../model/report.ts";
import { type Annotation, type App, type Construct, manifestOf, type Stack, stacksOf } from "./app.ts";
import { callsThatMade } from "./places.ts";

/** A finding, the construct that it is about, and where the program made that. */
export interface Located {
  readonly finding: Finding;
  readonly construct: Construct;
  readonly source: SourceLocation | undefined;
}

/**
 * Makes each finding an annotation of its construct: an error where it blocks, else a warning. The manifest took its
 * annotations when the stacks were written, before anything was judged, so it is told as well.
 */
export function annotate(app: App, located: readonly Located[]): void {
  const stacks = located.length === 0 ? [] : stacksOf(app);
  for (const { finding, construct, source } of located) {
    const level = finding.level === "mandatory" ? "@cdktf/error" : "@cdktf/warn";
    const place = source === undefined ? "" : ` (${formatLocation(source)})`;
    const message = `Firebreak, ${finding.policy}: ${finding.message} ${finding.fix}${place}`;
    // An app may be synthesised more than once.
    if (construct.node.metadata.some((one) => one.type === level && one.data === message)) continue;
    construct.node.addMetadata(level, message);
    const annotation: Annotation = {
      constructPath: construct.node.path,
      level,
      message,
      stacktrace: callsThatMade(construct),
    };
    const stack = stacks.find((one) => isIn(construct, one));
    if (stack !== undefined) {
      const manifest = manifestOf(app, stack);
      manifest.annotations = [...manifest.annotations, annotation];
    }
  }
}

function isIn(construct: Construct, stack: Stack): boolean {
  return construct === stack || construct.node.path.startsWith(`${stack.node.path}/`);
}
