// The store on the ClickHouse engine, in a process of its own behind ClickHouse's HTTP interface: the contract of every store, what is
// written once and counted once, and the same answers as SQLite's. Nothing is skipped.
// ci-timeout: 1200
import assert from "node:assert/strict";
import { createStage } from "../stage.mjs";
import { runTests } from "../vitest-run.mjs";
import { npmPackage } from "./parts/npm-package.mjs";
import { cleanEnv } from "./parts/workspace.mjs";

/** The engine of ClickHouse 26.7 as a package: 546 MB, which is why it is no dependency of the workspace. */
const ENGINE = { name: "chdb", version: "3.4.0" };
const stage = createStage("clickhouse");
let folder;
await stage.check(`${ENGINE.name} ${ENGINE.version} is there`, () => {
  folder = npmPackage(ENGINE.name, ENGINE.version);
});
if (folder !== undefined) {
  await stage.check("the tests of the store on ClickHouse skip nothing", () => {
    const vitest = ["node_modules/vitest/vitest.mjs", "run", "packages/store/src/clickhouse"];
    const env = cleanEnv({ TRACEBOOK_CHDB: folder });
    const { passed, failed, skipped } = runTests(process.execPath, vitest, env);
    assert.deepEqual([failed, skipped], [0, []]);
    assert.ok(passed > 0, "no test");
    return `${passed} tests`;
  });
}
stage.finish();
