import { describe, expect, it } from "vitest";
import type { IncidentVariant } from "../../src/incidents/library.ts";
import type { Finding, JsonValue } from "../../src/model/report.ts";
import { judgeInput, library } from "./support.ts";

/** The policies whose findings follow from the storage change alone, which is the same for every host. */
const STORAGE = ["access/public-read-removal", "access/shared-storage-change"];

const GROUPS = "/subscriptions/00000000-0000-4000-8000-0000000f18eb/resourceGroups";
const REGIONS: Readonly<Record<string, string>> = {
  vmexteastus: "eastus",
  vmextshared: "westeurope",
  vmextwestus: "westus",
};

/** How a host calls an account and its container, and how it spells a fact with its before and after. */
interface Spelling {
  readonly account: (name: string) => string;
  readonly container: (name: string) => string;
  readonly publicNetwork: readonly [path: string, before: JsonValue, after: JsonValue];
  readonly anonymousAllowed: readonly [path: string, before: JsonValue, after: JsonValue];
  readonly anonymousRead: readonly [path: string, before: JsonValue, after: JsonValue];
}

const TERRAFORM: Spelling = {
  account: (name) => `azurerm_storage_account.${name}`,
  container: (name) => `azurerm_storage_container.packages-${name}`,
  publicNetwork: ["public_network_access_enabled", true, false],
  anonymousAllowed: ["allow_nested_items_to_be_public", true, false],
  anonymousRead: ["container_access_type", "blob", "private"],
};

const URN = "urn:pulumi:production::estate::";
const SPELLINGS: Readonly<Record<string, Spelling>> = {
  "terraform-plan": TERRAFORM,
  "cdktf-synth": TERRAFORM,
  "git-diff": TERRAFORM,
  "pulumi-classic": {
    account: (name) => `${URN}azure:storage/account:Account::${name}`,
    container: (name) => `${URN}azure:storage/container:Container::packages-${name}`,
    publicNetwork: ["publicNetworkAccessEnabled", true, false],
    anonymousAllowed: ["allowNestedItemsToBePublic", true, false],
    anonymousRead: ["containerAccessType", "blob", "private"],
  },
  "pulumi-azure-native": {
    account: (name) => `${URN}azure-native:storage:StorageAccount::${name}`,
    container: (name) => `${URN}azure-native:storage:BlobContainer::packages-${name}`,
    publicNetwork: ["publicNetworkAccess", "Enabled", "Disabled"],
    anonymousAllowed: ["allowBlobPublicAccess", true, false],
    anonymousRead: ["publicAccess", "Blob", "None"],
  },
  "arm-what-if": {
    account: (name) => armAccount(name),
    container: (name) => `${armAccount(name)}/blobServices/default/containers/packages`,
    publicNetwork: ["properties.publicNetworkAccess", "Enabled", "Disabled"],
    anonymousAllowed: ["properties.allowBlobPublicAccess", true, false],
    anonymousRead: ["properties.publicAccess", "Blob", "None"],
  },
};

function armAccount(name: string): string {
  return `${GROUPS}/platform-${REGIONS[name]}/providers/Microsoft.Storage/storageAccounts/${name}`;
}

/** Every finding about storage as each host must word it, after the policy and the fact that it rests on. */
function expected(spelling: Spelling): readonly unknown[] {
  const rows = STORAGE.flatMap((policy) =>
    Object.keys(REGIONS).flatMap((name) => [
      [policy, spelling.account(name), "anonymousAllowed", ...spelling.anonymousAllowed],
      [policy, spelling.account(name), "publicNetwork", ...spelling.publicNetwork],
      [policy, spelling.container(name), "anonymousRead", ...spelling.anonymousRead],
    ]),
  );
  return sorted(rows);
}

function actual(findings: readonly Finding[]): readonly unknown[] {
  return sorted(
    findings.map(({ policy, address, fact, path, before, after }) => [
      policy,
      address,
      fact?.name,
      path,
      before,
      after,
    ]),
  );
}

function sorted(rows: readonly (readonly unknown[])[]): readonly unknown[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

describe("the same storage change, as six hosts tell it", () => {
  const incident = library.find(({ id }) => id === "azure-2026-02-storage-access");
  const variants = incident?.variants ?? [];

  it("is there in all six forms", () => {
    expect(variants.map(({ id }) => id).sort()).toEqual(Object.keys(SPELLINGS).sort());
  });

  it.each(variants.map((variant) => [variant.id, variant] as const))(
    "%s: each finding names the host's own path, before and after",
    async (id, variant) => {
      const findings = await storageFindings(variant);
      expect(actual(findings)).toEqual(expected(SPELLINGS[id] as Spelling));
    },
  );

  it("gives the same findings in the facet's words", async () => {
    const told = await Promise.all(
      variants.map(async (variant) => inWords(variant.id, await storageFindings(variant))),
    );
    const [first, ...others] = told;
    expect(first).toHaveLength(18);
    for (const other of others) expect(other).toEqual(first);
  });

  it("reaches the same users, hidden ones included", async () => {
    const reaches = await Promise.all(
      variants.map(async (variant) => {
        const findings = await storageFindings(variant);
        const shared = findings.find(
          ({ policy, address }) =>
            policy === "access/shared-storage-change" &&
            address === SPELLINGS[variant.id]?.account("vmextshared"),
        );
        return [shared?.reach?.resources, shared?.reach?.hidden, shared?.reach?.regions];
      }),
    );
    for (const reach of reaches) expect(reach).toEqual([3, 3, ["eastus", "westeurope", "westus"]]);
  });
});

async function storageFindings(variant: IncidentVariant): Promise<readonly Finding[]> {
  const { report } = await judgeInput(variant.outage);
  return report.findings.filter(({ policy }) => STORAGE.includes(policy));
}

/** The findings without anything that is one host's own. */
function inWords(variant: string, findings: readonly Finding[]): readonly string[] {
  const spelling = SPELLINGS[variant] as Spelling;
  const names = new Map(
    Object.keys(REGIONS).flatMap((name) => [
      [spelling.account(name), `account ${name}`],
      [spelling.container(name), `container of ${name}`],
    ]),
  );
  return findings
    .map(({ policy, address, action, level, confidence, message, fact }) =>
      JSON.stringify([policy, names.get(address) ?? address, action, level, confidence, message, fact]),
    )
    .sort();
}
