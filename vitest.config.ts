// Tests of every package and example. Workspace imports resolve to source, so nothing needs to be built before.
import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@tracebook/source", "node", "import", "default"] } },
  test: {
    include: ["{packages,examples}/*/{src,test}/**/*.test.ts", "collector/src/**/*.test.ts"],
    environment: "node",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
