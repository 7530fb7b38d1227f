// The lint of the catalogue, and its page in the docs.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LINT_EXCEPTIONS } from "./lint-exceptions.ts";
import { toMarkdownTable } from "./markdown-table.ts";
import { metricCatalogue } from "./metric-catalogue.ts";
import { defineMetric } from "./metric-definition.ts";

const metrics = Object.values(metricCatalogue());

/** Labels whose values come from code, configuration or a list of instruments; nothing that is new with each request. */
const BOUNDED_LABELS = new Set([
  "action",
  "bot_id",
  "calculation_method",
  "category",
  "channel",
  "class",
  "outcome",
  "currency",
  "decision",
  "destination",
  "endpoint",
  "event_type",
  "flow",
  "http.request.method",
  "http.response.status_code",
  "http.route",
  "method",
  "metric",
  "metric_name",
  "mountpoint",
  "operation",
  "period_type",
  "reason",
  "reason_code",
  "side",
  "signal",
  "source",
  "stage",
  "state",
  "status",
  "strategy",
  "symbol",
  "table",
  "type",
  "unit",
]);

/** What is wrong with the name of a metric, given what it is. OpenTelemetry's dotted names carry no suffixes. */
function nameFaults({ name, kind, unit }: (typeof metrics)[number]): string[] {
  if (name.includes(".")) return /^[a-z]+(?:[._][a-z]+)+$/.test(name) ? [] : ["is no dotted name"];
  const faults: string[] = [];
  if (!/^[a-z]+(?:_[a-z0-9]+)*$/.test(name)) faults.push("is not snake_case");
  if ((kind === "counter") !== name.endsWith("_total")) faults.push("_total is for counters, and for all of them");
  if (/_(?:count|sum|bucket|min|max|info)$/.test(name)) faults.push("has a suffix that exporters give");
  const stem = name.replace(/_total$/, "");
  if ((unit === "s") !== stem.endsWith("_seconds")) faults.push("_seconds is for seconds, and for all of them");
  if ((unit === "{USD}") !== stem.endsWith("_usd")) faults.push("_usd is for dollars, and for all of them");
  if ((unit === "By") !== stem.endsWith("_bytes")) faults.push("_bytes is for bytes, and for all of them");
  if (/_(?:ms|us|ns|milliseconds|minutes|hours|kb|mb|percent)$/.test(stem)) faults.push("is not in a base unit");
  if (!/^(?:s|By|1|\{[A-Za-z]+\})$/.test(unit)) faults.push(`${unit} is not a base unit`);
  return faults;
}

describe("the metric catalogue", () => {
  it("names every metric by the rules, but for those that come from a source system", () => {
    const broken = metrics.filter((metric) => nameFaults(metric).length > 0).map(({ name }) => name);
    expect(broken).toEqual(LINT_EXCEPTIONS.map(({ metric }) => metric));
  });

  it("defines each name once, in a form that a registry takes", () => {
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
    for (const metric of metrics) expect(defineMetric<string>(metric)).toEqual(metric);
  });

  it("says in a sentence what each metric is", () => {
    for (const { name, help } of metrics)
      expect([name, help]).toEqual([name, expect.stringMatching(/^[A-Z].{15,}[^.]\.$/)]);
  });

  it("has only labels with a bounded number of values", () => {
    for (const { name, labels } of metrics) {
      expect([name, labels.filter((label) => !BOUNDED_LABELS.has(label))]).toEqual([name, []]);
    }
  });

  it("gives every histogram its bounds, and nothing else any", () => {
    for (const { name, kind, bounds } of metrics)
      expect([name, bounds !== undefined]).toEqual([name, kind === "histogram"]);
  });

  it("has bounds for market data lag that include 5 s and reach 60 s", () => {
    const { bounds } = metricCatalogue().marketDataLag;
    expect(bounds).toContain(5);
    expect(bounds?.at(-1)).toBe(60);
  });

  it("has every metric that the source systems name, with its kind and labels", () => {
    const known = Object.fromEntries(metrics.map(({ name, kind, labels }) => [name, `${kind}{${labels.join()}}`]));
    expect(known).toMatchObject({
      trading_bots_active_total: "gauge{status}",
      trading_bot_trades_total: "counter{bot_id,symbol,side,status}",
      trading_bot_pnl_usd: "gauge{bot_id,symbol}",
      portfolio_total_value_usd: "gauge{}",
      portfolio_positions_count: "gauge{symbol}",
      portfolio_cash_balance_usd: "gauge{}",
      market_data_updates_total: "counter{symbol,source}",
      market_data_lag_seconds: "histogram{source}",
      websocket_connections_active: "gauge{endpoint}",
      redis_operations_total: "counter{type,status}",
      redis_connection_errors_total: "counter{}",
      database_queries_total: "counter{operation,table,status}",
      database_query_duration_seconds: "histogram{operation,table}",
      "http.server.request.duration": "histogram{http.request.method,http.route,http.response.status_code}",
      "http.server.request.body.size": "histogram{http.request.method,http.route,http.response.status_code}",
      "http.server.response.body.size": "histogram{http.request.method,http.route,http.response.status_code}",
      tradingview_signals_ingested_total: "counter{}",
      tradingview_signal_ingest_duration_seconds: "histogram{}",
      tvtelegrambingx_signal_queue_depth: "gauge{}",
      tvtelegrambingx_order_transitions_total: "counter{symbol,status}",
      tvtelegrambingx_order_notional_usd_total: "counter{action}",
      tvtelegrambingx_realised_pnl_usd: "gauge{symbol}",
      tvtelegrambingx_realised_pnl_total_usd: "gauge{}",
      tvtelegrambingx_bot_backend_requests_total: "counter{method,status}",
      tvtelegrambingx_bot_backend_request_duration_seconds: "histogram{method}",
      tvtelegrambingx_bot_updates_total: "counter{type}",
      trading_stage_duration_seconds: "histogram{flow,stage}",
    });
  });
});

describe("docs/metrics.md", () => {
  it("holds the table of the catalogue as it is (UPDATE_DOCS=1 writes it)", () => {
    const page = new URL("../../../docs/metrics.md", import.meta.url);
    const [start, end] = ["<!-- metrics:start -->\n", "<!-- metrics:end -->"];
    const text = readFileSync(page, "utf8");
    const from = text.indexOf(start) + start.length;
    const to = text.indexOf(end);
    expect([from >= start.length, to >= from]).toEqual([true, true]);
    const wanted = `${text.slice(0, from)}\n${toMarkdownTable(metricCatalogue())}\n${text.slice(to)}`;
    if (process.env.UPDATE_DOCS === "1") writeFileSync(page, wanted);
    else expect(text).toBe(wanted);
  });

  it("escapes what would break a table", () => {
    const odd = { name: "a", kind: "gauge", unit: "1", labels: [], help: "One | two\nthree." } as const;
    expect(toMarkdownTable([odd]).split("\n")[2]).toBe("| `a` | gauge | `1` |  | One \\| two three. |");
  });
});
