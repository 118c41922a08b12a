import { PolicyAssignment, SUBSCRIPTION } from "./azure.ts";

/** What the job does in this run: `pulumi preview --config change=outage`. */
export type Change = "none" | "safe" | "outage";

/** What the job knows of an account. */
export interface Inventoried {
  readonly accountName: string;
  /** Machines download from it without credentials when they start. */
  readonly servesPackages: boolean;
}

/** The recurring security job: it takes public access from the accounts on its list. */
export function accountsToClose(change: Change, inventory: readonly Inventoried[]): ReadonlySet<string> {
  const names = (accounts: readonly Inventoried[]) => new Set(accounts.map((account) => account.accountName));
  switch (change) {
    case "none":
      return new Set();
    // As it was meant: no account that serves packages.
    case "safe":
      return names(inventory.filter((account) => !account.servesPackages));
    // As it ran: the data behind the list was not in step with the accounts, and put those that serve packages on it.
    case "outage":
      return names(inventory);
  }
}

/** What makes the job recurring: whoever opens an account again has it closed again, in the whole subscription. */
export function keepClosed(change: Change): void {
  if (change !== "outage") return;
  new PolicyAssignment("no-public-storage", {
    policyAssignmentName: "no-public-storage",
    scope: SUBSCRIPTION,
    displayName: "Storage accounts allow no public access",
    // Built in: "Configure your Storage account public access to be disallowed".
    policyDefinitionId:
      "/providers/Microsoft.Authorization/policyDefinitions/13502221-8df0-4414-9937-de9c5c4e396b",
    enforcementMode: "Default",
    parameters: { effect: { value: "Modify" } },
    location: "eastus",
    identity: { type: "SystemAssigned" },
  });
}

/** The change that the configuration asks for. */
export function changeFrom(text: string | undefined): Change {
  if (text === undefined) return "none";
  if (text === "none" || text === "safe" || text === "outage") return text;
  throw new Error(`The change is none, safe or outage, and not ${JSON.stringify(text)}.`);
}
