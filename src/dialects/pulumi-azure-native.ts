/**
 * Resources that version 3 of the azure-native package keeps in another module than version 2, as its own aliases say
 * (package 3.28.0). Facets name the modules of version 3.
 */
const MOVED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  insights: {
    applicationinsights:
      "AnalyticsItem Component ComponentCurrentBillingFeature ComponentLinkedStorageAccount ExportConfiguration Favorite " +
      "MyWorkbook ProactiveDetectionConfiguration WebTest Workbook WorkbookTemplate",
    monitor:
      "ActionGroup ActivityLogAlert AutoscaleSetting DataCollectionEndpoint DataCollectionRule DataCollectionRuleAssociation " +
      "DiagnosticSetting ManagementGroupDiagnosticSetting MetricAlert PrivateEndpointConnection PrivateLinkScope " +
      "PrivateLinkScopedResource ScheduledQueryRule SubscriptionDiagnosticSetting TenantActionGroup",
  },
  documentdb: {
    cosmosdb:
      "CassandraCluster CassandraDataCenter CassandraResourceCassandraKeyspace CassandraResourceCassandraTable " +
      "CassandraResourceCassandraView DatabaseAccount GraphResourceGraph GremlinResourceGremlinDatabase " +
      "GremlinResourceGremlinGraph MongoDBResourceMongoDBCollection MongoDBResourceMongoDBDatabase " +
      "MongoDBResourceMongoRoleDefinition MongoDBResourceMongoUserDefinition NotebookWorkspace PrivateEndpointConnection " +
      "Service SqlResourceSqlContainer SqlResourceSqlDatabase SqlResourceSqlRoleAssignment SqlResourceSqlRoleDefinition " +
      "SqlResourceSqlStoredProcedure SqlResourceSqlTrigger SqlResourceSqlUserDefinedFunction TableResourceTable " +
      "TableResourceTableRoleAssignment TableResourceTableRoleDefinition ThroughputPool ThroughputPoolAccount",
    mongocluster: "FirewallRule",
  },
  devices: {
    deviceprovisioningservices: "DpsCertificate IotDpsResource IotDpsResourcePrivateEndpointConnection",
    iothub: "Certificate IotHubResource IotHubResourceEventHubConsumerGroup PrivateEndpointConnection",
  },
  network: {
    dns: "DnssecConfig RecordSet Zone",
    dnsresolver:
      "DnsForwardingRuleset DnsResolver DnsResolverDomainList DnsResolverPolicy DnsResolverPolicyVirtualNetworkLink " +
      "DnsSecurityRule ForwardingRule InboundEndpoint OutboundEndpoint PrivateResolverVirtualNetworkLink",
    frontdoor: "Experiment FrontDoor NetworkExperimentProfile Policy RulesEngine",
    privatedns: "PrivateRecordSet PrivateZone VirtualNetworkLink",
    trafficmanager: "Endpoint Profile TrafficManagerUserMetricsKey",
  },
  cache: {
    redis:
      "AccessPolicy AccessPolicyAssignment FirewallRule LinkedServer PatchSchedule PrivateEndpointConnection Redis",
    redisenterprise: "Database RedisEnterprise",
  },
};

const movedTo = new Map(
  Object.entries(MOVED).flatMap(([from, targets]) =>
    Object.entries(targets).flatMap(([to, names]) =>
      names.split(" ").map((name) => [`${from}:${name}`, to] as const),
    ),
  ),
);

/**
 * The module of a type as version 3 names it, without the API version that a token may carry:
 * `storage/v20230101` is `storage`, and `network/v20180501` with `Zone` is `dns`.
 */
export function nativeModule(module: string, name: string): string {
  const plain = module.replace(/\/v\d.*$/, "");
  return movedTo.get(`${plain}:${name}`) ?? plain;
}
