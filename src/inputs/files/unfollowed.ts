import { isTouched } from "../../model/change.ts";
import type { Deployment, Problem } from "../../model/deployment.ts";

/** The type of a change that stands for a module whose resources are not here. */
const MODULE = "module";

/**
 * Says which modules from elsewhere changed: what that does to their resources nobody can tell from the files. They are no
 * resources themselves and nothing judges them, but they can be what depends on something.
 */
export function withoutModules(deployment: Deployment): Deployment {
  const modules = deployment.changes.filter(({ type }) => type === MODULE);
  if (modules.length === 0) return deployment;
  const problems = modules.filter(isTouched).map(
    ({ address, source }): Problem => ({
      message: `${deployment.name}: ${address} changes, and its resources are written elsewhere, so nothing is said about them; judge a plan to see them.`,
      ...(source && { source }),
      severity: "warning",
    }),
  );
  return {
    ...deployment,
    changes: deployment.changes.map((change) =>
      change.type === MODULE && isTouched(change) ? { ...change, action: "keep" } : change,
    ),
    problems: [...deployment.problems, ...problems],
  };
}
