import { describe, expect, it } from "vitest";
import { translateTerraform } from "../../src/dialects/terraform-kubernetes.ts";
import { Secret, UNKNOWN } from "../../src/model/value.ts";

describe("Kubernetes objects in Terraform", () => {
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: 3 } };

  it("a manifest becomes the object it holds", () => {
    const { type, value, spell } = translateTerraform("kubernetes_manifest", {
      manifest: deployment,
      field_manager: [],
    });
    expect(type).toBe("apps/v1/Deployment");
    expect(value).toEqual(deployment);
    expect(spell?.("spec.replicas")).toBe("manifest.spec.replicas");
    expect(spell?.("")).toBe("manifest");
  });

  it("the core group has no name before its version", () => {
    expect(
      translateTerraform("kubernetes_manifest", { manifest: { apiVersion: "v1", kind: "Service" } }).type,
    ).toBe("v1/Service");
  });

  it.each([
    ["kubernetes_deployment_v1", { spec: [] }],
    ["azurerm_storage_account", { manifest: deployment }],
    ["kubernetes_manifest", { manifest: UNKNOWN }],
    ["kubernetes_manifest", { manifest: { apiVersion: UNKNOWN, kind: "Service" } }],
    ["kubernetes_manifest", { manifest: { apiVersion: "v1", kind: "" } }],
    ["kubernetes_manifest", undefined],
  ])("%s with %j stays as it is", (type, value) => {
    expect(translateTerraform(type, value)).toEqual({ type, value });
  });

  it("a sensitive manifest stays secret", () => {
    const { type, value } = translateTerraform("kubernetes_manifest", { manifest: new Secret(deployment) });
    expect(type).toBe("apps/v1/Deployment");
    expect(value).toBeInstanceOf(Secret);
    expect(JSON.stringify(value)).not.toContain("replicas");
  });
});
