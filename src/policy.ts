/** The authoring API: all that a policy needs. */
export {
  type CheckContext,
  type DeploymentContext,
  definePolicy,
  type FacetChange,
  type Pack,
  type PackEntry,
  type Policy,
} from "./engine/policy.ts";
export { defineFacet, type Facet, itemsAt, type View } from "./facets/facet.ts";
export { Field, ResourceReader } from "./facets/field.ts";
export type { Dependent, Reach, Via } from "./graph/reach.ts";
export type { Change } from "./model/change.ts";
export type { Deployment } from "./model/deployment.ts";
