import type { Render } from "./context.ts";

/** The output formats by name. Each is loaded only when a run asks for it. */
export const reporters = {
  pretty: () => import("./pretty.ts"),
  json: () => import("./json.ts"),
  sarif: () => import("./sarif.ts"),
  junit: () => import("./junit.ts"),
  markdown: () => import("./markdown.ts"),
  github: () => import("./github.ts"),
} satisfies Record<string, () => Promise<{ default: Render }>>;

export type Format = keyof typeof reporters;

/** In the order in which `--help` names them. */
export const FORMATS: readonly Format[] = ["pretty", "json", "sarif", "junit", "markdown", "github"];

export function isFormat(name: string): name is Format {
  return Object.hasOwn(reporters, name);
}
