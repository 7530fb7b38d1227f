// Every fault case in its short form: what goes wrong around a bot, done to it on purpose, the stock OpenTelemetry SDK beside it; and around a desk.
// `npm run faults -- --full` runs the long forms. STAGE_SEED=N draws other faults, STAGE_CASES=3,6 chooses. The results stay in .cache/ci/faults-results.json.
// ci-needs: go unshare
// ci-timeout: 1800
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createStage } from "../stage.mjs";
import { collectorOf } from "./parts/go-programs.mjs";
import { cleanEnv, root } from "./parts/workspace.mjs";

/** How many cases there are: one that gets lost on the way is missed here. */
const ALL_CASES = 28;

const stage = createStage("faults");
let collector;
await stage.check("the Collector is built", () => {
  collector = collectorOf("collector/builder.yaml").path;
});
const seed = process.env.STAGE_SEED ? ["--seed", process.env.STAGE_SEED] : [];
const chosen = process.env.STAGE_CASES ? ["--case", process.env.STAGE_CASES] : [];
const expected = process.env.STAGE_CASES ? new Set(process.env.STAGE_CASES.split(",")).size : ALL_CASES;
const args = [
  "--conditions=@tracebook/source",
  "packages/node/faults/main.ts",
  "--out",
  ".cache/ci",
  ...seed,
  ...chosen,
];
const env = cleanEnv(collector === undefined ? {} : { TRACEBOOK_COLLECTOR: collector });
const faults = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => faults.kill());
const ending = once(faults, "exit");
let [cases, failures, ended] = [0, 0, undefined];
for await (const line of createInterface({ input: faults.stdout })) await take(line);
const [code, signal] = await ending;
// A harness that dies between two cases has said nothing wrong.
await stage.check("the harness has come to its end", () => {
  assert.equal(ended, expected, "its last line tells how many cases there were");
  assert.equal(cases, expected, "each of them has a line");
  assert.deepEqual([code, signal], [failures > 0 ? 1 : 0, null], "its exit code tells whether all passed");
});
stage.finish();

async function take(line) {
  const said = JSON.parse(line);
  if (said.ended !== undefined) ended = said.ended;
  else await checkCase(said, line);
}

async function checkCase({ case: id, title, skipped, pass, failed, headline, stock_headline: stock }, line) {
  cases++;
  if (skipped !== undefined) return stage.skip(`case ${id}`, skipped);
  console.log(line);
  if (!pass) failures++;
  return stage.check(`case ${id}: ${title}`, () => {
    assert.ok(pass, failed.join("\n"));
    return `${headline} (stock SDK: ${stock})`;
  });
}
