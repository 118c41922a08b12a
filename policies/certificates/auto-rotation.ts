import * as z from "zod";
import { certificate } from "../../src/facets/certificate.ts";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: "certificates/auto-rotation",
  title: "Every certificate has something that renews it",
  hazard:
    "Renewal depends on somebody remembering, and everything that presents the certificate fails at once when nobody does.",
  severity: "high",
  incidents: ["teams-2020-02-certificate"],
  options: z.strictObject({
    renewedElsewhere: z
      .boolean()
      .default(false)
      .describe(
        "A job outside this deployment renews what the vault cannot: accept issuers that it cannot talk to.",
      ),
  }),
  kind: "state",
  each: certificate,
  check({ after, reach, options, report }) {
    const renewal = after?.renewal;
    if (renewal === undefined || renewal === "automatic" || renewal === "managed" || renewal === "vault")
      return;
    if (after?.authority === true) return; // a new authority is introduced beside the old one, by hand
    const foreign = renewal === "never" && after?.issuer === "unknown";
    if (foreign && options.renewedElsewhere) return;

    const users = reach.users;
    const whom = users.isEmpty
      ? "everything that presents it"
      : `everything that presents it (${users.describe()})`;
    const cause = foreign ? CAUSES.foreign : CAUSES[renewal];
    report.violation({
      at: "renewal",
      message: `${cause.why}, and ${whom} fails on the day it expires.`,
      fix: cause.fix,
      ...(foreign && { confidence: "medium" as const }),
    });
  },
});

const CAUSES = {
  never: {
    why: "Nothing renews this certificate",
    fix: "Add a renewal that runs by itself: an AutoRenew lifetime action in a vault, auto_renew on an order, early_renewal_hours on a tls_ resource that is applied on a schedule, or a managed certificate.",
  },
  foreign: {
    why: "The vault cannot talk to this certificate's issuer and so cannot renew it, whatever its lifetime action says",
    fix: "Use an issuer that the vault is integrated with, or have a job renew it there and set the option renewedElsewhere.",
  },
  notify: {
    why: "Nobody renews this certificate unless somebody acts on a mail in time",
    fix: "Let it renew itself: an AutoRenew lifetime action in Key Vault, DNS validation in ACM. Keep the mail as a second line.",
  },
  imported: {
    why: "This certificate was uploaded, so that nobody but the one who uploaded it can renew it",
    fix: "Refer to a certificate in a vault that renews it, or use a managed certificate; until then accept it with a waiver that expires well before the certificate does.",
  },
} as const;
