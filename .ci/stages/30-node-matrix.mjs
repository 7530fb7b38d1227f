// The tests on the other supported Nodes, the oldest and the newest; the stage `test` runs on the one in between. Those of the page
// in a browser are left to it: what they ask of the server, the server's own tests ask on every Node. So are those of the project
// `backends`: the contract of the store on PostgreSQL, its writers and their recovery run on each.
// ci-needs: initdb postgres promtool
// ci-timeout: 2700
import { reportTests, runTests } from "../vitest-run.mjs";

const majors = ["22", "26"];
const vitest = "node_modules/vitest/vitest.mjs";
reportTests(
  "node-matrix",
  majors.map((major) => runTests(".ci/with-node", [major, "node", vitest, "run", "--project=node"])),
);
