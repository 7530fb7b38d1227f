// Metrics by both routes: the text of /metrics is what a scraper expects, and OTLP has the same numbers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metricCatalogue } from "@tracebook/metrics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type Family, parseExposition, sampleValue } from "../test/exposition.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

interface Report {
  text: string;
  type: string;
  statuses: number[];
}
interface OtlpPoint {
  attributes?: { key: string; value: { stringValue?: string; intValue?: number } }[];
  asDouble?: number;
  count?: number;
  sum?: number;
  scale?: number;
  bucketCounts?: number[];
  explicitBounds?: number[];
  positive?: { bucketCounts: number[] };
}
type OtlpMetric = { name: string } & Record<string, { dataPoints: OtlpPoint[] } | undefined>;

describe.each([
  ["explicit buckets", "histogram", {}],
  [
    "exponential histograms",
    "exponentialHistogram",
    { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: "base2_exponential_bucket_histogram" },
  ],
])("with %s over OTLP", (_name, kind, variables) => {
  let dir = "";
  let sink: OtlpSink;
  let report: Report;
  let families: Map<string, Family>;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "tracebook-metrics-"));
    sink = await startOtlpSink();
    const env = { TELEMETRY_ENABLED: "true", TELEMETRY_OTLP_ENDPOINT: sink.url, TELEMETRY_DIR: dir };
    report = await startChild("measured.ts", {
      env: { ...env, ...variables, TELEMETRY_PROMETHEUS_PORT: "0" },
    }).result();
    families = parseExposition(report.text);
  });
  afterAll(async () => {
    await sink.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
    sampleValue(families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, "")), name, labels);
  const sent = (name: string): OtlpPoint[] => {
    const metric = (sink.metrics as unknown as OtlpMetric[]).findLast((one) => one.name === name);
    return (metric?.sum ?? metric?.gauge ?? metric?.[kind])?.dataPoints ?? [];
  };

  it("/metrics answers GET and HEAD with text, and nothing else", () => {
    expect(report.type).toContain("text/plain");
    expect(report.statuses).toEqual([404, 405]);
  });

  it("histograms on /metrics have the catalogue's bounds, rising counts and an end that is their count", () => {
    const histograms = [...families].filter(([, family]) => family.type === "histogram");
    expect(histograms.length).toBeGreaterThanOrEqual(7);
    for (const [name, family] of histograms)
      for (const total of family.samples.filter((sample) => sample.name === `${name}_count`)) {
        const same = family.samples.filter(
          ({ name: one, labels: { le: _, ...labels } }) =>
            one === `${name}_bucket` && JSON.stringify(labels) === JSON.stringify(total.labels),
        );
        const counts = same.map((sample) => sample.value);
        expect(counts).toEqual([...counts].sort((a, b) => a - b));
        expect([same.at(-1)?.labels.le, counts.at(-1)]).toEqual(["+Inf", total.value]);
        const definition = Object.values(metricCatalogue()).find((metric) => metric.name === name);
        if (definition?.bounds !== undefined)
          expect(same.map((sample) => Number(sample.labels.le)).slice(0, -1)).toEqual(definition.bounds);
      }
  });

  it.each(["trading_stage_duration_seconds", "market_data_lag_seconds", "http.server.request.duration"])(
    "%s has the same counts and sums by both routes",
    (name) => {
      const points = sent(name);
      const local = name.replaceAll(".", "_");
      expect(points.length).toBeGreaterThan(0);
      for (const point of points) {
        expect(value(`${local}_count`, labelsOf(point))).toBe(Number(point.count));
        expect(value(`${local}_sum`, labelsOf(point))).toBeCloseTo(point.sum ?? Number.NaN, 9);
        if (kind === "histogram") {
          const bounds = families.get(local)?.samples.filter((sample) => sample.name === `${local}_bucket`) ?? [];
          expect(bounds.map((sample) => Number(sample.labels.le))).toEqual(
            expect.arrayContaining(point.explicitBounds ?? [NaN]),
          );
        } else
          expect(point.positive?.bucketCounts.map(Number).reduce((sum, count) => sum + count, 0)).toBe(
            Number(point.count),
          );
      }
    },
  );

  it.each([
    "trading_bot_trades_total",
    "trading_decisions_total",
    "trading_flow_outcomes_total",
    "trading_bot_pnl_usd",
  ])("%s has the same values by both routes", (name) => {
    const points = sent(name);
    expect(points.length).toBeGreaterThan(0);
    for (const point of points) expect(value(name, labelsOf(point))).toBe(point.asDouble);
  });

  it("S1's names are there, with what was recorded", () => {
    expect(value("trading_bots_active_total", { status: "running" })).toBe(3);
    expect(value("trading_bot_trades_total", { bot_id: "b1", symbol: "BTC/USDT", side: "buy", status: "filled" })).toBe(
      2,
    );
    expect(value("trading_bot_pnl_usd", { bot_id: "b1", symbol: "BTC/USDT" })).toBe(-12.5);
    expect(value("portfolio_total_value_usd")).toBe(100_000.25);
    expect(value("portfolio_cash_balance_usd")).toBe(2_500);
    expect(value("portfolio_positions_count", { symbol: "BTC/USDT" })).toBe(2);
    expect(value("market_data_updates_total", { symbol: "BTC/USDT", source: "binance" })).toBe(4);
    expect(value("market_data_lag_seconds_bucket", { source: "binance", le: "5" })).toBe(3);
    expect(value("market_data_lag_seconds_bucket", { source: "binance", le: "60" })).toBe(3);
    expect(value("market_data_lag_seconds_count", { source: "binance" })).toBe(4);
    expect(value("websocket_connections_active", { endpoint: "spot" })).toBe(1);
    expect(value("redis_operations_total", { type: "get", status: "success" })).toBe(5);
    expect(value("redis_connection_errors_total")).toBe(1);
    expect(value("database_queries_total", { operation: "select", table: "orders", status: "success" })).toBe(1);
  });

  it("NaN, the infinities and negative counts poison nothing and are counted", () => {
    expect(value("database_query_duration_seconds_count", { table: "orders" })).toBe(1);
    expect(value("database_query_duration_seconds_sum", { table: "orders" })).toBe(0.02);
    expect(report.text).not.toMatch(/ (NaN|[+-]Inf)$/m);
    const invalid = (metric: string) => value("tracebook_invalid_values_total", { metric });
    expect(
      ["trading_bot_trades_total", "database_query_duration_seconds", "trading_bots_active_total"].map(invalid),
    ).toEqual([4, 4, 3]);
  });

  it.each([
    ["Content-Length, and an answer with one", "POST", "201", 1_000, 3],
    ["chunked, and an answer in pieces", "POST", "202", 500, 1_502],
    ["streamed, and a streamed answer", "POST", "203", 100_001, 70_004],
    ["none, and a status that has no body", "POST", "204", 0, 0],
    ["a body that the host left unread", "POST", "206", 5_000, 12],
    ["HEAD, whatever the host writes", "HEAD", "200", 0, 0],
    ["none, and an empty answer", "GET", "208", 0, 0],
  ])("sizes of HTTP bodies: %s", (_case, method, status, received, answered) => {
    const labels = { http_request_method: method, http_response_status_code: status };
    expect(value("http_server_request_body_size_sum", labels)).toBe(received);
    expect(value("http_server_response_body_size_sum", labels)).toBe(answered);
    expect(value("http_server_request_body_size_count", labels)).toBe(1);
  });
});

function labelsOf({ attributes = [] }: OtlpPoint): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue } }) => [
      key.replaceAll(".", "_"),
      stringValue ?? `${intValue}`,
    ]),
  );
}
