import { Pending } from "../model/pending.ts";
import { Secret, UNKNOWN, Unknown, type Value } from "../model/value.ts";
import { defineFacet, type Facts, type Item, itemsAt, joinItems, type Unlisted } from "./facet.ts";
import { Field, type ResourceReader } from "./field.ts";

/** How something that presents a certificate comes by it. */
export interface CertificateReference {
  /**
   * `latest`: it names the certificate and gets each new version; `pinned`: it names one version of it;
   * `inline`: it holds the certificate itself.
   */
  readonly reference: "latest" | "pinned" | "inline";
  /** Present where no address is given, so that it can only hold the certificate itself. */
  readonly inline?: boolean;
}

type Reference = CertificateReference["reference"];
type Items = readonly Item<CertificateReference>[] | Unlisted;

/** `https://VAULT.vault.azure.net/secrets/NAME[/VERSION]`, in any cloud. */
const VAULT_OBJECT = /^https:\/\/[^/?#]+\/(?:secrets|certificates)\/[^/?#]+(\/[^/?#]+)?\/?$/i;

/** Whether the address of a Key Vault object names a version; UNKNOWN where it is no such address. */
export function referenceOf(uri: string): Reference | Unknown {
  const parts = VAULT_OBJECT.exec(uri.trim());
  if (parts === null) return UNKNOWN;
  return parts[1] === undefined ? "latest" : "pinned";
}

/**
 * What attributes of the provider's own resources are: the current version's address, or the one without a version.
 * https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/key_vault_certificate (and key_vault_secret)
 */
const VAULT_ATTRIBUTES: ReadonlyMap<string, Reference> = new Map([
  ["azurerm_key_vault_certificate.id", "pinned"],
  ["azurerm_key_vault_certificate.secret_id", "pinned"],
  ["azurerm_key_vault_certificate.versionless_id", "latest"],
  ["azurerm_key_vault_certificate.versionless_secret_id", "latest"],
  ["azurerm_key_vault_secret.id", "pinned"],
  ["azurerm_key_vault_secret.versionless_id", "latest"],
]);

/** What an address that is not known yet will be, where it is known which attribute it will be. */
function pendingReference(raw: Value | undefined): Reference | Unknown {
  const attribute = raw instanceof Pending ? raw.attribute : undefined;
  return (attribute && VAULT_ATTRIBUTES.get(`${attribute.type}.${attribute.name}`)) ?? UNKNOWN;
}

/** The fact without the material behind it: it may hold a private key, whether or not the host marks it as sensitive. */
export function withheld<T>(field: Field<T>): Field<T> {
  const { raw } = field;
  if (raw === undefined || raw === null || raw instanceof Unknown || raw instanceof Secret) return field;
  return new Field(field.path, new Secret(raw), field.value);
}

/**
 * The reference of one block that takes an address in one of `uris` (a provider's old and new name for the same thing)
 * or the certificate itself in `inline`; undefined where it has neither.
 */
function vaultOrInline(
  block: ResourceReader,
  uris: readonly string[],
  inline?: string,
): Facts<CertificateReference> | undefined {
  let unknown: Field<Reference> | undefined;
  for (const path of uris) {
    const uri = block.string(path);
    if (uri.value instanceof Unknown) unknown ??= new Field(uri.path, uri.raw, pendingReference(uri.raw));
    else if (uri.value) return { reference: new Field(uri.path, uri.raw, referenceOf(uri.value)) };
  }
  if (unknown !== undefined) return { reference: unknown };
  if (inline === undefined) return undefined;
  const material = withheld(block.has(inline));
  if (material.value === false) return undefined;
  return { reference: material.map<Reference>(() => "inline"), inline: material };
}

/** Items of the certificates that stand in a list, by name. */
function listed(
  resource: ResourceReader,
  path: string,
  uris: readonly string[],
  inline: string | undefined,
  key = "name",
): Items {
  return itemsAt(resource, path, (block) => vaultOrInline(block, uris, inline), key);
}

/** Trusted roots are public certificates, so that an inline one gives nothing away and is not renewed: left out. */
const terraformGateway = (r: ResourceReader) =>
  joinItems(
    listed(r, "ssl_certificate", ["key_vault_secret_id"], "data"),
    listed(r, "trusted_root_certificate", ["key_vault_secret_id"], undefined),
  );

const API_MANAGEMENT_HOSTS = ["proxy", "gateway", "management", "portal", "developer_portal", "scm"];

/** azurerm 5 has `key_vault_certificate_id` alone, 4 both names. */
const terraformApiHosts = (prefix: string) => (r: ResourceReader) =>
  joinItems(
    ...API_MANAGEMENT_HOSTS.map((host) =>
      listed(r, `${prefix}${host}`, ["key_vault_certificate_id", "key_vault_id"], "certificate", "host_name"),
    ),
  );

/**
 * Front Door's own spelling: the secret's resource id beside a version or the wish for the latest. What holds where
 * neither is said is not documented.
 */
function frontDoorSecret(parameters: ResourceReader): Facts<CertificateReference> | undefined {
  const type = parameters.string("type");
  if (type.is("CustomerCertificate").value === false) return undefined;
  const latest = parameters.boolean("useLatestVersion", undefined);
  const version = parameters.string("secretVersion");
  if (latest.value === true) return { reference: latest.map<Reference>(() => "latest") };
  if (latest.value === false) return { reference: latest.map<Reference>(() => "pinned") };
  if (typeof version.value === "string" && version.value !== "") {
    return { reference: version.map<Reference>(() => "pinned") };
  }
  return { reference: new Field<Reference>(latest.path, latest.raw, UNKNOWN) };
}

/** App Service takes the vault and the name of the secret apart, and follows the latest version. */
function webCertificate(r: ResourceReader): Facts<CertificateReference> | undefined {
  const secret = r.has("keyVaultSecretName");
  if (secret.value !== false) return { reference: secret.map<Reference>(() => "latest") };
  return vaultOrInline(r, [], "pfxBlob");
}

/** Which certificate something presents, and whether a renewed one ever reaches it. */
export const certificateReference = defineFacet<CertificateReference>("certificate-reference", {
  azurerm_application_gateway: terraformGateway,
  "azure-native:network:ApplicationGateway": (r) =>
    joinItems(
      listed(r, "sslCertificates", ["keyVaultSecretId"], "data"),
      listed(r, "trustedRootCertificates", ["keyVaultSecretId"], undefined),
    ),
  "Microsoft.Network/applicationGateways": (r) =>
    joinItems(
      listed(r, "properties.sslCertificates", ["properties.keyVaultSecretId"], "properties.data"),
      listed(r, "properties.trustedRootCertificates", ["properties.keyVaultSecretId"], undefined),
    ),

  azurerm_cdn_frontdoor_secret: (r) =>
    itemsAt(r, "secret.customer_certificate", (block) => vaultOrInline(block, ["key_vault_certificate_id"])),
  "azure-native:cdn:Secret": (r) => frontDoorSecret(r.block("parameters")),
  "Microsoft.Cdn/profiles/secrets": (r) => frontDoorSecret(r.block("properties.parameters")),

  azurerm_api_management: terraformApiHosts("hostname_configuration."),
  azurerm_api_management_custom_domain: terraformApiHosts(""),
  "azure-native:apimanagement:ApiManagementService": (r) =>
    listed(r, "hostnameConfigurations", ["keyVaultId"], "encodedCertificate", "hostName"),
  "Microsoft.ApiManagement/service": (r) =>
    listed(r, "properties.hostnameConfigurations", ["keyVaultId"], "encodedCertificate", "hostName"),

  azurerm_app_service_certificate: (r) => vaultOrInline(r, ["key_vault_secret_id"], "pfx_blob"),
  "azure-native:web:Certificate": webCertificate,
  "Microsoft.Web/certificates": (r) => webCertificate(r.block("properties")),

  azurerm_container_app_environment_certificate: (r) =>
    vaultOrInline(r, ["certificate_key_vault.key_vault_secret_id"], "certificate_blob_base64"),
  "azure-native:app:Certificate": (r) =>
    vaultOrInline(r, ["properties.certificateKeyVaultProperties.keyVaultUrl"], "properties.value"),
  "Microsoft.App/managedEnvironments/certificates": (r) =>
    vaultOrInline(r, ["properties.certificateKeyVaultProperties.keyVaultUrl"], "properties.value"),
});
