// The tests on the other supported Nodes, the oldest and the newest; the stage `test` runs on the one in between.
// ci-timeout: 1800
import { reportTests, runTests } from "../vitest-run.mjs";

const majors = ["22", "26"];
const vitest = "node_modules/vitest/vitest.mjs";
reportTests(
  "node-matrix",
  majors.map((major) => runTests(".ci/with-node", [major, "node", vitest, "run"])),
);
