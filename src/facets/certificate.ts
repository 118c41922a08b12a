import { UNKNOWN, Unknown } from "../model/value.ts";
import { certificateReference, withheld } from "./certificate-reference.ts";
import { defineFacet, type Facts, isUnlisted, type Mapping } from "./facet.ts";
import { Field, type ResourceReader } from "./field.ts";

/** A certificate, and who sees to its successor. */
export interface Certificate {
  /**
   * `automatic`: its issuer renews it as configured; `managed`: the platform issues and renews it; `vault`: it follows
   * the certificate of a vault, which is judged where it is defined; `notify`: somebody is only told; `imported`: it was
   * uploaded, and whoever uploaded it must do so again; `never`: nothing and nobody is set up to.
   */
  readonly renewal: "automatic" | "managed" | "vault" | "notify" | "imported" | "never";
  /** Who signs it: an issuer that can renew it, the certificate itself, or one that the vault cannot talk to. */
  readonly issuer: "integrated" | "self" | "unknown";
  /** It signs other certificates: its successor has to be introduced beside it, never in its place. */
  readonly authority: boolean;
}

type Renewal = Certificate["renewal"];

function always(renewal: Renewal): Mapping<Certificate> {
  return (r) => ({ renewal: r.constant<Renewal>(renewal) });
}

function renewal(field: Field<unknown>, value: Renewal | Unknown): Facts<Certificate> {
  return { renewal: new Field<Renewal>(field.path, field.raw, value) };
}

/**
 * The first of several places that holds something decides. Where one may hold something, it is known only if nothing comes
 * after it that could: a certificate comes from one of them.
 */
function firstOf(places: readonly (readonly [Field<boolean>, Renewal])[]): Facts<Certificate> | undefined {
  const [first, second] = places.filter(([place]) => place.value !== false);
  if (first === undefined) return undefined;
  const [place, meaning] = first;
  return place.value === true || second === undefined
    ? renewal(withheld(place), meaning)
    : renewal(place, UNKNOWN);
}

/**
 * Key Vault renews what it signs itself and what an integrated authority signs, when an action says so. With any other
 * authority ("Unknown") it can only make a signing request that somebody must carry there and back, whatever the action says.
 * https://learn.microsoft.com/azure/key-vault/certificates/overview-renew-certificate
 */
function keyVaultCertificate(r: ResourceReader): Facts<Certificate> {
  const policy = r.block("certificate_policy");
  const issuerName = policy.string("issuer_parameters.name");
  const issuer = issuerName.map<Certificate["issuer"]>((name) =>
    name === undefined || /^unknown$/i.test(name) ? "unknown" : /^self$/i.test(name) ? "self" : "integrated",
  );
  return { renewal: keyVaultRenewal(r, policy, issuer), issuer };
}

function keyVaultRenewal(
  r: ResourceReader,
  policy: ResourceReader,
  issuer: Field<Certificate["issuer"]>,
): Field<Renewal> {
  const at = (field: Field<unknown>, value: Renewal | Unknown) =>
    new Field<Renewal>(field.path, field.raw, value);
  const imported = withheld(r.has("certificate.contents"));
  // A policy that is unknown as a whole was left to the vault, which then has nothing to renew an upload by.
  const isLeftOut = r.value("certificate_policy") instanceof Unknown;
  if (isLeftOut && imported.value === true) return at(imported, "imported");

  const actions = policy.blocks("lifetime_action");
  const list = r.value("certificate_policy.lifetime_action");
  if (issuer.value instanceof Unknown) return at(issuer, UNKNOWN);
  if (actions instanceof Unknown) return new Field<Renewal>(policy.pathOf("lifetime_action"), list, UNKNOWN);
  const types = actions.map((action) => action.string("action.action_type"));
  const renews = types.find((type) => type.is("AutoRenew").value === true);
  if (renews !== undefined && issuer.value !== "unknown") return at(renews, "automatic");
  const uncertain = types.find((type) => type.value instanceof Unknown);
  if (uncertain !== undefined) return at(uncertain, UNKNOWN);
  if (imported.value !== false) return imported.map<Renewal>(() => "imported");
  if (renews !== undefined) return at(issuer, "never");
  const tells = types[0];
  if (tells !== undefined) return at(tells, "notify");
  return new Field<Renewal>(policy.pathOf("lifetime_action"), list, "never");
}

/**
 * ACM renews what it issued: public certificates validated by DNS without anybody's help, those validated by mail only
 * when somebody clicks, imported ones never. https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
 */
function acmCertificate(r: ResourceReader): Facts<Certificate> {
  const imported = withheld(r.has("certificate_body"));
  if (imported.value !== false) return { renewal: imported.map<Renewal>(() => "imported") };
  const authority = r.has("certificate_authority_arn");
  if (authority.value !== false) return { renewal: authority.map<Renewal>(() => "managed") };
  const validation = r.string("validation_method", UNKNOWN);
  return {
    renewal: validation.map<Renewal>((method) => (/^email$/i.test(method) ? "notify" : "managed")),
  };
}

/**
 * The tls provider makes a new certificate at the first apply inside the early renewal hours; without them only at the
 * first apply after expiry, which is too late.
 */
function tlsCertificate(r: ResourceReader): Facts<Certificate> {
  return {
    renewal: r.number("early_renewal_hours", 0).map<Renewal>((hours) => (hours > 0 ? "automatic" : "never")),
    authority: r.boolean("is_ca_certificate", false),
  };
}

function autoRenewed(path: string): Mapping<Certificate> {
  return (r) => ({
    renewal: r.boolean(path, true).map<Renewal>((yes) => (yes ? "automatic" : "never")),
  });
}

/** A certificate that App Service holds: uploaded, from a vault, or (with only a host name) issued by the platform. */
function webCertificate(r: ResourceReader): Facts<Certificate> | undefined {
  return firstOf([
    [r.has("pfxBlob"), "imported"],
    [r.has("keyVaultSecretName"), "vault"],
    [r.has("canonicalName"), "managed"],
  ]);
}

function containerAppCertificate(r: ResourceReader): Facts<Certificate> | undefined {
  return firstOf([
    [r.has("properties.value"), "imported"],
    [r.has("properties.certificateKeyVaultProperties.keyVaultUrl"), "vault"],
  ]);
}

/** What a gateway holds itself, instead of naming a certificate elsewhere, was uploaded. */
const heldInline: Mapping<Certificate> = (r) => {
  const references = certificateReference.items(r.type, r.value(""), r.providerMajor);
  if (isUnlisted(references)) return references;
  return references.flatMap(({ key, facts }) => {
    const { inline } = facts;
    if (inline === undefined) return [];
    return [{ key, facts: renewal(inline, inline.value instanceof Unknown ? UNKNOWN : "imported") }];
  });
};

/** Certificates that somebody or something must renew. */
export const certificate = defineFacet<Certificate>("certificate", {
  azurerm_key_vault_certificate: keyVaultCertificate,
  azurerm_app_service_certificate_order: autoRenewed("auto_renew"),
  "azure-native:certificateregistration:AppServiceCertificateOrder": autoRenewed("autoRenew"),
  "Microsoft.CertificateRegistration/certificateOrders": autoRenewed("properties.autoRenew"),

  azurerm_app_service_certificate: (r) =>
    firstOf([
      [r.has("pfx_blob"), "imported"],
      [r.has("key_vault_secret_id"), "vault"],
    ]),
  "azure-native:web:Certificate": webCertificate,
  "Microsoft.Web/certificates": (r) => webCertificate(r.block("properties")),
  azurerm_app_service_managed_certificate: always("managed"),

  azurerm_container_app_environment_certificate: (r) =>
    firstOf([
      [r.has("certificate_blob_base64"), "imported"],
      [r.has("certificate_key_vault.key_vault_secret_id"), "vault"],
    ]),
  "azure-native:app:Certificate": containerAppCertificate,
  "Microsoft.App/managedEnvironments/certificates": containerAppCertificate,
  azurerm_container_app_environment_managed_certificate: always("managed"),
  "azure-native:app:ManagedCertificate": always("managed"),
  "Microsoft.App/managedEnvironments/managedCertificates": always("managed"),

  azurerm_application_gateway: heldInline,
  "azure-native:network:ApplicationGateway": heldInline,
  "Microsoft.Network/applicationGateways": heldInline,
  azurerm_api_management: heldInline,
  azurerm_api_management_custom_domain: heldInline,
  "azure-native:apimanagement:ApiManagementService": heldInline,
  "Microsoft.ApiManagement/service": heldInline,

  aws_acm_certificate: acmCertificate,
  google_compute_managed_ssl_certificate: always("managed"),
  google_compute_ssl_certificate: always("imported"),
  google_compute_region_ssl_certificate: always("imported"),
  google_certificate_manager_certificate: (r) =>
    firstOf([
      [r.has("self_managed"), "imported"],
      [r.has("managed"), "managed"],
    ]),

  tls_self_signed_cert: tlsCertificate,
  tls_locally_signed_cert: tlsCertificate,

  /** cert-manager renews every certificate it is given, by default when two thirds of its life are over. */
  "cert-manager.io/*/Certificate": always("automatic"),
});
