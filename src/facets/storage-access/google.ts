import { isList, isObject, UNKNOWN, Unknown, type Value } from "../../model/value.ts";
import { anyOf, documentAt, own, textsOf } from "../document.ts";
import type { Mapping } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import type { StorageAccess } from "../storage-access.ts";

/** Members that stand for everybody (cloud.google.com/storage/docs/access-control/making-data-public). */
function isEverybody(member: string): boolean {
  return member === "allUsers" || member === "allAuthenticatedUsers";
}

/** Every storage role reads but the one that only creates (cloud.google.com/storage/docs/access-control/iam-roles). */
function isReadRole(role: string): boolean {
  return role !== "roles/storage.objectCreator";
}

/** One role given to some members. */
function grant(r: ResourceReader, path: string, members: readonly string[] | Unknown): Field<boolean> {
  const raw = r.value(path);
  if (members instanceof Unknown) return new Field<boolean>(r.pathOf(path), raw, UNKNOWN);
  const role = r.string("role", "").map(isReadRole).value;
  const isPublic = members.some(isEverybody);
  return new Field(r.pathOf(path), raw, isPublic ? role : false);
}

/** The whole IAM policy of a bucket as a document. */
function policy(r: ResourceReader): Field<boolean> {
  const path = "policy_data";
  const document = documentAt(r, path);
  const bindings = own(document, "bindings");
  const isPublic = isList(bindings)
    ? anyOf(bindings, bindingIsPublic)
    : document === undefined || isObject(document)
      ? false
      : UNKNOWN;
  return new Field(r.pathOf(path), r.value(path), isPublic);
}

function bindingIsPublic(binding: Value): boolean | Unknown {
  if (!isObject(binding)) return UNKNOWN;
  const members = textsOf(own(binding, "members"));
  const role = textsOf(own(binding, "role"));
  if (members instanceof Unknown || role instanceof Unknown) return UNKNOWN;
  return members.some(isEverybody) && role.every(isReadRole);
}

/** google provider 7: `public_access_prevention` is computed, `inherited` unless set. */
export const googleStorage: Readonly<Record<string, Mapping<StorageAccess>>> = {
  google_storage_bucket: (r) => ({
    kind: r.constant("bucket"),
    anonymousAllowed: r.string("public_access_prevention", "inherited").isNot("enforced"),
  }),
  google_storage_bucket_iam_member: (r) => ({
    kind: r.constant("grant"),
    anonymousRead: grant(r, "member", textsOf(r.value("member"))),
  }),
  google_storage_bucket_iam_binding: (r) => ({
    kind: r.constant("grant"),
    anonymousRead: grant(r, "members", r.strings("members").value),
  }),
  google_storage_bucket_iam_policy: (r) => ({ kind: r.constant("grant"), anonymousRead: policy(r) }),
};
