import * as pulumi from "@pulumi/pulumi";
import { BackOffice } from "./back-office.ts";
import { Fleet } from "./fleet.ts";
import { FrontDoor } from "./front-door.ts";
import { LandingZone } from "./landing-zone.ts";
import { PackageStore, packageUrl } from "./package-store.ts";
import { accountsToClose, changeFrom, keepClosed } from "./storage-job.ts";

/*
 * A shop in two regions. Its machines download what they need to start from accounts that anybody may read; nothing in the
 * program says so but the URLs in their settings.
 */

const change = changeFrom(new pulumi.Config().get("change"));
const closed = accountsToClose(change, [
  { accountName: "vmexteastus", servesPackages: true },
  { accountName: "vmextwestus", servesPackages: true },
  { accountName: "vmextshared", servesPackages: true },
  { accountName: "backofficelogs", servesPackages: false },
]);
keepClosed(change);

const east = new LandingZone("eastus");
const west = new LandingZone("westus");

const packageStore = (accountName: string, zone: LandingZone) =>
  new PackageStore(accountName, zone, closed.has(accountName));
const eastPackages = packageStore("vmexteastus", east);
const westPackages = packageStore("vmextwestus", west);
const sharedPackages = packageStore("vmextshared", east);

const packagesFrom = (store: PackageStore) => [
  packageUrl(store.accountName, "agent-4.2.1.sh"),
  packageUrl(sharedPackages.accountName, "certificates-2026.01.tar.gz"),
];
const inEast = { zone: east, packages: packagesFrom(eastPackages) };
const inWest = { zone: west, packages: packagesFrom(westPackages) };
new Fleet("shop-canary-eastus", { ...inEast, ring: "canary", machines: 2 });
new Fleet("shop-early-westus", { ...inWest, ring: "early", machines: 10 });
new Fleet("shop-broad-eastus", { ...inEast, ring: "broad", machines: 40 });
new Fleet("shop-broad-westus", { ...inWest, ring: "broad", machines: 40 });

new FrontDoor("shop", east, [east, west]);
new BackOffice("backofficelogs", east, closed.has("backofficelogs"));
