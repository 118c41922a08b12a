import type { SourceLocation } from "../model/change.ts";
import type { Step } from "./steps.ts";

/** A block or a construct as somebody wrote it in a source file. */
export interface Written {
  /** Where it starts. */
  readonly place: SourceLocation;
  /**
   * The narrowest place inside that certainly holds the property which the steps lead to; undefined where nothing of it is
   * written inside. What is written several times, or in a position that the order of a plan does not tell, ends the way.
   */
  placeOf(steps: readonly Step[]): SourceLocation | undefined;
}

/** A block of a Terraform configuration, in HCL or in JSON. */
export interface WrittenBlock extends Written {
  /** The text of an attribute that is written out; undefined where it is absent or worked out. */
  text(attribute: string): string | undefined;
}

/** A file of a configuration: its blocks by their header, such as `resource`, type and name. */
export interface ConfigurationFile {
  blocks(header: readonly string[]): readonly WrittenBlock[];
}

/** Where a property of it stands, or at least the whole. */
export function narrowest(written: Written, steps: readonly Step[]): SourceLocation {
  return written.placeOf(steps) ?? written.place;
}

/** The one place of these, the file that all are in, or undefined where even that differs. */
export function inCommon(places: readonly SourceLocation[]): SourceLocation | undefined {
  const [first, ...others] = places;
  if (first === undefined || others.length === 0) return first;
  return others.every(({ file }) => file === first.file) ? { file: first.file } : undefined;
}
