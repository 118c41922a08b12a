import { type ArmResource, native, whatIf } from "./arm.ts";
import { armSignIn, terraformSignIn } from "./certificate-estate.ts";
import { classic, pulumiPreview } from "./pulumi.ts";
import { armEstate, logicalName, terraformEstate, type Version } from "./storage-estate.ts";
import { cdktfOut, terraformPlan, terraformState } from "./terraform.ts";

const STACK = "production";
const CLASSIC = { pkg: "azure", version: "6.40.0" };
const NATIVE = { pkg: "azure-native", version: "3.28.0" };

type Files = Readonly<Record<string, string>>;

/** The inputs of the incident library, by path below `fixtures/incidents`: one estate, written as each host writes it. */
export function incidentInputs(): Files {
  return {
    ...bothVersions("azure-2026-02-storage-access", storageAccess),
    ...bothVersions("teams-2020-02-certificate", certificate),
  };
}

function bothVersions(incident: string, filesOf: (version: Version) => Files): Files {
  return { ...below(incident, filesOf("outage")), ...below(`${incident}/safe`, filesOf("safe")) };
}

function storageAccess(version: Version): Files {
  const resources = terraformEstate(version);
  const arm = armEstate(version);
  return {
    [`terraform-plan/${STACK}.tfplan.json`]: terraformPlan(resources),
    ...below("cdktf-synth/cdktf.out", cdktfOut(STACK, resources)),
    [`cdktf-synth/before/${STACK}.tfstate`]: terraformState(resources),
    "pulumi-classic/preview.json": pulumiPreview(STACK, CLASSIC, classic(resources)),
    "pulumi-azure-native/preview.json": pulumiPreview(STACK, NATIVE, native(arm, logicalName)),
    [`arm-what-if/${STACK}.json`]: whatIf(arm),
  };
}

function certificate(version: Version): Files {
  const lastSegment = ({ id }: ArmResource) => id.split("/").at(-1) ?? id;
  const upload = Buffer.from("stands for an uploaded certificate; there is no key in it").toString("base64");
  return {
    [`terraform-plan/${STACK}.tfplan.json`]: terraformPlan(terraformSignIn(version)),
    // The preview prints what it knows to be secret as this word.
    "pulumi-azure-native/preview.json": pulumiPreview(
      STACK,
      NATIVE,
      native(armSignIn(version, "[secret]"), lastSegment),
    ),
    [`arm-what-if/${STACK}.json`]: whatIf(armSignIn(version, upload)),
  };
}

function below(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}
