import { maskCredential } from "../../../model/credentials.ts";
import type { Problem } from "../../../model/deployment.ts";
import type { Suppression } from "../../../model/suppression.ts";
import { isObject, type Value } from "../../../model/value.ts";
import type { Step } from "../../../syntax/steps.ts";
import type { Written } from "../../../syntax/written.ts";
import { KUBERNETES, type YamlDocument, type YamlFile, yamlDocuments } from "../../../syntax/yaml.ts";
import { suppressionsIn } from "../suppressions.ts";
import { KUSTOMIZATION } from "./kustomization.ts";
import { at, elementsOf, textOf } from "./member.ts";
import { withoutSecrets } from "./secrets.ts";

/** An object that a manifest describes. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Undefined where it has none, since its kind has none or it is given on applying. */
  readonly namespace: string | undefined;
  /** Its own, or what a generated one starts with; undefined where it has neither. */
  readonly name: string | undefined;
  /** All of it, as it is written. */
  readonly value: Value;
  readonly written: Written;
}

/** What is read of one file. */
export interface Manifest {
  readonly objects: readonly KubernetesObject[];
  readonly problems: readonly Problem[];
  readonly suppressions: readonly Suppression[];
}

/** The objects of a manifest: of each document, or of the list that it is. Other documents are passed over. */
export function manifestOf(file: string, text: string): Manifest {
  const yaml = yamlDocuments(file, text, { rules: KUBERNETES, text: maskCredential });
  const objects = yaml.documents.flatMap((document) => objectsIn(file, document));
  const { suppressions, problems } = suppressionsOf(file, text, yaml);
  return { objects, problems: [...yaml.problems, ...problems], suppressions };
}

function suppressionsOf(file: string, text: string, { documents, comments }: YamlFile) {
  if (!text.includes("firebreak:")) return { suppressions: [], problems: [] };
  return suppressionsIn(
    file,
    comments(),
    documents.flatMap((document) => document.ranges()),
  );
}

function objectsIn(file: string, document: YamlDocument): readonly KubernetesObject[] {
  const { value } = document;
  const kind = textOf(at(value, "kind"));
  const items = at(value, "items");
  // `kind: List` holds objects of any kind, `ConfigMapList` those of one, which need not repeat it.
  if (kind?.endsWith("List") && items !== undefined) {
    const apiVersion = at(value, "apiVersion");
    const ofAll = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
    return elementsOf(items).flatMap((item, i) => objectOf(item, ofAll, within(document, ["items", i])));
  }
  const ofFile = KUSTOMIZATION.test(file) ? KUSTOMIZATION_TYPE : {};
  return objectOf(value, ofFile, document);
}

/** What a kustomization is where it does not say so. */
const KUSTOMIZATION_TYPE = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };

type Defaults = { readonly apiVersion?: Value | undefined; readonly kind?: Value | undefined };

/** The object, where there is one: anything with an API version and a kind. */
function objectOf(value: Value, defaults: Defaults, written: Written): readonly KubernetesObject[] {
  const apiVersion = textOf(at(value, "apiVersion") ?? defaults.apiVersion);
  const kind = textOf(at(value, "kind") ?? defaults.kind);
  if (!isObject(value) || apiVersion === undefined || kind === undefined) return [];
  const metadata = at(value, "metadata");
  return [
    {
      apiVersion,
      kind,
      namespace: textOf(at(metadata, "namespace")),
      name: textOf(at(metadata, "name")) ?? textOf(at(metadata, "generateName")),
      value: withoutSecrets(kind, value),
      written,
    },
  ];
}

/** A part of a document. */
function within(document: YamlDocument, path: readonly Step[]): Written {
  return {
    place: document.placeOf(path) ?? document.place,
    placeOf: (steps) => (steps.length === 0 ? undefined : document.placeOf([...path, ...steps])),
  };
}
