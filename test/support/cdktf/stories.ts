/** A finding that has to stop a change, and whom it says to be hit. */
interface Stop {
  readonly policy: string;
  readonly stack: string;
  readonly address: string;
  readonly hits?: { readonly resources: number; readonly deployments: readonly string[] };
}

/** A change to the estate of fixtures/apps; `change.ts` there tells what somebody wants. */
interface Story {
  readonly story: string;
  /** All that stops the careless way. */
  readonly stops: readonly Stop[];
  /** What the other way creates and updates, by stack: it has to be seen to be passed. */
  readonly well: Readonly<Record<string, { readonly create: number; readonly update: number }>>;
}

const RINGS = ["broad-eastus", "broad-westeurope", "canary-westcentralus", "early-westus2"];

/** The same finding in every ring. */
function inEachRing(policy: string, address: string): readonly Stop[] {
  return RINGS.map((stack) => ({ policy, stack, address }));
}

const platform = (policy: string, address: string, hits?: Stop["hits"]): Stop => ({
  policy,
  stack: "platform",
  address,
  ...(hits !== undefined && { hits }),
});

const PACKAGES = "azurerm_storage_account.packages";
const WILDCARD = "azurerm_key_vault_certificate.wildcard";
const RETRIES = "kubernetes_manifest.cluster_retries_8BE30350";
const CLUSTER = "azurerm_kubernetes_cluster.cluster_aks_AB606D92";
/** The Linux and the Windows machines of each ring, which install the packages when they start. */
const MACHINES = { resources: 8, deployments: RINGS };

export const STORIES: readonly Story[] = [
  {
    story: "lock-storage",
    well: { platform: { create: 1, update: 0 }, "canary-westcentralus": { create: 0, update: 1 } },
    stops: [
      platform("access/public-read-removal", PACKAGES, MACHINES),
      platform("access/shared-storage-change", PACKAGES, MACHINES),
      platform("access/global-scope-change", "azurerm_subscription_policy_assignment.no-public-access"),
      platform("access/global-scope-change", "azurerm_role_assignment.fleet-reads"),
      platform("dependencies/blast-radius-budget", PACKAGES, {
        resources: 10,
        deployments: [...RINGS, "platform"],
      }),
      platform("rollout/fleet-share", "platform"),
      platform("rollout/max-regions", "platform"),
    ],
  },
  {
    story: "open-storage",
    well: { platform: { create: 0, update: 1 } },
    stops: [
      platform("access/public-read-exposure", "azurerm_storage_account.reports"),
      platform("access/public-read-exposure", "azurerm_storage_container.monthly"),
    ],
  },
  {
    story: "retry-more",
    well: { "canary-westcentralus": { create: 0, update: 1 } },
    stops: [
      ...inEachRing("clients/bounded-retries", RETRIES),
      ...inEachRing("clients/exponential-backoff", RETRIES),
      ...inEachRing("clients/jitter", RETRIES),
    ],
  },
  {
    story: "renew-certificates",
    well: { platform: { create: 1, update: 1 }, "canary-westcentralus": { create: 0, update: 1 } },
    stops: [
      platform("certificates/auto-rotation", WILDCARD, { resources: 7, deployments: [...RINGS, "platform"] }),
      platform("dependencies/blast-radius-budget", WILDCARD, {
        resources: 7,
        deployments: [...RINGS, "platform"],
      }),
      platform("certificates/no-pinned-version", "azurerm_cdn_frontdoor_secret.front-certificate"),
      // By reference to a certificate: what the reference stands for is known to its state, or told by the attribute's name.
      platform("certificates/no-pinned-version", "azurerm_app_service_certificate.intranet"),
      ...inEachRing("certificates/no-pinned-version", "azurerm_application_gateway.gateway"),
    ],
  },
  {
    story: "strengthen-sign-in",
    well: { "canary-westcentralus": { create: 1, update: 1 } },
    stops: [
      platform("dependencies/blast-radius-budget", "azuread_authentication_strength_policy.strength", {
        resources: 4,
        deployments: RINGS,
      }),
    ],
  },
  {
    story: "update-sooner",
    well: { "canary-westcentralus": { create: 0, update: 1 } },
    stops: [
      ...inEachRing("rollout/gradual-update-settings", "azurerm_linux_virtual_machine_scale_set.web"),
      ...inEachRing("rollout/gradual-update-settings", "azurerm_windows_virtual_machine_scale_set.jobs"),
      ...inEachRing("rollout/gradual-update-settings", CLUSTER),
    ],
  },
];

/** What outages taught, and the policies that each lesson became or is to become. */
export const LESSONS: readonly (readonly [lesson: string, policies: readonly string[]])[] = [
  // Storage access, February 2026
  ["storage that others read was closed", ["access/shared-storage-change", "access/public-read-removal"]],
  [
    "it was closed everywhere in one go",
    ["access/global-scope-change", "rollout/one-ring-per-deployment", "rollout/fleet-share"],
  ],
  ["a computed list of targets was wrong", ["rollout/declared-targets", "remediation/explicit-targets"]],
  ["shared primitives were not exempt", ["remediation/exempt-shared-infrastructure"]],
  ["nothing bounded the job, and going back took long", ["remediation/bounded", "rollback/recovery-path"]],
  ["nobody knew what depended on it", ["dependencies/blast-radius-budget"]],
  [
    "the fix was delivered by what was broken",
    ["dependencies/recovery-cycle", "dependencies/single-pipeline-provider"],
  ],
  // Managed identity surge, February 2026
  ["clients retried at an unchanging pace", ["clients/exponential-backoff"]],
  ["they retried in step", ["clients/jitter"]],
  ["they retried without end", ["clients/bounded-retries", "clients/retry-budget"]],
  ["each layer multiplied the retries below it", ["clients/retry-amplification"]],
  ["nothing tripped early", ["clients/circuit-breaker"]],
  ["there was no room for the recovery", ["capacity/recovery-headroom"]],
  ["traffic came back all at once", ["rollout/gradual-traffic"]],
  ["one identity was under everything", ["identity/shared-identity-reach", "identity/fallback-credential"]],
  ["failures were never rehearsed", ["resilience/chaos-drill"]],
  // Token validation, February 2026
  ["tokens were validated in another way at once", ["identity/token-validation-change"]],
  ["nobody watched whether tokens were to be had", ["observability/identity-monitored"]],
  ["failover to another region met the same global service", ["dependencies/global-single-point"]],
  // Lockout by a new detection, April 2025
  ["a detection was enforced on everybody at once", ["identity/staged-enforcement"]],
  ["nobody could get in to fix it", ["identity/break-glass-exclusion"]],
  ["logs of different tokens flowed into one detection", ["observability/token-logs-separated"]],
  ["alerts went nowhere", ["observability/alert-routed"]],
  ["it came at the wrong hour, unrehearsed", ["rollout/change-window", "rollout/canary-first"]],
  ["its impact was not estimated before", ["dependencies/blast-radius-budget"]],
  // An expired certificate, February 2020
  ["somebody had to remember the renewal", ["certificates/auto-rotation", "certificates/no-pinned-version"]],
  ["nobody was warned", ["certificates/expiry-alert"]],
  ["one certificate was under everything", ["certificates/shared-certificate-reach"]],
  ["certificates lived too long", ["certificates/max-lifetime", "certificates/renewal-margin"]],
  ["what was deployed was about to expire", ["certificates/expiring-material"]],
  // Traffic of a whole region
  ["a region was drained at once", ["rollout/gradual-traffic", "capacity/recovery-headroom"]],
  ["mail had no second path", ["continuity/mail-redundancy", "continuity/mail-authentication"]],
  ["names could not fail over", ["dns/ttl-bounds", "dns/failover-probe"]],
  ["keys and logs sat with one vendor", ["observability/independent-logs", "continuity/key-independence"]],
  ["users consented to anything", ["identity/consent-restricted"]],
  ["sessions expired in the middle of it", ["identity/token-lifetime"]],
  ["everything was in one region", ["dependencies/single-region"]],
];
