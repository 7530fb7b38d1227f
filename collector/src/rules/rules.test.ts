// Every rule reads metrics that exist, by labels they have, and ends as tests and dashboards expect.
import { readFileSync } from "node:fs";
import { metricCatalogue } from "@tracebook/metrics";
import { describe, expect, it } from "vitest";
import { collectorPath } from "../collector-path.ts";
import { promqlProblems, readPromql } from "../dashboards/query-syntax.ts";
import { OTHER_NAMES, toWireName, wireNames } from "../wire-names.ts";
import { alertRules } from "./alert-rules.ts";
import { escalations } from "./escalations.ts";
import { recordingRules } from "./recording-rules.ts";
import { ruleFiles } from "./rule-files.ts";
import { selfAlerts } from "./self-alerts.ts";

const names = wireNames();
const alerts = [...alertRules(), ...selfAlerts()];
const recordings = recordingRules(names);
const rules = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...escalations(alerts).map(({ alert, expr }) => [alert, expr] as const),
  ...recordings.map(({ record, expr }) => [record, expr] as const),
];

const OTHERS: ReadonlySet<string> = new Set(Object.values(OTHER_NAMES));
/** The Collector's counters are read by a pattern. */
const isOther = (name: string): boolean => OTHERS.has(name) || name.startsWith("otelcol_");

function definitionOf(name: string) {
  const base = name.replace(/_bucket$|_count$|_sum$/, "");
  return Object.values(metricCatalogue()).find((metric) =>
    [name, metric.kind === "histogram" ? base : name].includes(toWireName(metric.name)),
  );
}

describe.each(rules)("%s", (_name, expr) => {
  it("is well-formed", () => expect(promqlProblems(expr)).toEqual([]));

  it("reads metrics of the catalogue, by labels that they have", () => {
    const { metrics, groupings } = readPromql(expr);
    expect(metrics.length).toBeGreaterThan(0);
    for (const { name, labels } of metrics) {
      if (isOther(name)) continue;
      const definition = definitionOf(name);
      expect(definition, name).toBeDefined();
      for (const label of labels) expect(definition?.labels, name).toContain(label);
    }
    for (const { labels, metrics: inside } of groupings)
      for (const label of labels.filter((one) => !["job", "instance", "le"].includes(one)))
        for (const name of inside.filter((one) => !isOther(one)))
          expect(definitionOf(name)?.labels.map(toWireName), `${name} by ${label}`).toContain(label);
  });
});

describe("alerts", () => {
  it("are the seven that trading asked for, each with its wait", () => {
    expect(Object.fromEntries(alertRules().map((rule) => [rule.alert, rule.for]))).toEqual({
      NoActiveBotsRunning: "5m",
      HighMarketDataLag: "2m",
      HighRedisErrorRate: "1m",
      HighPortfolioDrawdown: "5m",
      TradingViewSignalBacklog: "5m",
      BingXOrderFailures: "2m",
      BotBackendReachability: "2m",
    });
  });

  it("are about the metrics of an application under its own names", () => {
    const own = [...alertRules({ prefix: "basis_" }), ...selfAlerts({ prefix: "basis_" })];
    expect(own.map(({ expr }) => expr).join("\n")).not.toContain("tvtelegrambingx_");
    expect(own.map(({ expr }) => expr)).toEqual(
      alerts.map(({ expr }) => expr.replaceAll("tvtelegrambingx_", "basis_")),
    );
  });

  it("compare with a threshold at their end and nowhere else that would hide the value", () => {
    for (const { alert, expr } of alerts) expect(expr, alert).toMatch(/\s(?:==|<|>) -?[\d.]+$/);
  });

  it("escalate when critical, 25 minutes later", () => {
    const critical = alerts.filter(({ severity }) => severity === "critical");
    expect(critical.length).toBeGreaterThanOrEqual(7);
    expect(escalations(alerts).map(({ alert, for: wait }) => [alert, wait])).toEqual(
      critical.map(({ alert }) => [`${alert}Escalated`, "25m"]),
    );
  });

  it("lead to their runbook, in the repository and by a link that may be one's own", () => {
    const texts = ruleFiles({ runbooksUrl: "https://wiki.internal/night" }).map(({ text }) => text);
    const alerting = texts.join("").match(/(?<=- alert: )\w+/g) ?? [];
    const links = [...texts.join("").matchAll(/runbook: docs\/runbooks\.md#(\w+)\n +runbook_url: (\S+)#(\w+)/g)];
    expect(links).toHaveLength(alerting.length);
    for (const [at, [, page, base, heading]] of links.entries()) {
      expect([base, heading]).toEqual(["https://wiki.internal/night", page]);
      expect(alerting[at]?.replace(/Escalated$/, "").toLowerCase()).toBe(page);
    }
  });

  it("each have a page of their own among the runbooks", () => {
    const headings = readFileSync(collectorPath("../docs/runbooks.md"), "utf8").match(/(?<=^## ).*$/gm);
    expect(headings).toEqual(alerts.map(({ alert }) => alert).sort((a, b) => order(a, headings) - order(b, headings)));
  });
});

function order(alert: string, headings: readonly string[] | null): number {
  return headings?.indexOf(alert) ?? -1;
}

describe("recordings", () => {
  it("are named after their level, their metric and what was done", () => {
    for (const { record } of recordings) expect(record).toMatch(/^[a-z_]+:[a-z0-9_]+:[a-z0-9_]+$/);
    expect(new Set(recordings.map(({ record }) => record)).size).toBe(recordings.length);
  });
});
