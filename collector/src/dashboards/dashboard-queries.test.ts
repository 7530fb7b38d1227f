// Every query of every dashboard parses and asks only for metrics and labels that exist.
import { metricCatalogue } from "@tracebook/metrics";
import { describe, expect, it } from "vitest";
import { toWireName } from "../wire-names.ts";
import { dashboards } from "./dashboard-files.ts";
import { COLLECTOR_METRICS, PROMETHEUS_METRICS } from "./foreign-metrics.ts";
import {
  type DashboardJson,
  everything,
  momentQueries,
  type PanelQuery,
  panelQueries,
  variableSelectors,
  withVariables,
} from "./panel-queries.ts";
import type { ReadMetric } from "./promql.ts";
import { logqlProblems, promqlProblems, readPromql } from "./query-syntax.ts";

const all = Object.entries(dashboards() as Record<string, DashboardJson>);
const plain = (text: string) => withVariables(text, everything("1m"));

/** Labels by the name of each series: of a histogram its buckets, counts and sums. */
const known = new Map<string, readonly string[]>();
for (const group of [metricCatalogue(), PROMETHEUS_METRICS, COLLECTOR_METRICS])
  for (const metric of Object.values(group) as ReadMetric[])
    for (const name of seriesOf(metric)) known.set(name, labelsOf(metric, name));

describe.each(all)("the queries of %s", (_name, dashboard) => {
  const promql = queriesOf(dashboard, "prometheus");
  const logql = queriesOf(dashboard, "loki");

  it("are PromQL that parses", () => {
    expect(promql.length).toBeGreaterThan(20);
    expect(found(promql, ({ text }) => promqlProblems(plain(text)))).toEqual([]);
  });

  it("name metrics and labels that exist", () => {
    expect(found(promql, ({ text }) => strangers(plain(text)))).toEqual([]);
  });

  it("look back as long as Grafana says, but for the seven days of the drawdown alert", () => {
    const good = ["$__rate_interval", "$__range", "7d"];
    const ranges = (text: string) => [...text.matchAll(/\[([^\]]+)\]/g)].map(([, range = ""]) => range);
    expect(found(promql, ({ text }) => ranges(text).filter((range) => !good.includes(range)))).toEqual([]);
  });

  it("look back four scrapes of the Collector and Prometheus, which are asked less often than services", () => {
    const isRateOfBackend = ({ text }: PanelQuery) => text.includes("rate(") && /otelcol_|prometheus_/.test(text);
    for (const { scrapedEvery, where } of promql.filter(isRateOfBackend)) expect(scrapedEvery, where).toBe("30s");
  });

  it("keep the buckets of a histogram apart, and ask for exemplars and heatmaps of buckets only", () => {
    expect(found(promql, mixedBuckets)).toEqual([]);
  });

  it("are LogQL that parses and selects by something that is never empty, as Loki wants", () => {
    expect(found(logql, ({ text }) => logqlProblems(plain(text)))).toEqual([]);
    for (const { text } of logql) expect(plain(text)).toMatch(/\{service_name=~"\.\+"/);
  });

  it("are TraceQL filters with closed braces and quotes, or the id of a trace", () => {
    for (const { text } of queriesOf(dashboard, "tempo"))
      expect(plain(text)).toMatch(/^[0-9a-f]{32}$|^\{ (?:[^{}"]|"[^"]*")+ \}(?: \| select\([^()]+\))?$/);
  });

  it("offer values of labels that their metrics have, and use every variable", () => {
    const selectors = variableSelectors(dashboard);
    for (const { selector, label } of selectors) {
      expect([...promqlProblems(plain(selector)), ...strangers(plain(selector))]).toEqual([]);
      for (const { name } of readPromql(plain(selector)).metrics) expect(known.get(name)).toContain(label);
    }
    const { templating, ...rest } = dashboard;
    const inUse = JSON.stringify([rest, templating.list?.map(({ query }) => query)]);
    for (const { name } of templating.list ?? []) expect(inUse, name).toMatch(new RegExp(`\\$\\{?${name}\\b`));
  });
});

it("decisions link to logs and traces", () => {
  const decisions = dashboards()["decisions"] as DashboardJson;
  expect(queriesOf(decisions, "loki").length).toBeGreaterThan(5);
  expect(queriesOf(decisions, "tempo").length).toBeGreaterThan(2);
});

it("flows without a symbol are among the traces of All, and of no symbol", () => {
  const texts = queriesOf(dashboards()["decisions"] as DashboardJson, "tempo").map(({ text }) => text);
  const bySymbol = texts.filter((text) => text.includes("$symbol"));
  expect(bySymbol).toHaveLength(3);
  for (const text of bySymbol)
    expect(text).toContain('(span.trading.symbol =~ "$symbol" || (!(span.trading.symbol != nil) && "" =~ "$symbol"))');
});

it("every metric of the catalogue is on some dashboard, but for those whose meaning only their owner knows", () => {
  const texts = all.flatMap(([, dashboard]) => queriesOf(dashboard, "prometheus").map(({ text }) => plain(text)));
  const shown = new Set(texts.flatMap((text) => readPromql(text).metrics.map(({ name }) => name)));
  const missing = Object.values(metricCatalogue()).filter(
    (metric) => !seriesOf(metric).some((name) => shown.has(name)),
  );
  expect(missing.map(({ name }) => name)).toEqual([
    "system_metric_total",
    "system_metric_value",
    "system_metric_distribution",
    "system_metric_duration_seconds",
    "business_metric_value",
  ]);
});

it("what is wrong in a query is found", () => {
  expect(promqlProblems("sum(rate(up[5m])")).not.toEqual([]);
  expect(logqlProblems('{a="b"} | unwrap')).not.toEqual([]);
  expect(strangers('sum by (colour) (rate(market_data_updates_total{venue="x"}[5m]))')).toEqual([
    "market_data_updates_total has no label venue",
    "market_data_updates_total has no label colour",
  ]);
  expect(strangers("market_data_update_total")).toEqual(["no metric market_data_update_total"]);
  expect(strangers('{__name__=~"up|down"}')).toEqual(["no metric down"]);
  const text = "histogram_quantile(0.5, sum by (flow) (rate(trading_flow_duration_seconds_bucket{}[1m])))";
  expect(mixedBuckets({ text, isHeatmap: false, hasExemplars: false })).toEqual([`without le: ${text}`]);
  expect(mixedBuckets({ text: "up", isHeatmap: true, hasExemplars: false })).toEqual(["no buckets: up"]);
});

function queriesOf(dashboard: DashboardJson, language: PanelQuery["language"]): PanelQuery[] {
  return [...panelQueries(dashboard), ...momentQueries(dashboard)].filter((query) => query.language === language);
}

/** The problems of all queries, each with its place. */
function found(queries: readonly PanelQuery[], problemsOf: (query: PanelQuery) => string[]): string[] {
  return queries.flatMap((query) => problemsOf(query).map((problem) => `${query.where} ${query.refId}: ${problem}`));
}

/** What a query asks for that does not exist. */
function strangers(text: string): string[] {
  const { metrics, groupings } = readPromql(text);
  const missing = (name: string, labels: readonly string[]) => {
    const has = known.get(name);
    if (has === undefined) return [`no metric ${name}`];
    return labels.filter((label) => !has.includes(label)).map((label) => `${name} has no label ${label}`);
  };
  return [
    ...metrics.flatMap(({ name, labels }) => missing(name, labels)),
    ...groupings.flatMap(({ labels, metrics: inside }) => inside.flatMap((name) => missing(name, labels))),
  ];
}

function mixedBuckets({ text, isHeatmap, hasExemplars }: Pick<PanelQuery, "text" | "isHeatmap" | "hasExemplars">) {
  const isOfBuckets = (name: string) => name.endsWith("_bucket");
  const { groupings } = readPromql(plain(text));
  const mixed = groupings.some(({ labels, metrics }) => metrics.some(isOfBuckets) && !labels.includes("le"));
  const needsBuckets = isHeatmap || hasExemplars || text.includes("histogram_quantile");
  return [
    ...(mixed ? [`without le: ${text}`] : []),
    ...(needsBuckets && !text.includes("_bucket{") ? [`no buckets: ${text}`] : []),
  ];
}

function seriesOf({ name, kind }: ReadMetric): string[] {
  const parts = kind === "histogram" ? ["_bucket", "_count", "_sum"] : [""];
  return [name].flat().flatMap((one) => parts.map((part) => toWireName(one) + part));
}

function labelsOf({ labels }: ReadMetric, series: string): string[] {
  return [...labels.map(toWireName), "job", "instance", ...(series.endsWith("_bucket") ? ["le"] : [])];
}
