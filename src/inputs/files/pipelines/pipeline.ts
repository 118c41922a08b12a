import type { Change } from "../../../model/change.ts";
import { maskCredential } from "../../../model/credentials.ts";
import type { Deployment } from "../../../model/deployment.ts";
import { Computed, type Value } from "../../../model/value.ts";
import { stepsOf } from "../../../syntax/steps.ts";
import { narrowest } from "../../../syntax/written.ts";
import { yamlDocuments } from "../../../syntax/yaml.ts";
import { suppressionsIn } from "../suppressions.ts";

/** Reads a pipeline of a canonical type: a deployment of one change, whose value is the last document of the file. */
export function readPipeline(type: string, file: string, name: string, text: string): Deployment {
  const { documents, problems, comments } = yamlDocuments(file, text, { text: valueOfText });
  // In a GitLab file with two the first tells the inputs of the second (docs.gitlab.com/ci/inputs).
  const document = problems.length === 0 ? documents.at(-1) : undefined;
  const suppressed = text.includes("firebreak:")
    ? suppressionsIn(
        file,
        comments(),
        documents.flatMap((one) => one.ranges()),
      )
    : { suppressions: [], problems: [] };
  const changes: readonly Change[] =
    document === undefined
      ? []
      : [
          {
            address: file,
            name,
            type,
            nativeType: type,
            action: "create",
            before: undefined,
            after: document.value,
            source: document.place,
          },
        ];
  return {
    host: "git-diff",
    name: file,
    knows: "after-only",
    changes,
    edges: [],
    problems: [...problems, ...suppressed.problems],
    directives: { hiddenModules: [], moved: [], forgotten: [], ignored: new Map(), openInstances: [] },
    locate: (_, property) => document && narrowest(document, stepsOf(property)),
    suppressions: suppressed.suppressions,
  };
}

/** Expressions are worked out by the system that runs the pipeline: GitHub's and Azure's in `${{ }}`, Azure's at run time in `$[ ]`. */
function valueOfText(text: string, key: string): Value {
  return /\$\{\{|^\$\[/.test(text) ? new Computed(text) : maskCredential(text, key);
}
