import type { Deployment } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { type Input, readJson } from "../input.ts";
import { asList, asObject, asText, member } from "../json-value.ts";
import { nameOf } from "../name.ts";
import type { Reader } from "../reader.ts";
import { StackBuilder } from "./deployment.ts";
import { resourceState } from "./resource.ts";
import { Steps } from "./steps.ts";
import { parseUrn } from "./urn.ts";

/**
 * Reads what `pulumi preview --json` prints when it is done. Resources that stay as they are are in it only with
 * `--show-sames`; the state of the stack tells them otherwise.
 */
export const pulumiPreview: Reader = {
  read(input: Input): readonly Deployment[] {
    const document = asObject(readJson(input));
    if (document === undefined) {
      throw new InputError(`${input.path} is not a Pulumi preview: it is not a JSON object`, {
        file: input.path,
      });
    }
    const stack = new StackBuilder(input.path);
    const steps = new Steps();
    for (const json of asList(member(document, "steps"))) {
      const object = asObject(json);
      const address = asText(member(object, "urn"));
      const op = asText(member(object, "op"));
      if (address === undefined || op === undefined || parseUrn(address) === undefined) {
        stack.problem("error", `${input.path} has a step that names no resource or no operation`);
        continue;
      }
      const old = resourceState(member(object, "oldState"));
      const next = resourceState(member(object, "newState"));
      steps.add({ op, address, old, next });
    }
    for (const json of asList(member(document, "diagnostics"))) {
      const diagnostic = asObject(json);
      if (asText(member(diagnostic, "severity")) !== "error") continue;
      const urn = asText(member(diagnostic, "urn"));
      const about = urn === undefined || urn === "" ? "the stack" : urn;
      stack.problem("error", `Pulumi reported an error about ${about}, so this preview may lack changes`);
    }
    if (member(document, "maybeCorrupt") === true) {
      stack.problem(
        "error",
        `Pulumi says that ${input.path} may be incomplete: the preview did not end in good order`,
      );
    }
    return [steps.build(stack, "pulumi-preview", nameOf(input.path))];
  },
};
