import * as pulumi from "@pulumi/pulumi";
import {
  FrontDoorEndpoint,
  FrontDoorOrigin,
  FrontDoorOriginGroup,
  FrontDoorProfile,
  FrontDoorRoute,
} from "./azure.ts";
import type { LandingZone } from "./landing-zone.ts";

/** The shop's address on the internet, with every region behind it. */
export class FrontDoor extends pulumi.ComponentResource {
  constructor(name: string, home: LandingZone, zones: readonly LandingZone[]) {
    super("estate:shop:FrontDoor", name);
    const inside = { parent: this, dependsOn: home };
    const profileName = `${name}-door`;
    const of = { resourceGroupName: home.resourceGroupName, profileName };
    const profile = new FrontDoorProfile(
      profileName,
      { ...of, location: "Global", sku: { name: "Premium_AzureFrontDoor" } },
      inside,
    );
    const inProfile = { parent: this, dependsOn: profile };
    const endpoint = new FrontDoorEndpoint(
      `${name}-endpoint`,
      { ...of, endpointName: name, location: "Global", enabledState: "Enabled" },
      inProfile,
    );
    const group = new FrontDoorOriginGroup(
      `${name}-origins`,
      {
        ...of,
        originGroupName: "regions",
        loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 },
        healthProbeSettings: { probePath: "/healthz", probeProtocol: "Https", probeIntervalInSeconds: 30 },
      },
      inProfile,
    );
    const origins = zones.map(
      (zone) =>
        new FrontDoorOrigin(
          `${name}-${zone.region}`,
          {
            ...of,
            originGroupName: "regions",
            originName: zone.region,
            hostName: zone.hostName,
            priority: 1,
            weight: 500,
            enabledState: "Enabled",
          },
          { parent: this, dependsOn: [group, zone] },
        ),
    );
    new FrontDoorRoute(
      `${name}-route`,
      {
        ...of,
        endpointName: name,
        routeName: "pages",
        originGroup: { id: group.id },
        patternsToMatch: ["/*"],
        supportedProtocols: ["Http", "Https"],
        httpsRedirect: "Enabled",
      },
      { parent: this, dependsOn: [endpoint, ...origins] },
    );
    this.registerOutputs();
  }
}
