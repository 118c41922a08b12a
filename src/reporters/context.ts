import type { Report } from "../model/report.ts";

/** What a report cannot say of a policy itself, for the formats that describe their rules (SARIF). */
export interface RuleInfo {
  /** What holds when the policy is satisfied. */
  readonly title: string;
  /** One sentence: what happens to whom. */
  readonly hazard: string;
  /** Where the policy's document is: a URL, or a path relative to the package. */
  readonly help: string;
}

/** How a report is to be shown; reporters know nothing of the terminal or the environment beside this. */
export interface RenderContext {
  /** Columns of the terminal; text is wrapped between 40 and 120. */
  readonly width: number;
  readonly colour: boolean;
  /** List every check that could not be decided, not only how many there were. */
  readonly showUndetermined: boolean;
  /** Findings, errors and the summary; nothing else. */
  readonly quiet: boolean;
  /** The terminal understands OSC 8 links. */
  readonly hyperlinks?: boolean;
  /** The policies that were run, by id. */
  readonly rules?: Readonly<Record<string, RuleInfo>>;
}

/** A reporter: pure, the same bytes for the same report. */
export type Render = (report: Report, context: RenderContext) => string;
