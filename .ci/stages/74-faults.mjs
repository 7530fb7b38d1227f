// Every fault case in its short form: what goes wrong around a bot, done to it on purpose, the stock OpenTelemetry SDK beside it.
// `npm run faults -- --full` runs the long forms. STAGE_SEED=N draws other faults, STAGE_CASES=3,6 chooses. The results stay in .cache/ci/faults-results.json.
// ci-needs: go unshare
// ci-timeout: 1500
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { createStage } from "../stage.mjs";
import { collectorOf } from "./parts/go-programs.mjs";
import { cleanEnv, root } from "./parts/workspace.mjs";

const stage = createStage("faults");
let collector;
await stage.check("the Collector is built", () => {
  collector = collectorOf("collector/builder.yaml").path;
});
const seed = process.env.STAGE_SEED ? ["--seed", process.env.STAGE_SEED] : [];
const chosen = process.env.STAGE_CASES ? ["--case", process.env.STAGE_CASES] : [];
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
let cases = 0;
for await (const line of createInterface({ input: faults.stdout })) await checkCase(line);
await stage.check("the harness has come to its end", () => assert.ok(cases > 0));
stage.finish();

async function checkCase(line) {
  cases++;
  const { case: id, title, skipped, pass, failed, headline, stock_headline: stock } = JSON.parse(line);
  if (skipped !== undefined) return stage.skip(`case ${id}`, skipped);
  console.log(line);
  return stage.check(`case ${id}: ${title}`, () => {
    assert.ok(pass, failed.join("\n"));
    return `${headline} (stock SDK: ${stock})`;
  });
}
