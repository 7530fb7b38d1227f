// The tests that may be skipped where all tests are run, each with what makes up for it. In CI every other skipped test is a failure.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sharedPath } from "./stages/parts/workspace.mjs";

/** Tests that want what only a stage of its own has: `stage` runs the test itself, or the same case for real. */
const COVERED = [
  {
    file: "packages/exporters/src/prometheus/lint.test.ts",
    test: "finds in a scrape of the whole catalogue exactly what the list of exceptions has",
    stage: "prometheus",
  },
  {
    file: "packages/node/src/signals.test.ts",
    test: "a kept flow has the query it made",
    stage: "postgres",
  },
  // The engine of ClickHouse is half a gigabyte.
  {
    file: "packages/store/src/clickhouse/clickhouse-store.test.ts",
    test: "a store on ClickHouse keeps the contract",
    stage: "clickhouse",
  },
  {
    file: "packages/store/src/clickhouse/clickhouse-writing.test.ts",
    test: "what is written into ClickHouse is there once",
    stage: "clickhouse",
  },
  {
    file: "packages/store/src/clickhouse/clickhouse-sqlite.prop.test.ts",
    test: "a store on ClickHouse answers as one on SQLite does",
    stage: "clickhouse",
  },
  {
    file: "packages/store/src/clickhouse/alerts/clickhouse-feed.test.ts",
    test: "the alert engine reads ClickHouse",
    stage: "clickhouse",
  },
  {
    file: "packages/cli/src/serve/serve-clickhouse.test.ts",
    test: "tracebook serve on ClickHouse",
    stage: "clickhouse",
  },
  {
    // Who is not root mounts nothing here, but may in a namespace of the stage's own.
    file: "packages/journal/src/journal-faults.test.ts",
    test: "a disk that comes back is a real one that was full: nothing torn, drops declared, old lines intact",
    stage: "disk-full",
  },
  {
    // The same case with a whole bot.
    file: "packages/exporters/src/delivery/spool-faults.test.ts",
    test: "loses nothing that was written, tears nothing, makes room for evidence, and takes more afterwards",
    stage: "faults",
  },
];

/** Tests that read what lies beside the repository and must not lie in it; where it is, they run. */
const BESIDE = [
  { path: "data", file: "examples/basis-arbitrage/", test: /\brecordings\b/ },
  { path: "tools", file: "packages/journal/src/verify-journal.test.ts", test: /^the independent check agrees$/ },
];

/** Why a skipped test is no loss; undefined when it is one. */
export function excuseOf(file, test) {
  const covered = COVERED.find((one) => one.file === file && one.test === test);
  if (covered !== undefined && hasStage(covered.stage)) return `the stage ${covered.stage} sees to it`;
  const beside = BESIDE.find((one) => file.startsWith(one.file) && one.test.test(test));
  if (beside !== undefined && sharedPath(beside.path) === undefined) return `../shared/${beside.path} is not there`;
  return undefined;
}

function hasStage(name) {
  return readdirSync(join(import.meta.dirname, "stages")).some((file) => file.endsWith(`-${name}.mjs`));
}
