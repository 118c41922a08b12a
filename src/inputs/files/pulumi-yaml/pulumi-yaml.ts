import type { FileKind } from "../kind.ts";

export const pulumiYamlFiles: FileKind = {
  claims: () => true,
  read: async () => [],
};
