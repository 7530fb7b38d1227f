import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/sqlite/index.ts",
    "src/sqlite/store-worker.ts",
    "src/postgres/index.ts",
    "src/postgres/postgres-worker.ts",
    "src/clickhouse/index.ts",
    "src/clickhouse/clickhouse-worker.ts",
  ],
  format: "esm",
  target: "node22",
  dts: true,
  sourcemap: true,
  clean: true,
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
});
