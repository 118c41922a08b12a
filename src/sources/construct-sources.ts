import type { SourceLocation } from "../model/change.ts";
import { classCalled, classOfType } from "../syntax/class-query.ts";
import { type ConstructSite, type PartlyKnown, placeOf } from "../syntax/construct-sites.ts";
import type { Grammar } from "../syntax/grammar.ts";
import { stepsOf } from "../syntax/steps.ts";
import { inCommon } from "../syntax/written.ts";
import { ConstructClasses } from "./construct-classes.ts";
import { inConfig } from "./construct-config.ts";
import type { SourceTree } from "./source-tree.ts";

/** Whether a site makes the construct: its id and the scopes around it are written out, or some are worked out. */
type Fit = "certain" | "possible" | "no";

/** Programs in TypeScript; a declaration makes nothing. */
const TYPESCRIPT = /(?<!\.d)\.[cm]?tsx?$/;
const JAVASCRIPT = /\.[cm]?jsx?$/;
/** Tests make constructs too, but none that is deployed. */
const TEST = /\.(?:test|spec)\.[cm]?[jt]sx?$/;
/** Installed packages, what was synthesised, and what is hidden: `.git`, and `.gen` with the bindings that `cdktf get` makes. */
const SKIPPED = /^\.|^(?:node_modules|cdktf\.out|__tests__|__mocks__)$/;

/** The TypeScript or JavaScript of a CDKTF or CDKTN app, below the source directory. */
export class ConstructSources {
  readonly #classes: ConstructClasses;
  /** Whether there is anything that may be such an app. */
  readonly isThere: boolean;
  /** False where there is more than can be looked at: something like what is found may then be among the rest. */
  readonly isComplete: boolean;

  constructor(tree: SourceTree, grammar: Grammar) {
    const { files, isComplete } = tree.walk(/\.[cm]?[jt]sx?$/, SKIPPED);
    const programs = files.filter((file) => !TEST.test(file));
    const typescript = programs.filter((file) => TYPESCRIPT.test(file));
    // Beside TypeScript, JavaScript is what the compiler made of it.
    const sources = typescript.length > 0 ? typescript : programs.filter((file) => JAVASCRIPT.test(file));
    this.#classes = new ConstructClasses(tree, sources, grammar);
    this.isThere = sources.length > 0;
    this.isComplete = isComplete;
  }

  /**
   * Where the construct with that path (`stack/scope/id`) is made or, inside of its configuration, where the property stands.
   * `type` is that of the resource or data source, such as `azurerm_storage_account`.
   */
  locate(path: string, type: string, isData: boolean, property: string): SourceLocation | undefined {
    const makers = this.isComplete ? this.#classes.makersOf(classOfType(type, isData)) : undefined;
    if (makers === undefined) return undefined;
    const names = path.split("/");
    const fits = new Fits(this.#classes);
    const possible = makers.sites.filter((site) => fits.of(site, names) !== "no");
    const certain = possible.filter((site) => fits.of(site, names) === "certain");
    const sites = certain.length > 0 ? certain : possible;
    const [site, ...others] = sites;
    if (site === undefined || others.length > 0) return inCommon(sites.map(({ place }) => place));
    // Where id and scope are both worked out, it may as well be a construct that an installed package makes.
    if (idFits(site.id, names) !== "certain" && fits.ofScope(site, names) !== "certain") return undefined;
    const { place, config, className } = site;
    const inside =
      config !== undefined && makers.ownNames.has(className)
        ? inConfig(config, stepsOf(property))
        : undefined;
    return inside === undefined ? place : placeOf(place.file, inside);
  }
}

/** Which sites can make the constructs on one path. */
class Fits {
  readonly #classes: ConstructClasses;
  readonly #known = new Map<ConstructSite, Map<number, Fit>>();

  constructor(classes: ConstructClasses) {
    this.#classes = classes;
  }

  /** Whether the site makes the construct with that path. */
  of(site: ConstructSite, path: readonly string[]): Fit {
    const known = this.#known.get(site) ?? new Map<number, Fit>();
    this.#known.set(site, known);
    const before = known.get(path.length);
    if (before !== undefined) return before;
    const own = idFits(site.id, path);
    const outer = own === "no" ? "no" : this.ofScope(site, path);
    const fit = outer === "certain" ? own : outer;
    known.set(path.length, fit);
    return fit;
  }

  /** Whether what the site makes is in the scope that the path tells. */
  ofScope(site: ConstructSite, path: readonly string[]): Fit {
    const outer = path.slice(0, -1);
    const scope = site.scope();
    // Stacks are in the app, which has no name.
    if (outer.length === 0) return "certain";
    if (scope === undefined) return "possible";
    const makers =
      "madeAt" in scope ? [scope.madeAt] : this.#classes.makersOf(classCalled(scope.instanceOf))?.sites;
    // A class of which nothing here makes an object is used by somebody else.
    if (makers === undefined || makers.length === 0) return "possible";
    const fits = makers.map((maker) => this.of(maker, outer));
    return fits.find((fit) => fit === "certain") ?? fits.find((fit) => fit === "possible") ?? "no";
  }
}

/** Whether an id that is written in parts can be the last name of the path. */
function idFits(parts: PartlyKnown, path: readonly string[]): Fit {
  // `/` separates names, so constructs replace it in an id.
  const [first = "", ...rest] = parts.map((part) => part.replaceAll("/", "--"));
  const id = path.at(-1) ?? "";
  const last = rest.pop();
  if (last === undefined) return first === id ? "certain" : "no";
  if (!id.startsWith(first) || !id.endsWith(last) || id.length < first.length + last.length) return "no";
  let at = first.length;
  for (const part of rest) {
    const found = id.indexOf(part, at);
    if (found === -1 || found + part.length > id.length - last.length) return "no";
    at = found + part.length;
  }
  return parts.some((part) => part !== "") ? "certain" : "possible";
}
