import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fromPrometheusRules } from "../prometheus/from-prometheus.ts";
import { toPrometheusRules } from "../prometheus/to-prometheus.ts";
import { parseAlertRules } from "../rules/rules-file.ts";
import { RUNBOOKS_URL, standardAlertRules } from "./standard-alert-rules.ts";
import { standardRulesFile } from "./standard-rules-file.ts";

const RULES = standardAlertRules();
const NAMES = RULES.map(({ rule_name }) => rule_name);

function readFile(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), "utf8");
}

describe("the standard rules", () => {
  it("are one for each alert on trading, and for what telemetry loses", () => {
    expect(NAMES).toEqual([
      "NoActiveBotsRunning",
      "HighMarketDataLag",
      "HighRedisErrorRate",
      "TradingViewSignalBacklog",
      "BingXOrderFailures",
      "BotBackendReachability",
      "TracebookEvidenceDropped",
      "TracebookLateEvidence",
      "TracebookDestinationEvidenceDropped",
      "TracebookTelemetryDropped",
      "TracebookDeliveryFailing",
    ]);
  });

  it("have a page among the runbooks, under their id", () => {
    const pages = readFile("docs/runbooks.md")
      .match(/(?<=^## ).*$/gm)
      ?.map((page) => page.toLowerCase());
    for (const { rule_id, annotations } of RULES) {
      expect(pages).toContain(rule_id);
      expect(annotations["runbook_url"]).toBe(`${RUNBOOKS_URL}#${rule_id}`);
    }
  });

  it("name in their summary nothing but the labels of their alerts", () => {
    for (const { annotations, condition_config: condition, rule_name } of RULES) {
      const places = [...annotations["summary"]!.matchAll(/\{\{labels\.(\w+)\}\}/g)].map(([, label]) => label!);
      expect("by" in condition && places.every((place) => condition.by.includes(place)), rule_name).toBe(true);
      // Only the summary is filled in.
      expect(annotations["description"]).not.toContain("{{");
    }
  });

  it("have the names and teams of an application, and only those that are wanted", () => {
    const names = ["TradingViewSignalBacklog", "HighRedisErrorRate"];
    const rules = standardAlertRules({
      prefix: "basis_",
      teams: { platform: "sre" },
      names,
      runbooksUrl: "https://wiki.internal/night",
    });
    expect(rules).toMatchObject([
      {
        rule_name: "HighRedisErrorRate",
        labels: { team: "sre" },
        annotations: { runbook_url: "https://wiki.internal/night#highrediserrorrate" },
      },
      {
        rule_name: "TradingViewSignalBacklog",
        labels: { team: "trading-automation" },
        condition_config: { metric: "basis_signal_queue_depth" },
      },
    ]);
  });

  it("are refused under a name that none of them has, with the nearest one, and for a prefix that makes no name", () => {
    expect(() => standardAlertRules({ names: ["HighRedisErorRate"] })).toThrow("Nearest: HighRedisErrorRate");
    expect(() => standardAlertRules({ prefix: "Basis" })).toThrow("prefix");
  });

  it("can all be said by Prometheus, and come back as they are", () => {
    const { yaml, left_out } = toPrometheusRules(RULES);
    expect(left_out).toEqual([]);
    expect(fromPrometheusRules(yaml)).toEqual({ rules: RULES, refused: [] });
  });
});

it("the file of the standard rules has just them, and says how it is used", () => {
  const text = standardRulesFile({ prefix: "basis_" });
  expect(parseAlertRules(text)).toEqual(standardAlertRules({ prefix: "basis_" }));
  expect(text).toMatch(
    /^# The standard rules .*npx tracebook serve\n.*\nrules:\n {2}- rule_name: NoActiveBotsRunning\n/s,
  );
});

describe("the alerts that come with the Collector", () => {
  const folder = "collector/prometheus/rules/";
  const files = readdirSync(fileURLToPath(new URL(`../../../../${folder}`, import.meta.url)));
  const imports = files
    .filter((name) => name.endsWith(".yml"))
    .map((name) => fromPrometheusRules(readFile(`${folder}${name}`)));
  const rules = imports.flatMap((one) => one.rules);

  it("are, where a rule can say them, the standard rules, but for the figures in their descriptions", () => {
    // One takes the increase where the rule takes growth; both are said by the same rule.
    expect(rules.map(({ rule_name }) => rule_name).sort()).toEqual(
      NAMES.filter((name) => name !== "TracebookEvidenceDropped" && name !== "TracebookTelemetryDropped").sort(),
    );
    for (const { annotations, ...imported } of rules) {
      const { annotations: texts, ...standard } = RULES.find(({ rule_id }) => rule_id === imported.rule_id)!;
      expect(imported).toEqual(standard);
      expect(annotations).toMatchObject({ summary: texts["summary"], runbook_url: texts["runbook_url"] });
    }
  });

  it("are refused with the reason where it cannot", () => {
    const refused = imports.flatMap((one) => one.refused).filter(({ reason }) => !reason.includes("recording"));
    expect(Object.fromEntries(refused.map(({ name, reason }) => [name, reason]))).toMatchObject({
      HighPortfolioDrawdown: expect.stringContaining("writes labels anew"),
      TracebookEvidenceDropped: expect.stringContaining("several values"),
      TracebookTelemetryDropped: expect.stringContaining("by class!~"),
      TradingServiceDown: expect.stringContaining("about up"),
      NoActiveBotsRunningEscalated: expect.stringContaining("all labels but some"),
    });
  });

  it("come back as expressions that fire at the same times", () => {
    const again = toPrometheusRules(rules);
    expect(again.left_out).toEqual([]);
    expect(fromPrometheusRules(again.yaml)).toEqual({ rules, refused: [] });
  });
});
