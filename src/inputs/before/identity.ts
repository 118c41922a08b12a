import { emptyObject, isObject, type Value } from "../../model/value.ts";

/**
 * Properties that only say which object a resource is: names that the provider chose, ids, host names. They stay what they
 * are through an update, and they are how others refer to it. Everything else that a configuration leaves out means the
 * provider's default and is not carried over.
 */
const IDENTITY = [
  /^(?:id|arn|self_link|unique_id|object_id|resource_id|principal_id|client_id|email|name|bucket)$/,
  /^(?:fqdn|private_fqdn|fully_qualified_domain_name|dns_name|hosted_zone_id)$/,
  /^(?:default_hostname|default_host_name|host_name|hostname|login_server|vault_uri|invoke_url)$/,
  /^(?:primary|secondary)_[a-z0-9_]*(?:endpoint|host)$/,
  /^(?:endpoint|reader_endpoint|website_endpoint|website_domain|bucket_domain_name|bucket_regional_domain_name)$/,
  /^(?:versionless_id|versionless_secret_id|secret_id|connection_name)$/,
];

/** Whether a property of that name only says which object a resource is. */
export function isIdentity(property: string): boolean {
  return IDENTITY.some((pattern) => pattern.test(property));
}

/** The configured properties, with those of the existing object that only name it where the configuration is silent. */
export function withIdentity(configured: Value, existing: Value): Value {
  if (!isObject(configured) || !isObject(existing)) return configured;
  const merged = emptyObject();
  for (const [name, value] of Object.entries(existing)) {
    if (isIdentity(name) && value !== null && !isObject(value) && !Array.isArray(value)) merged[name] = value;
  }
  for (const [name, value] of Object.entries(configured)) {
    if (value !== null || !Object.hasOwn(merged, name)) merged[name] = value;
  }
  return merged;
}
