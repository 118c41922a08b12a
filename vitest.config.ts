import { defineConfig } from "vitest/config";

const endToEnd = "test/e2e/**/*.test.ts";

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: [endToEnd] } },
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
