import type { FileKind } from "../kind.ts";

export const programFiles: FileKind = {
  claims: () => true,
  read: async () => [],
};
