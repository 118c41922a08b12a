import type { FileKind } from "../kind.ts";

export const armTemplates: FileKind = {
  claims: () => true,
  read: async () => [],
};
