import { isList, isObject, Secret, type Value } from "../../../src/model/value.ts";
import { definePolicy, type Facet, type Field, ResourceReader } from "../../../src/policy.ts";

/** Every property of every resource, whatever its type. */
const everything: Facet<Record<string, unknown>> = {
  id: "everything",
  types: [],
  covers: () => true,
  items: (type, state, providerMajor) => {
    if (state === undefined || state === null) return [];
    const reader = new ResourceReader(state, type, providerMajor);
    const facts: Record<string, Field<string | undefined>> = {};
    for (const path of pathsIn(state)) facts[path] = reader.string(path);
    return [{ key: "", facts }];
  },
};

/** A policy that puts as much as it can into the report: before and after of every property that can be read. */
export const tellAll = definePolicy({
  id: "test/tell-all",
  title: "Everything is told",
  severity: "low",
  kind: "state",
  hazard: "Whatever a resource says of itself could get into a report.",
  each: everything,
  check({ before, after, report }) {
    for (const path of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
      report.violation({ at: path, message: "This stands there.", fix: "Nothing is to be done." });
    }
  },
});

/** The paths of all values and of what holds them, those inside secrets included; lists of one read as their element. */
function* pathsIn(value: Value, path = ""): Generator<string> {
  const content = value instanceof Secret ? value.reveal() : value;
  if (path !== "") yield path;
  const inner = isList(content) && content.length === 1 ? content[0] : content;
  if (!isObject(inner)) return;
  for (const [key, item] of Object.entries(inner)) {
    if (!key.includes(".")) yield* pathsIn(item, path === "" ? key : `${path}.${key}`);
  }
}
