import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runHere } from "../../test/run-here.ts";
import { event, storeOf } from "../../test/stores.ts";
import { folderOf } from "../../test/tracebook.ts";

const RULES = `
rules:
  - rule_name: Errors
    rule_type: event_frequency
    condition_config: { event_type: error_event, threshold: 2, time_window_minutes: 5 }
    severity: error
`;
/** A reference to the environment, as a configuration has it. */
const reference = (name: string) => `\${${name}}`;
const at = (time: string) => event("error_event", { timestamp: `2026-11-20T${time}.000000Z` });

describe("tracebook alerts check", () => {
  it("finds nothing wrong, and says how many there are", async () => {
    const dir = folderOf({
      "alerts.yml": RULES,
      "notifications.yml": `channels: { slack: { webhook_url: "${reference("HOOK")}" } }`,
    });
    const env = { HOOK: "https://hooks.slack.com/services/T0/B0/hidden" };
    const args = ["alerts", "check", join(dir, "alerts.yml"), "--notifications", join(dir, "notifications.yml")];
    expect(await runHere(args, { env })).toEqual({
      code: 0,
      stdout: "1 rule, 1 channel: nothing is wrong\n",
      stderr: "",
    });
    const { code, stdout } = await runHere(args);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining(`refers to ${reference("HOOK")}, which the environment does not have`),
    ]);
  });

  it("says all that is wrong, each with its place and the nearest valid form", async () => {
    const dir = folderOf({ "alerts.yml": RULES.replace("severity: error", "severity: eror\n    label: {}") });
    const { code, stdout } = await runHere(["alerts", "check", join(dir, "alerts.yml"), "--json"]);
    expect(code).toBe(1);
    const { problems } = JSON.parse(stdout);
    const lines = problems.map(({ problem }: { problem: string }) => problem).join("\n");
    expect(lines).toMatch(/rules\[0\]\.severity .*"eror".*Nearest valid form: error/);
    expect(lines).toMatch(/rules\[0\]\.label/);
  });

  it("knows with a store which events there are", async () => {
    const db = await storeOf([at("12:00:00")]);
    const dir = folderOf({ "alerts.yml": RULES.replace("error_event", "eror_event") });
    const { code, stdout } = await runHere(["alerts", "check", join(dir, "alerts.yml"), "--db", db]);
    expect([code, stdout]).toEqual([1, expect.stringContaining("error_event")]);
  });
});

describe("tracebook alerts backtest", () => {
  it("says when a rule would have fired and resolved", async () => {
    const db = await storeOf([at("12:00:00"), at("12:01:00")]);
    const dir = folderOf({ "alerts.yml": RULES });
    const args = ["alerts", "backtest", join(dir, "alerts.yml"), "--db", db, "--from", "2026-11-20T11:00", "--to"];
    const { code, stdout } = await runHere([...args, "2026-11-20T13:00", "--json"]);
    expect(code).toBe(0);
    const { rules } = JSON.parse(stdout);
    expect(rules).toMatchObject([{ rule_id: "errors", problem: null, firings: [{ peak_value: 2 }] }]);
    expect(rules[0].firings[0].fired_at).toMatch(/^2026-11-20T12:01:0[01]/);
    const text = await runHere([...args, "2026-11-20T13:00"]);
    expect(text.stdout).toMatch(/errors +2026-11-20T12:01:0[01] +2026-11-20T12:05:0[01] +2/);
    const none = await runHere([...args, "2026-11-20T11:30"]);
    expect(none.stdout).toBe("Nothing would have fired.\n");
  });

  it("needs a beginning", async () => {
    const dir = folderOf({ "alerts.yml": RULES });
    const { code, stderr } = await runHere(["alerts", "backtest", join(dir, "alerts.yml")]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--from TIME")]);
  });
});

describe("tracebook alerts", () => {
  it("lists the alerts of a store", async () => {
    const db = await storeOf([]);
    expect((await runHere(["alerts", "list", "--db", db])).stdout).toBe("No alert.\n");
    const wrong = await runHere(["alerts", "list", "--db", db, "--state", "open"]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("pending, firing, acknowledged, resolved")]);
  });

  it("takes rules to Prometheus and back", async () => {
    const db = await storeOf([]);
    const dir = folderOf({
      "in.yml": `groups: [{ name: a, rules: [{ alert: High CPU, expr: "avg(avg_over_time(cpu_usage[5m])) > 90", labels: { severity: critical } }, { record: x, expr: y }] }]`,
    });
    const read = await runHere(["alerts", "import", "--prometheus", join(dir, "in.yml"), "--db", db]);
    expect([read.code, read.stdout]).toEqual([1, "1 of 2 rules are in the store\n"]);
    expect(read.stderr).toContain("groups[0].rules[1]");
    const file = join(dir, "out.yml");
    const written = await runHere(["alerts", "export", "--prometheus", file, "--db", db]);
    expect(written.code).toBe(0);
    expect(readFileSync(file, "utf8")).toContain("alert: High CPU");
    const shown = await runHere(["alerts", "export", "--prometheus=-", "--db", db]);
    expect(shown.stdout).toBe(readFileSync(file, "utf8"));
  });

  it("prints the standard rules, as a table and as a file in which nothing is wrong", async () => {
    const shown = await runHere(["alerts", "standard"]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/NoActiveBotsRunning +critical +300 s/)]);
    const { code, stdout } = await runHere(["alerts", "standard", "--yaml", "--prefix", "basis_"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("metric: basis_signal_queue_depth")]);
    const dir = folderOf({ "alerts.yml": stdout });
    const checked = await runHere(["alerts", "check", join(dir, "alerts.yml")]);
    expect(checked.stdout).toBe("11 rules: nothing is wrong\n");
    const wrong = await runHere(["alerts", "standard", "--prefix", "Basis"]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('prefix is "Basis"')]);
  });

  it("takes groups, newest values and ratios to Prometheus and back", async () => {
    const db = await storeOf([]);
    const standard = await runHere(["alerts", "standard", "--yaml"]);
    const { parseAlertRules, toPrometheusRules } = await import("@tracebook/alerts");
    const dir = folderOf({ "in.yml": toPrometheusRules(parseAlertRules(standard.stdout)).yaml });
    const read = await runHere(["alerts", "import", "--prometheus", join(dir, "in.yml"), "--db", db]);
    expect([read.code, read.stdout]).toEqual([0, "11 of 11 rules are in the store\n"]);
    const shown = await runHere(["alerts", "export", "--prometheus=-", "--db", db]);
    const alertsOf = (yaml: string) =>
      yaml
        .split("  - alert: ")
        .slice(1)
        .map((one) => one.trimEnd())
        .sort();
    expect(alertsOf(shown.stdout)).toEqual(alertsOf(readFileSync(join(dir, "in.yml"), "utf8")));
    expect(shown.stderr).toContain("botbackendreachability: Prometheus' rate misses");
  });

  it("tests a channel, and says what came back", async () => {
    const received: string[] = [];
    const server = createServer((request, response) => {
      received.push(request.url ?? "");
      response.writeHead(request.url === "/right" ? 200 : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const hook = (path: string) =>
      `{ kind: webhook, url: "http://127.0.0.1:${port}/${path}", signing_secret: "${reference("SECRET")}", allow_http: true, allow_private_targets: true }`;
    const dir = folderOf({ "n.yml": `channels: { right: ${hook("right")}, wrong: ${hook("wrong")} }` });
    const test = (name: string) =>
      runHere(["alerts", "test", name, "--notifications", join(dir, "n.yml")], {
        env: { SECRET: "a secret of the environment" },
      });
    const right = await test("right");
    expect([right.code, right.stdout]).toEqual([0, expect.stringContaining("delivered")]);
    expect((await test("wrong")).code).toBe(1);
    expect((await test("rigth")).stderr).toContain('Did you mean "right"?');
    expect(received).toEqual(["/right", "/wrong"]);
    expect(right.stdout).not.toContain("a secret");
  });

  it.each([
    [["alerts"], "Tasks: check, backtest, list, test, standard, export, import"],
    [["alerts", "chek"], 'Did you mean "check"?'],
    [["alerts", "list", "--notifications", "x"], "list does not take --notifications"],
    [["alerts", "check", "a", "b"], "too much"],
    [["alerts", "check"], "needs a file of rules"],
    [["alerts", "check", "/nowhere/rules.yml"], "cannot be read: ENOENT"],
  ])("%j fails with a hint", async (args, words) => {
    const { code, stderr } = await runHere(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});
