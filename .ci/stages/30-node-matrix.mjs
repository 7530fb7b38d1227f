// The tests on the other supported Nodes, the oldest and the newest; the stage `test` runs on the one in between. Those of the page
// in a browser are left to it: what they ask of the server, the server's own tests ask on every Node. So are those of what
// PostgreSQL and promtool do, whatever Node asks them; the contract of the store, its writers and their recovery run on each.
// ci-needs: initdb postgres promtool
// ci-timeout: 2700
import { reportTests, runTests } from "../vitest-run.mjs";

const majors = ["22", "26"];
const vitest = "node_modules/vitest/vitest.mjs";
const others = [
  "packages/store/src/postgres/{alerts,queries}/**",
  "packages/store/src/postgres/{s4-document,metric-hours,migrate}.test.ts",
  "packages/store/src/postgres/postgres-{refusals,network,faults}.test.ts",
  "packages/alerts/src/standard-rules/both-homes.test.ts",
].flatMap((pattern) => ["--exclude", pattern]);
reportTests(
  "node-matrix",
  majors.map((major) => runTests(".ci/with-node", [major, "node", vitest, "run", "--project=node", ...others])),
);
