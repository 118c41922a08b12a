import { describe, expect, it } from "vitest";
import { isCredentialName } from "../../src/model/credentials.ts";

describe("isCredentialName", () => {
  it.each([
    "password",
    "admin_password",
    "adminPassword",
    "primary_access_key",
    "client_secret",
    "connectionString",
    "sas_token",
  ])("%s is one", (name) => expect(isCredentialName(name)).toBe(true));
  it.each([
    "key_vault_secret_id",
    "password_auth_enabled",
    "access_key_rotation_days",
    "name",
    "secret_name",
    "",
  ])("%j is none", (name) => expect(isCredentialName(name)).toBe(false));
});
