// Tests of every package and example. Workspace imports resolve to source, so nothing needs to be built before.
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const shared = {
  ssr: { resolve: { conditions: ["@tracebook/source", "node", "default"] } },
};
const timeouts = { testTimeout: 30_000, hookTimeout: 30_000 };
/** What PostgreSQL and promtool do, whatever Node asks them. */
const ofBackends = [
  "packages/store/src/postgres/{alerts,queries}/**/*.test.ts",
  "packages/store/src/postgres/{s4-document,metric-hours,migrate}.test.ts",
  "packages/store/src/postgres/postgres-{refusals,network,faults}.test.ts",
  "packages/alerts/src/standard-rules/both-homes.test.ts",
];

export default defineConfig({
  test: {
    // Tests wait for files, sockets and processes more than they compute: two at a time suit two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        ...shared,
        test: {
          name: "node",
          include: ["{packages,examples}/*/{src,test}/**/*.test.ts", "collector/src/**/*.test.ts"],
          exclude: ["packages/server/test/browser/**", ...ofBackends],
          environment: "node",
          ...timeouts,
        },
      },
      {
        ...shared,
        test: { name: "backends", include: ofBackends, environment: "node", ...timeouts },
      },
      {
        ...shared,
        // The page in real Chromium, on a real desk; left out where there is no Chromium.
        test: {
          name: "browser",
          include: ["packages/server/test/browser/**/*.test.ts"],
          globalSetup: "packages/server/test/browser/build-page.ts",
          expect: { poll: { timeout: 10_000 } },
          environment: "node",
          ...timeouts,
        },
      },
    ],
  },
});
