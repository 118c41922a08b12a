import type { FileKind } from "../kind.ts";

export const kubernetesFiles: FileKind = {
  claims: () => true,
  read: async () => [],
};
