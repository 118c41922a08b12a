import { Secret, UNKNOWN, type Value } from "./value.ts";

/**
 * Property names whose texts are credentials in every provider's vocabulary. Hosts that mark secrets need no such list;
 * a synth marks only variables, and a what-if masks only what the resource provider says.
 */
const CREDENTIAL =
  /(?:^|_)(?:password|passphrase|private_key|private_key_pem|client_secret|secret_key|shared_key|access_key|account_key|api_key|connection_string|sas_token|access_token|auth_token|bearer_token|pfx_blob|protected_settings|kube_config_raw)$/;

/** Whether a property of that name (in snake or camel case) holds a credential. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
}

/** The text, as a Secret where the property's name says that it is one. */
export function maskCredential(text: string, name: string): Value {
  return isCredentialName(name) ? new Secret(text) : text;
}

/** A secret whose content the host does not tell. */
export const UNKNOWN_SECRET: Secret = new Secret(UNKNOWN);
