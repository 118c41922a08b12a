import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pulumiDialect } from "../../src/dialects/pulumi.ts";
import { bridgedMajor, bridgedNames, toCamel, toSnake } from "../../src/dialects/pulumi-bridged.ts";
import { Secret, UNKNOWN, type Value } from "../../src/model/value.ts";

describe("canonical types of Pulumi tokens", () => {
  it.each([
    ["azure-native:storage:StorageAccount", "azure-native:storage:StorageAccount"],
    ["azure-native:storage/v20230101:StorageAccount", "azure-native:storage:StorageAccount"],
    ["azure-native:app/v20230502preview:ContainerApp", "azure-native:app:ContainerApp"],
    // Version 2 of the package kept these in the modules of their ARM namespaces.
    ["azure-native:network:Zone", "azure-native:dns:Zone"],
    ["azure-native:network/v20180501:Zone", "azure-native:dns:Zone"],
    ["azure-native:network:VirtualNetwork", "azure-native:network:VirtualNetwork"],
    ["azure-native:insights/v20210501preview:DiagnosticSetting", "azure-native:monitor:DiagnosticSetting"],
    ["azure-native:documentdb:DatabaseAccount", "azure-native:cosmosdb:DatabaseAccount"],
    ["kubernetes:apps/v1:Deployment", "apps/v1/Deployment"],
    ["kubernetes:core/v1:Service", "v1/Service"],
    ["kubernetes:v1:Service", "v1/Service"],
    ["kubernetes:networking.istio.io/v1beta1:VirtualService", "networking.istio.io/v1beta1/VirtualService"],
    ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Release"],
    ["kubernetes:apps/v1:DeploymentPatch", "kubernetes:apps/v1:DeploymentPatch"],
    ["azure:storage/account:Account", "azurerm_storage_account"],
    ["azure:storage/accountNetworkRules:AccountNetworkRules", "azurerm_storage_account_network_rules"],
    ["azure:core/resourceGroup:ResourceGroup", "azurerm_resource_group"],
    [
      "azure:core/subscriptionPolicyAssignment:SubscriptionPolicyAssignment",
      "azurerm_subscription_policy_assignment",
    ],
    [
      "azure:management/groupPolicyAssignment:GroupPolicyAssignment",
      "azurerm_management_group_policy_assignment",
    ],
    ["azure:management/lock:Lock", "azurerm_management_lock"],
    ["azure:authorization/assignment:Assignment", "azurerm_role_assignment"],
    ["azure:authorization/userAssignedIdentity:UserAssignedIdentity", "azurerm_user_assigned_identity"],
    ["azure:keyvault/keyVault:KeyVault", "azurerm_key_vault"],
    ["azure:keyvault/certificate:Certificate", "azurerm_key_vault_certificate"],
    ["azure:privatelink/endpoint:Endpoint", "azurerm_private_endpoint"],
    ["azure:lb/loadBalancer:LoadBalancer", "azurerm_lb"],
    ["azure:containerservice/kubernetesCluster:KubernetesCluster", "azurerm_kubernetes_cluster"],
    ["azure:containerapp/app:App", "azurerm_container_app"],
    [
      "azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet",
      "azurerm_linux_virtual_machine_scale_set",
    ],
    ["azure:cdn/frontdoorOriginGroup:FrontdoorOriginGroup", "azurerm_cdn_frontdoor_origin_group"],
    ["azure:network/trafficManagerProfile:TrafficManagerProfile", "azurerm_traffic_manager_profile"],
    ["azure:dns/aRecord:ARecord", "azurerm_dns_a_record"],
    ["azure:appservice/environmentV3:EnvironmentV3", "azurerm_app_service_environment_v3"],
    ["azure:monitoring/autoscaleSetting:AutoscaleSetting", "azurerm_monitor_autoscale_setting"],
    ["azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy", "azuread_conditional_access_policy"],
    ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws_s3_bucket_public_access_block"],
    ["aws:s3/bucketV2:BucketV2", "aws_s3_bucket"],
    ["aws:route53/record:Record", "aws_route53_record"],
    ["aws:lb/targetGroup:TargetGroup", "aws_lb_target_group"],
    ["aws:organizations/policyAttachment:PolicyAttachment", "aws_organizations_policy_attachment"],
    ["gcp:storage/bucket:Bucket", "google_storage_bucket"],
    ["gcp:storage/bucketIAMBinding:BucketIAMBinding", "google_storage_bucket_iam_binding"],
    ["gcp:orgpolicy/policy:Policy", "google_org_policy_policy"],
    ["gcp:organizations/policy:Policy", "google_organization_policy"],
    ["gcp:compute/managedSslCertificate:ManagedSslCertificate", "google_compute_managed_ssl_certificate"],
    ["tls:index/selfSignedCert:SelfSignedCert", "tls_self_signed_cert"],
    ["random:index/randomString:RandomString", "random_string"],
    // What nothing here knows keeps its token.
    ["datadog:index/monitor:Monitor", "datadog:index/monitor:Monitor"],
    ["azure:sql/sqlServer:SqlServer", "azure:sql/sqlServer:SqlServer"],
    ["azure:constructor/thing:Thing", "azure:constructor/thing:Thing"],
    ["pulumi:pulumi:Stack", "pulumi:pulumi:Stack"],
    ["nonsense", "nonsense"],
  ])("%s is %s", (token, type) => {
    expect(pulumiDialect(token).type).toBe(type);
  });

  it("tells the major version of a bridged provider only where its publisher does", () => {
    expect(bridgedMajor("azure", 6)).toBe(4);
    expect(bridgedMajor("azure", 5)).toBe(3);
    expect(bridgedMajor("azure", 99)).toBeUndefined();
    expect(bridgedMajor("constructor", 1)).toBeUndefined();
  });
});

/** What a resource of that type says, in Terraform's words. */
function translated(token: string, properties: Value): unknown {
  return JSON.parse(JSON.stringify(pulumiDialect(token).translate(properties)));
}

describe("property names of bridged packages", () => {
  it("undoes camel case and Pulumi's plurals, in nested blocks too", () => {
    expect(
      translated("azure:storage/account:Account", {
        publicNetworkAccessEnabled: false,
        enableHttpsTrafficOnly: true,
        nfsv3Enabled: false,
        networkRules: {
          defaultAction: "Deny",
          bypasses: ["AzureServices"],
          ipRules: ["203.0.113.0/24"],
          privateLinkAccesses: [{ endpointResourceId: "/subscriptions/1" }],
        },
      }),
    ).toEqual({
      public_network_access_enabled: false,
      enable_https_traffic_only: true,
      nfsv3_enabled: false,
      network_rules: {
        default_action: "Deny",
        bypass: ["AzureServices"],
        ip_rules: ["203.0.113.0/24"],
        private_link_access: [{ endpoint_resource_id: "/subscriptions/1" }],
      },
    });
  });

  it("knows where one resource differs from the rest of its provider", () => {
    expect(
      translated("azure:storage/accountNetworkRules:AccountNetworkRules", { privateLinkAccessRules: [] }),
    ).toEqual({ private_link_access: [] });
    expect(translated("azure:dns/aRecord:ARecord", { records: ["192.0.2.1"] })).toEqual({
      records: ["192.0.2.1"],
    });
    expect(translated("azure:dns/mxRecord:MxRecord", { records: [{ exchange: "mx.example" }] })).toEqual({
      record: [{ exchange: "mx.example" }],
    });
    expect(
      translated("azure:core/subscriptionPolicyAssignment:SubscriptionPolicyAssignment", {
        overrides: [{ selectors: [{ kind: "resourceLocation", ins: ["westeurope"], notIns: [] }] }],
        notScopes: [],
      }),
    ).toEqual({
      overrides: [{ selectors: [{ kind: "resourceLocation", in: ["westeurope"], not_in: [] }] }],
      not_scopes: [],
    });
  });

  it("leaves the keys of the user's own maps alone", () => {
    expect(
      translated("azure:appservice/linuxWebApp:LinuxWebApp", {
        appSettings: { storageUrl: "https://a.example", AllowedHosts: "*" },
        tags: { costCenter: "4711", ipRules: "no rule" },
      }),
    ).toEqual({
      app_settings: { storageUrl: "https://a.example", AllowedHosts: "*" },
      tags: { costCenter: "4711", ipRules: "no rule" },
    });
    expect(translated("gcp:storage/bucket:Bucket", { labels: { myTeam: "a" } })).toEqual({
      labels: { myTeam: "a" },
    });
  });

  it("translates inside secrets without opening them, and keeps unknowns", () => {
    const value = pulumiDialect("azure:appservice/linuxWebApp:LinuxWebApp").translate({
      connectionStrings: new Secret([{ type: "SQLAzure" }]),
      location: UNKNOWN,
    }) as { readonly [key: string]: Value };
    expect(value.location).toBe(UNKNOWN);
    expect(value.connection_string).toBeInstanceOf(Secret);
    expect((value.connection_string as Secret).reveal()).toMatchObject([{ type: "SQLAzure" }]);
    expect(JSON.stringify(value)).not.toContain("SQLAzure");
  });

  it("does not take a prototype's members for properties", () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toString": 2}') as Value;
    const value = pulumiDialect("azure:storage/account:Account").translate(hostile);
    expect("valueOf" in (value as object)).toBe(false);
    expect({}).not.toHaveProperty("polluted");
    expect(Object.keys(value as object)).toContain("constructor");
  });
});

describe("the way back to Pulumi's spelling", () => {
  const spell = (token: string, path: string, state: Value = {}) =>
    pulumiDialect(token).spell?.(path, [state]);

  it.each([
    ["azure:storage/account:Account", "network_rules.default_action", "networkRules.defaultAction"],
    ["azure:storage/account:Account", "network_rules[0].bypass[1]", "networkRules[0].bypasses[1]"],
    [
      "azure:storage/account:Account",
      "network_rules.private_link_access[0].endpoint_resource_id",
      "networkRules.privateLinkAccesses[0].endpointResourceId",
    ],
    [
      "azure:storage/accountNetworkRules:AccountNetworkRules",
      "private_link_access[2].endpoint_tenant_id",
      "privateLinkAccessRules[2].endpointTenantId",
    ],
    ["azure:storage/account:Account", "tags.cost_center.a", "tags.cost_center.a"],
    ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block_public_acls", "blockPublicAcls"],
    ["azure:storage/account:Account", "", ""],
  ])("%s spells %s as %s", (token, path, native) => {
    expect(spell(token, path)).toBe(native);
  });

  it("prefers the name that the resource has", () => {
    expect(spell("azure:dns/aRecord:ARecord", "records[0]", { records: ["192.0.2.1"] })).toBe("records[0]");
    expect(spell("azure:dns/mxRecord:MxRecord", "record[0].exchange", { records: [] })).toBe(
      "records[0].exchange",
    );
  });

  it("is not needed where Pulumi's spelling is the canonical one", () => {
    expect(pulumiDialect("azure-native:storage:StorageAccount").spell).toBeUndefined();
    expect(pulumiDialect("kubernetes:apps/v1:Deployment").spell).toBeUndefined();
  });
});

describe("camel case and snake case", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
  const letters = fc.stringMatching(/^[a-z]{1,6}[0-9]{0,2}$/);

  it("come back to where they started", () => {
    fc.assert(
      fc.property(letters, fc.array(letters, { maxLength: 4 }), (first, rest) => {
        const snake = [first, ...rest].join("_");
        expect(toSnake(toCamel(snake))).toBe(snake);
      }),
    );
  });

  it("the path of any property that a resource has leads back to its Pulumi spelling", () => {
    const azure = bridgedNames("azure");
    const irregular = fc.constantFrom(...Object.keys(azure?.table.names ?? {}));
    const name = fc
      .oneof(word.map(toCamel), irregular)
      .filter((text) => azure?.isMap("azurerm_storage_account", text) === false);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const state = names.reduceRight<Value>((inner, key) => ({ [key]: inner }), true);
        const dialect = pulumiDialect("azure:storage/account:Account");
        const path: string[] = [];
        for (let value = dialect.translate(state); typeof value === "object" && value !== null; ) {
          const [key, inner] = Object.entries(value)[0] as [string, Value];
          path.push(key);
          value = inner;
        }
        expect(dialect.spell?.(path.join("."), [state])).toBe(names.join("."));
      }),
    );
  });
});
