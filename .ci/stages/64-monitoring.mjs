// What an operator deploys of Prometheus and Alertmanager is accepted by their own checkers, every alert fires and resolves in unit
// tests of rules, and each finds its team.
// ci-needs: promtool amtool
// ci-timeout: 120
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createStage } from "../stage.mjs";
import { parseYaml } from "./parts/collector-run.mjs";
import { root } from "./parts/workspace.mjs";

const folder = join(root, "collector");
const rules = filesIn("prometheus/rules");
const tests = filesIn("prometheus/rules/tests");
const stage = createStage("monitoring");

for (const file of ["prometheus/prometheus.yml", "prometheus/remote-write.example.yml"])
  await stage.check(`promtool check config ${file}`, () => void accepted("promtool", "check", "config", file));
await stage.check("promtool check rules", () => {
  const said = accepted("promtool", "check", "rules", ...rules);
  return `${[...said.matchAll(/(\d+) rules found/g)].reduce((sum, [, count]) => sum + Number(count), 0)} rules`;
});
await stage.check("promtool test rules", () => {
  const said = accepted("promtool", "test", "rules", ...tests);
  assert.equal(said.match(/SUCCESS/g)?.length, tests.length, said);
  return `${tests.length} files`;
});
await stage.check("every alert is seen firing and silent in them, escalations too", everyAlertIsTested);
await stage.check(
  "amtool check-config",
  () => void accepted("amtool", "check-config", "alertmanager/alertmanager.yml"),
);
await stage.check("every alert reaches its team, every escalation whoever is on call", everyAlertIsRouted);
stage.finish();

function filesIn(path) {
  return readdirSync(join(folder, path))
    .filter((name) => name.endsWith(".yml"))
    .map((name) => join(path, name));
}

/** Runs a checker in collector/; throws with what it said unless it exits with 0 and warns of nothing. */
function accepted(program, ...args) {
  const ended = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
  const said = `${ended.stdout}${ended.stderr}`;
  assert.equal(ended.status, 0, said);
  assert.doesNotMatch(said, /warning|deprecat|FAILED/i);
  return said;
}

function alerts() {
  return rules
    .flatMap((file) => parseYaml(readFileSync(join(folder, file), "utf8")).groups)
    .flatMap((group) => group.rules)
    .filter(({ alert }) => alert !== undefined);
}

function everyAlertIsTested() {
  const checks = tests
    .flatMap((file) => parseYaml(readFileSync(join(folder, file), "utf8")).tests)
    .flatMap((test) => (test.alert_rule_test ?? []).map((check) => ({ ...check, test: test.name })));
  for (const { alert } of alerts()) {
    const of = checks.filter(({ alertname }) => alertname === alert);
    // In one test: silent, then firing, then silent again.
    const shapes = Object.values(Object.groupBy(of, ({ test }) => test)).map((some) =>
      some
        .toSorted((a, b) => Number.parseInt(a.eval_time, 10) - Number.parseInt(b.eval_time, 10))
        .map(({ exp_alerts }) => (exp_alerts.length > 0 ? "fires" : "silent"))
        .join(" "),
    );
    assert.ok(shapes.includes("silent fires silent"), `${alert} is ${shapes.join("; ") || "not tested"}`);
  }
  return `${alerts().length} alerts`;
}

function everyAlertIsRouted() {
  const seen = new Map();
  for (const { alert, labels } of alerts()) {
    const pairs = Object.entries({ alertname: alert, ...labels }).map(([name, value]) => `${name}=${value}`);
    const args = ["config", "routes", "test", "--config.file=alertmanager/alertmanager.yml", ...pairs];
    const ended = spawnSync("amtool", args, { cwd: folder, encoding: "utf8" });
    const kind = labels.severity === "critical" ? "page" : "chat";
    const wanted = labels.escalation === "on-call" ? "on-call" : `${labels.team}-${kind}`;
    assert.equal(ended.stdout.trim(), wanted, alert);
    seen.set(wanted, (seen.get(wanted) ?? 0) + 1);
  }
  return [...seen].map((pair) => pair.join(" ")).join(", ");
}
