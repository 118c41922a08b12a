import { defineConfig } from "vitest/config";

const endToEnd = "test/e2e/**/*.test.ts";

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      // Properties are tried hundreds of times: the limit is for what hangs, also on a crowded machine.
      {
        extends: true,
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: [endToEnd], testTimeout: 30_000 },
      },
      // These start real command lines, so they wait for processes.
      {
        extends: true,
        test: {
          name: "e2e",
          include: [endToEnd],
          globalSetup: "test/e2e/support/build.ts",
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
