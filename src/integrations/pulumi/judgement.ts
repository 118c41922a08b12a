import { evaluate } from "../../engine/evaluate.ts";
import type { ActivePolicy, Evaluation, EvaluationContext } from "../../engine/evaluation.ts";
import { settle } from "../../engine/judge.ts";
import type { Settings } from "../../engine/settings.ts";
import { sharingOf } from "../../engine/sharing.ts";
import type { Deployment, Problem } from "../../model/deployment.ts";
import type { Finding, Undetermined } from "../../model/report.ts";
import type { Judgeable } from "./stack-run.ts";

/** What one policy has to say of one resource or of the stack, waivers applied. */
export interface Said {
  readonly findings: readonly Finding[];
  readonly undetermined: readonly Undetermined[];
  /** It found nothing that it is about. */
  readonly isNotApplicable: boolean;
  /** Its answer rests on who depends on whom, which is certain only at the end. */
  readonly isProvisional: boolean;
}

const NOT_APPLICABLE: Said = {
  findings: [],
  undetermined: [],
  isNotApplicable: true,
  isProvisional: false,
};

/** What a run could not read, decide or finish, and what its waivers have to say. */
export interface Leftovers {
  readonly undetermined: readonly Undetermined[];
  readonly problems: readonly Problem[];
}

/** The judgement over one run of the engine, policy by policy as Pulumi asks. */
export class Judgement {
  readonly #settings: Settings;
  readonly #context: Pick<EvaluationContext, "sharing" | "today">;
  /** Of the whole stack, by policy. */
  readonly #evaluations = new Map<string, Evaluation>();
  /** What has been reported while resources were registered, so that it is not reported again at the end. */
  readonly #reported = new Set<string>();

  constructor(settings: Settings, today: string) {
    this.#settings = settings;
    this.#context = { sharing: sharingOf(settings.shared), today };
  }

  /** A policy over one resource that is about to be operated on. */
  ofResource(active: ActivePolicy, judgeable: Judgeable): Said {
    return this.#said(this.#evaluate(active, judgeable), judgeable.deployment);
  }

  /** A policy over the whole stack, without what it has reported of single resources already. */
  ofStack(active: ActivePolicy, judgeable: Judgeable): Said {
    const evaluation = this.#evaluate(active, judgeable);
    this.#evaluations.set(active.policy.id, evaluation);
    const said = this.#said(evaluation, judgeable.deployment);
    return { ...said, findings: said.findings.filter((finding) => !this.#reported.has(keyOf(finding))) };
  }

  /** Remembers that a finding has been reported. */
  report(finding: Finding): void {
    this.#reported.add(keyOf(finding));
  }

  /** What is left to say when all policies have judged the stack. */
  leftovers({ deployment }: Judgeable): Leftovers {
    const all = [...this.#evaluations.values()];
    const together = {
      findings: all.flatMap((one) => one.findings),
      undetermined: all.flatMap((one) => one.undetermined),
      problems: all.flatMap((one) => one.problems),
    };
    const { undetermined, problems } = settle(together, [deployment], this.#settings, this.#context.today);
    return { undetermined, problems: [...deployment.problems, ...problems] };
  }

  #evaluate(active: ActivePolicy, { deployment, relations }: Judgeable): Evaluation {
    return evaluate([deployment], [active], { ...this.#context, graph: relations, all: false });
  }

  #said(evaluation: Evaluation, deployment: Deployment): Said {
    // By far the most frequent answer.
    if (evaluation.notApplicable > 0) return NOT_APPLICABLE;
    const { open, undetermined } = settle(evaluation, [deployment], this.#settings, this.#context.today);
    return {
      findings: open,
      undetermined,
      isNotApplicable: false,
      isProvisional: evaluation.asksRelations,
    };
  }
}

/**
 * Tells whether two findings are the same, said earlier and later. Not by fingerprint: that numbers what is alike in one
 * run (`web[0]` and `web[1]`), and a single resource is a run of its own here.
 */
function keyOf({ policy, address, path, fact, message }: Finding): string {
  return [policy, address, path, fact?.name ?? message].join("\n");
}
