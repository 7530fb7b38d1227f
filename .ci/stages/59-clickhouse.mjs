// The store on the ClickHouse engine, in a process of its own behind ClickHouse's HTTP interface: the contract of every store, what is
// written once and counted once, the same answers as SQLite's, what the alert engine reads, and the desk on it. Nothing is skipped.
// ci-timeout: 1200
import assert from "node:assert/strict";
import { createStage } from "../stage.mjs";
import { runTests } from "../vitest-run.mjs";
import { npmPackage } from "./parts/npm-package.mjs";
import { cleanEnv } from "./parts/workspace.mjs";

/** The engine of ClickHouse 26.7 as a package: 546 MB, which is why it is no dependency of the workspace. */
const ENGINE = { name: "chdb", version: "3.4.0" };
/** `tracebook serve` with this database: its API, live feed and alerts. */
const DESK = "packages/cli/src/serve/serve-clickhouse.test.ts";
const stage = createStage("clickhouse");
let folder;
await stage.check(`${ENGINE.name} ${ENGINE.version} is there`, () => {
  folder = npmPackage(ENGINE.name, ENGINE.version);
});
if (folder !== undefined) {
  await stage.check("the tests of the store and of the desk on ClickHouse skip nothing", () => {
    const vitest = ["node_modules/vitest/vitest.mjs", "run", "packages/store/src/clickhouse", DESK];
    const env = cleanEnv({ TRACEBOOK_CHDB: folder });
    const { passed, failed, skipped } = runTests(process.execPath, vitest, env);
    assert.deepEqual([failed, skipped], [0, []]);
    assert.ok(passed > 0, "no test");
    return `${passed} tests`;
  });
}
stage.finish();
