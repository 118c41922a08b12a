import type { FileKind } from "../kind.ts";

export const terraformFiles: FileKind = {
  claims: () => true,
  read: async () => [],
};
