import { Secret, UNKNOWN, type Value } from "./value.ts";

/**
 * Property names whose texts are credentials in every provider's vocabulary. Hosts that mark secrets need no such list;
 * a synth marks only variables, and a what-if masks only what the resource provider says.
 */
const CREDENTIAL =
  /(?:^|_)(?:password|passphrase|private_key|private_key_pem|client_secret|secret_key|shared_key|access_key|account_key|api_key|connection_string|sas_token|access_token|auth_token|bearer_token|pfx_blob|protected_settings|kube_config_raw)$/;

/** Names that have been looked at: documents of tens of thousands of resources have a few hundred. */
const known = new Map<string, boolean>();
/** A hostile document may have as many names as values. */
const MOST_KNOWN = 10_000;

/** Whether a property of that name (in snake or camel case) holds a credential. */
export function isCredentialName(name: string): boolean {
  let answer = known.get(name);
  if (answer === undefined) {
    answer = CREDENTIAL.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
    if (known.size < MOST_KNOWN) known.set(name, answer);
  }
  return answer;
}

/** The text, as a Secret where the property's name says that it is one. */
export function maskCredential(text: string, name: string): Value {
  return isCredentialName(name) ? new Secret(text) : text;
}

/** A secret whose content the host does not tell. */
export const UNKNOWN_SECRET: Secret = new Secret(UNKNOWN);
