import type {
  PolicyPackArgs,
  ReportViolation,
  ResourceValidationArgs,
  StackValidationArgs,
} from "@pulumi/policy";
import type { Setup } from "../../config/setup.ts";
import type { ActivePolicy } from "../../engine/evaluation.ts";
import type { Problem } from "../../model/deployment.ts";
import type { Finding, Undetermined } from "../../model/report.ts";
import { visible } from "../../reporters/text.ts";
import { count, reasonsInWords } from "../../reporters/words.ts";
import { type BeforeState, readBeforeState } from "./before-state.ts";
import { isPreview, type PackEnvironment, stackOf } from "./environment.ts";
import { Judgement, type Said } from "./judgement.ts";
import { configured, descriptionOf, type OfferedPolicy, offeredPolicies } from "./policies.ts";
import { notApplicable, reportTo, wireFormat } from "./sdk.ts";
import { type Judgeable, StackRun } from "./stack-run.ts";
import { violationText } from "./violation.ts";

/** The policy under which the pack takes its own settings and says that it cannot work. */
const SELF = "firebreak";
/** The policy that says, after all others, what could not be read, decided or finished. */
const UNDECIDED = "firebreak/undecided";

/** The SDK asks only policies over single resources while resources are registered. */
const NOTHING_SEEN =
  "Firebreak was not shown the inputs of any resource, so this policy cannot judge: switch on the policy `firebreak` as well, or any other that is about single resources.";

/** The settings that Pulumi's configuration may give the pack itself. */
interface OwnConfig {
  readonly before?: string;
  readonly onUndetermined?: "report" | "block";
}

/**
 * Firebreak as a policy pack. Every policy is asked while resources are registered, which is the last moment before
 * `pulumi up` touches one, and again at the end, when the whole stack is known:
 *
 * - In a preview, an answer that rests on who depends on whom waits for the end, where it is exact; nothing is touched by
 *   then. All other answers are given at once.
 * - In an update, everything that is found in a resource stops its operation. Who depends on it is told from what exists.
 *
 * The SDK asks policy by policy and resource by resource; what they share is worked out once for each request.
 */
export class FirebreakPack {
  readonly #environment: PackEnvironment;
  readonly #setup: Setup;
  readonly #warnings: readonly Problem[];
  readonly #isPreview: boolean;
  readonly #judgement: Judgement;
  #blocksUndetermined: boolean;
  #before: Promise<BeforeState>;
  #state: BeforeState | undefined;
  #run: StackRun | undefined;
  #isBegun = false;
  readonly #judgeables = new WeakMap<object, Judgeable | undefined>();

  /** `warnings`: what was odd when the pack was set up, to be said at the end. */
  constructor(environment: PackEnvironment, setup: Setup, warnings: readonly string[] = []) {
    this.#environment = environment;
    this.#setup = setup;
    this.#warnings = warnings.map((message): Problem => ({ message, severity: "warning" }));
    this.#isPreview = isPreview(environment.env);
    this.#judgement = new Judgement(setup.settings, environment.today);
    this.#blocksUndetermined = setup.settings.onUndetermined === "block";
    // At once: an update soon writes over the state.
    this.#before = readBeforeState(environment, stackOf(environment.env), undefined);
  }

  /** What the SDK's PolicyPack takes. */
  args(): PolicyPackArgs {
    const offered = offeredPolicies(this.#setup.policies, this.#setup.packs);
    return {
      description: "Refuses infrastructure changes that could take everything down at once.",
      displayName: "Firebreak",
      tags: ["change-safety", "reliability"],
      policies: [this.#self(), ...offered.map((one) => this.#policy(one)), this.#undecided()],
    };
  }

  /** Goes first, so that its settings are known before any policy asks. */
  #self(): PolicyPackArgs["policies"][number] {
    return {
      name: SELF,
      displayName: "Firebreak itself",
      description: "Firebreak can read what it compares the change with.",
      enforcementLevel: "mandatory",
      severity: "high",
      remediationSteps:
        "Name a state that can be read (FIREBREAK_BEFORE, or `before` in the policy's configuration): the output of `pulumi stack export`.",
      url: "docs/pulumi.md",
      configSchema: {
        properties: {
          before: { type: "string", description: "File with the state before the change." },
          onUndetermined: { type: "string", enum: ["report", "block"] },
        },
      },
      validateResource: async (args, report) => {
        const isFirst = !this.#isBegun;
        this.#isBegun = true;
        if (isFirst) this.#configure(args.getConfig<OwnConfig>());
        // Whatever other policies are on, the resource is known at the end.
        await this.#resource(args);
        if (!isFirst) return;
        if (this.#state?.kind === "unreadable") {
          report(`The state before the change cannot be used: ${visible(this.#state.because)}`);
        }
      },
    };
  }

  #configure({ before, onUndetermined }: OwnConfig): void {
    if (before !== undefined && before !== "") {
      this.#before = readBeforeState(this.#environment, stackOf(this.#environment.env), before);
    }
    if (onUndetermined !== undefined) this.#blocksUndetermined = onUndetermined === "block";
  }

  #policy(offered: OfferedPolicy): PolicyPackArgs["policies"][number] {
    let active: ActivePolicy | undefined;
    // The engine configures a pack once, before it asks anything.
    const activeOf = (args: Pick<ResourceValidationArgs, "getConfig">) => {
      active ??= configured(offered, args.getConfig());
      return active;
    };
    const ofStack = async (args: StackValidationArgs, report: ReportViolation) => {
      const judgeable = await this.#wholeStack(args);
      const root = rootOf(args);
      if (this.#run?.sawInputs === false) return report(NOTHING_SEEN, root);
      const said = this.#judgement.ofStack(activeOf(args), judgeable);
      if (said.isNotApplicable) notApplicable(args, "nothing that changes is what the policy is about");
      this.#report(offered, said, report, root);
      if (this.#blocksUndetermined) this.#reportUndetermined(said, report, root);
    };
    const description = descriptionOf(offered);
    if ("checkDeployment" in offered.policy) return { ...description, validateStack: ofStack };
    const ofResource = (
      judgeable: Judgeable | undefined,
      args: ResourceValidationArgs,
      report: ReportViolation,
    ) => {
      // What does not change complies with every policy about changes.
      if (judgeable === undefined) return;
      const said = this.#judgement.ofResource(activeOf(args), judgeable);
      if (said.isNotApplicable) notApplicable(args, "the change has nothing that the policy is about");
      if (this.#isPreview && said.isProvisional) return;
      this.#report(offered, said, report);
      if (!this.#isPreview && this.#blocksUndetermined) this.#reportUndetermined(said, report);
    };
    return {
      ...description,
      validateResource: (args, report) => {
        // Promises for every policy and resource would take longer than what they wait for.
        const judgeable = this.#resource(args);
        return judgeable instanceof Promise
          ? judgeable.then((one) => ofResource(one, args, report))
          : ofResource(judgeable, args, report);
      },
      validateStack: ofStack,
    };
  }

  /** `root`: what a finding about the stack, or about something that is gone, stands at. */
  #report({ policy }: OfferedPolicy, { findings }: Said, report: ReportViolation, root?: string): void {
    for (const finding of findings) {
      this.#judgement.report(finding);
      reportTo(report, {
        message: `${policy.title}\n${violationText(finding)}`,
        urn: root !== undefined && isOfNoResource(finding) ? root : finding.address,
        // What rests on a guess never blocks, whatever Pulumi's configuration makes of the policy.
        ...(finding.confidence === "low" && { enforcementLevel: "advisory" as const }),
      });
    }
  }

  /** Goes last, when every policy has judged the stack. */
  #undecided(): PolicyPackArgs["policies"][number] {
    return {
      name: UNDECIDED,
      displayName: "What Firebreak could not decide",
      description: "Everything in this change could be read and judged.",
      enforcementLevel: "mandatory",
      severity: "high",
      remediationSteps:
        "Give Firebreak a state to compare with, mend what it cannot read, and judge by hand what it names.",
      url: "docs/pulumi.md",
      validateStack: async (args, report) => {
        const { undetermined, problems } = this.#judgement.leftovers(await this.#wholeStack(args));
        const all = [...this.#warnings, ...problems];
        const root = rootOf(args);
        for (const { message, severity } of all) if (severity === "error") report(visible(message), root);
        const remarks = all.flatMap(({ message, severity }) =>
          severity === "warning" ? [visible(message)] : [],
        );
        if (undetermined.length > 0 && !this.#blocksUndetermined)
          remarks.unshift(this.#undecidedText(undetermined));
        if (remarks.length > 0)
          reportTo(report, { message: remarks.join("\n"), urn: root, enforcementLevel: "advisory" });
      },
    };
  }

  /** The resource in its change, worked out once for all policies that ask about this request. */
  #resource(args: ResourceValidationArgs): Judgeable | undefined | Promise<Judgeable | undefined> {
    if (this.#run === undefined)
      return this.#begin().then((run) => this.#once(wireFormat(args.props), () => run.register(args)));
    const run = this.#run;
    return this.#once(wireFormat(args.props), () => run.register(args));
  }

  async #wholeStack({ resources }: StackValidationArgs): Promise<Judgeable> {
    const run = this.#run ?? (await this.#begin());
    const [first] = resources;
    // Each policy gets a list of its own, over the same request's properties.
    const key = first === undefined ? run : wireFormat(first.props);
    return this.#once(key, () => run.finish(resources)) ?? run.finish(resources);
  }

  #once(request: object, work: () => Judgeable | undefined): Judgeable | undefined {
    if (!this.#judgeables.has(request)) this.#judgeables.set(request, work());
    return this.#judgeables.get(request);
  }

  async #begin(): Promise<StackRun> {
    const before = await this.#before;
    this.#state ??= before;
    this.#run ??= new StackRun(stackOf(this.#environment.env)?.stack ?? "stack", before);
    return this.#run;
  }

  #reportUndetermined({ undetermined }: Said, report: ReportViolation, root?: string): void {
    if (undetermined.length > 0) report(this.#undecidedText(undetermined), root);
  }

  #undecidedText(undetermined: readonly Undetermined[]): string {
    const said = `${count(undetermined.length, "check")} could not be decided: ${reasonsInWords([...undetermined])}.`;
    if (this.#state?.kind !== "unknown") return said;
    return `${said}\nThere is no state to compare with: ${visible(this.#state.because)}. FIREBREAK_BEFORE names a file with the output of \`pulumi stack export\`.`;
  }
}

/**
 * The URN of the stack itself, at which stands what is about no single resource. `pulumi preview` would put it there by
 * itself; `pulumi policy analyze` (3.248) breaks off at a violation without a URN.
 */
function rootOf({ resources }: StackValidationArgs): string {
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? resources[0];
  return root?.urn ?? "";
}

/** Whether the engine will have no resource by the finding's address. */
function isOfNoResource({ type, action }: Finding): boolean {
  return type === "deployment" || action === "delete";
}
