import type { Finding } from "../model/report.ts";
import { type Step, stepsOf } from "../syntax/steps.ts";
import type { Edit } from "./edits.ts";
import type { Source } from "./language.ts";
import { removeMember } from "./layout.ts";
import { folded, type Place, placeIn, type Scalar, type Written } from "./written.ts";

/** A finding beside the resource that it is about, as its file has it. */
interface Subject {
  readonly finding: Finding;
  readonly text: string;
  readonly source: Source;
  /** The resource's properties. */
  readonly properties: Written;
}

/** What puts one kind of finding right: the edits, or undefined where it is not certain which those are. */
type Remedy = (subject: Subject) => readonly Edit[] | undefined;

/**
 * What has one right answer, by policy; a finding gets the first that has an answer for it. Everything else that policies find
 * needs somebody to decide: by which steps, for how long, how many.
 */
export const REMEDIES: Readonly<Record<string, readonly Remedy[]>> = {
  "certificates/auto-rotation": [renewInVault, renewOrder],
  "certificates/no-pinned-version": [followLatestAddress, followLatestAttribute, followLatestVersion],
  "clients/exponential-backoff": [backOffInDapr],
  "clients/jitter": [backOffInDapr],
  "rollout/gradual-update-settings": [oneDaemonAtATime],
};

/** When a vault renews what says nothing: late enough to use the certificate, and with a fifth of its life to notice a failure. */
const RENEWAL_PERCENTAGE = 80;

/**
 * A lifetime action for a certificate whose policy has none. With an issuer that the vault cannot talk to no action renews
 * anything, and one that only sends mails was somebody's choice.
 */
function renewInVault({ finding, source, properties }: Subject): readonly Edit[] | undefined {
  const steps = stepsOf(finding.path);
  const name = steps.at(-1);
  if (typeof name !== "string" || !/^lifetime_?actions?$/i.test(name) || factOf(finding) !== "never")
    return undefined;
  const policy = steps.slice(0, -1);
  const issuer = placeIn(properties, [...policy, "issuer_parameters", "name"])?.member?.value.literal;
  const place = absent(placeIn(properties, steps));
  if (place === undefined || typeof issuer !== "string" || /^(?:unknown)?$/i.test(issuer)) return undefined;
  const action = {
    action: { [source.spell("action_type")]: "AutoRenew" },
    trigger: { [source.spell("lifetime_percentage")]: RENEWAL_PERCENTAGE },
  };
  // Pulumi writes lists in the plural.
  const key = isPulumi(finding) ? "lifetimeActions" : source.spell("lifetime_action");
  return source.add(place, key, [action]);
}

/** An order of App Service that says it is not to be renewed. */
function renewOrder(subject: Subject): readonly Edit[] | undefined {
  const isOrder = /(?:^|\.)auto_?renew$/i.test(subject.finding.path);
  return isOrder ? replaced(subject, stepsOf(subject.finding.path), ["false"], true) : undefined;
}

/** The addresses of Key Vault objects, their version apart. */
const PINNED = /^(https:\/\/[^/?#\s]+\/(?:secrets|certificates)\/[^/?#\s]+)(\/[^/?#\s]+\/?)$/i;

/** An address that is written out loses its version. */
function followLatestAddress({ finding, text, properties }: Subject): readonly Edit[] | undefined {
  const value = placeIn(properties, stepsOf(finding.path))?.member?.value;
  const [address, base, version] = PINNED.exec(String(value?.literal)) ?? [];
  if (value === undefined || address === undefined || base === undefined || version === undefined)
    return undefined;
  if (!staysInPlace(finding) || finding.after !== address) return undefined;
  const offset = text.slice(value.start, value.end).indexOf(address);
  if (offset === -1) return undefined;
  const start = value.start + offset + base.length;
  return [{ start, end: start + version.length, replacement: "" }];
}

/** The attribute that follows the latest version, by the one that is pinned to the current. */
const VERSIONLESS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  certificate: { secretid: "versionless_secret_id", id: "versionless_id" },
  secret: { id: "versionless_id" },
};

/** The resource of a vault, however a language names it: `azurerm_key_vault_secret`, `azure:keyvault/secret:Secret`. */
const VAULT_OBJECT = /key_?vault[\W_]*(?:\w+:)?(certificate|secret)$/i;

/** An attribute of the vault's certificate becomes its neighbour without the version. */
function followLatestAttribute({ finding, source, properties }: Subject): readonly Edit[] | undefined {
  const value = placeIn(properties, stepsOf(finding.path))?.member?.value;
  const reference = value === undefined ? undefined : source.reference(value);
  const [, object = ""] = VAULT_OBJECT.exec(reference?.to ?? "") ?? [];
  const attributes = VERSIONLESS[object.toLowerCase()] ?? {};
  const name = folded(reference?.attribute ?? "");
  const latest = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (reference === undefined || latest === undefined || !staysInPlace(finding)) return undefined;
  return [{ start: reference.start, end: reference.end, replacement: source.spell(latest) }];
}

/** Front Door has a switch beside a version: on it goes, and the version goes. */
function followLatestVersion({ finding, text, source, properties }: Subject): readonly Edit[] | undefined {
  const steps = stepsOf(finding.path);
  const parameters = steps.slice(0, -1);
  if (steps.at(-1) !== "useLatestVersion" && steps.at(-1) !== "secretVersion") return undefined;
  const latest = placeIn(properties, [...parameters, "useLatestVersion"]);
  const version = placeIn(properties, [...parameters, "secretVersion"]);
  if (latest === undefined || version === undefined || !staysInPlace(finding)) return undefined;
  if (latest.member === undefined) {
    if (typeof version.member?.value.literal !== "string") return undefined;
    const { start, end } = version.member;
    return [{ start, end, replacement: source.member(version.container, "useLatestVersion", true) }];
  }
  if (latest.member.value.literal !== false) return undefined;
  const { start, end } = latest.member.value;
  const flip = { start, end, replacement: source.scalar(true, latest.member.value) };
  if (version.member === undefined) return [flip];
  const without = removeMember(text, version.container, version.member);
  return without === undefined ? undefined : [flip, ...without];
}

/**
 * Whether a new address changes the resource and nothing else. Providers replace certificates of environments, secrets of Front
 * Door and certificates of App Service whose address changes, while they are in use: only those that do not exist yet are safe.
 */
function staysInPlace({ action, type }: Finding): boolean {
  return (
    action === "create" || /applicationgateways?$|apimanagement(?:customdomain|service)*$/.test(folded(type))
  );
}

/** A named retry policy of a Dapr Resiliency; the name may hold dots. */
const DAPR_POLICY = /^((?:manifest\.)?spec\.policies\.retries)\.(.+)\.(?:policy|duration)$/;

/**
 * Dapr has two policies, and one of them grows and is random: exponential, up to `maxInterval`, by default 60 s. It pays no
 * attention to `duration`. https://docs.dapr.io/operations/resiliency/policies/retries/retries-overview/
 */
function backOffInDapr(subject: Subject): readonly Edit[] | undefined {
  const [, retries, name] = DAPR_POLICY.exec(subject.finding.path) ?? [];
  if (retries === undefined || name === undefined) return undefined;
  const steps = [...retries.split("."), name, "policy"];
  const place = absent(placeIn(subject.properties, steps));
  return place === undefined
    ? replaced(subject, steps, ["constant"], "exponential")
    : subject.source.add(place, "policy", "exponential");
}

/**
 * One daemon at a time is Kubernetes' own default, and gradual on a cluster of any size. The typed resources of Terraform's
 * provider hold the number as text.
 */
function oneDaemonAtATime(subject: Subject): readonly Edit[] | undefined {
  const { finding } = subject;
  const isTyped = /^kubernetes_daemon_?set(?:_v1)?$/.test(finding.type);
  const isObject = /(?:^|\.)spec\.updateStrategy\.rollingUpdate\.maxUnavailable$/.test(finding.path);
  if ((!isTyped && !isObject) || finding.fact?.name !== "step") return undefined;
  const steps = stepsOf(finding.path);
  const value = placeIn(subject.properties, steps)?.member?.value.literal;
  if (value === undefined || String(value) === "1") return undefined;
  return replaced(subject, steps, [String(value)], isTyped ? "1" : 1);
}

/** Another scalar in place of one of those that are expected. */
function replaced(
  { source, properties }: Subject,
  steps: readonly Step[],
  expected: readonly string[],
  value: Scalar,
): readonly Edit[] | undefined {
  const written = placeIn(properties, steps)?.member?.value;
  if (written?.literal === undefined || !expected.includes(String(written.literal).toLowerCase()))
    return undefined;
  const { start, end } = written;
  return [{ start, end, replacement: source.scalar(value, written) }];
}

function absent(place: Place | undefined): Place | undefined {
  return place?.member === undefined ? place : undefined;
}

function factOf(finding: Finding): unknown {
  return finding.fact?.after;
}

/** Pulumi's types have colons. */
function isPulumi({ type }: Finding): boolean {
  return type.includes(":");
}
