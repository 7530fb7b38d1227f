// Metrics of two services, requests, users and two weeks of business, known to the last digit.
import { toTimestamp } from "@tracebook/core";
import type { EventInput, InputSource, MetricPointInput } from "@tracebook/store";
import type { Desk } from "../../src/index.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES = 10;
const DAYS = 14;
/** The last full minute at which something was measured. */
const BASE_MS = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
const API: InputSource = { serviceName: "api", instanceId: "api-1", hostName: "server-01" };
const BOT: InputSource = { serviceName: "basis-trader", instanceId: "bot-7", hostName: "server-02" };

/** Writes them; `wrap` is put around every text that comes from outside. */
export async function writeKnownRecords(desk: Desk, wrap: (text: string) => string = (text) => text): Promise<void> {
  await desk.store.writePoints(points(wrap));
  await desk.store.writeEvents(
    numbered([...responseTimes(wrap), ...requests(wrap), ...actions(wrap), ...business(wrap)]),
  );
}

type Draft = Pick<EventInput, "eventType" | "data"> & { readonly atMs: number; readonly source?: InputSource };

function numbered(drafts: readonly Draft[]): EventInput[] {
  return drafts.map(({ atMs, source = API, ...draft }, i) => ({
    ...draft,
    timestamp: toTimestamp(atMs * 1_000),
    source,
    seq: 10_000 + i,
    runId: undefined,
    symbol: undefined,
    traceId: undefined,
    spanId: undefined,
    severityNumber: 9,
  }));
}

/** CPU 40 to 49 % of the API and 91 % of the bot at last, memory 62.5 %, two file systems of which one is fuller. */
function points(wrap: (text: string) => string): MetricPointInput[] {
  const at = (minute: number) => BASE_MS - (MINUTES - 1 - minute) * MINUTE_MS;
  const usage = (source: InputSource, name: string, minute: number, value: number, labels = {}): MetricPointInput => ({
    source: { ...source, serviceName: wrap(source.serviceName), hostName: wrap(source.hostName ?? "") },
    type: "gauge",
    isMonotonic: false,
    isCumulative: false,
    name,
    unit: "%",
    description: "Share in use, 0 to 100.",
    labels,
    startMicros: 0,
    timeMicros: at(minute) * 1_000,
    value,
  });
  return Array.from({ length: MINUTES }, (_, minute) => [
    usage(API, "cpu_usage", minute, 40 + minute),
    usage(BOT, "cpu_usage", minute, 82 + minute),
    usage(API, "memory_usage", minute, 62.5),
    usage(BOT, "memory_usage", minute, 35),
    usage(API, "disk_usage", minute, 20, { mountpoint: wrap("/") }),
    usage(API, "disk_usage", minute, 71, { mountpoint: wrap("/data") }),
  ]).flat();
}

/** S4's histogram: each minute a mean with its percentiles. */
function responseTimes(wrap: (text: string) => string): Draft[] {
  return Array.from({ length: MINUTES }, (_, i) => ({
    eventType: "system_metric",
    atMs: BASE_MS - i * MINUTE_MS,
    data: {
      metric_name: wrap("response_time"),
      metric_type: "histogram",
      metric_value: 245,
      metric_unit: "milliseconds",
      percentile_50: 150,
      percentile_90: 280,
      percentile_95: 350 - i,
      percentile_99: 450,
    },
  }));
}

/** 20 requests to one route, two of which failed, and 5 to another, one of which was refused. */
function requests(wrap: (text: string) => string): Draft[] {
  const request = (name: string, i: number, status: number, ms: number): Draft => ({
    eventType: "api_event",
    atMs: BASE_MS - (i % MINUTES) * MINUTE_MS + i,
    data: {
      event_name: wrap(name),
      event_category: wrap("http"),
      event_data: { status_code: status, method: name.split("_")[0] as string, path: wrap("/") },
      user_id: wrap(i % 2 === 0 ? "u-17" : "u-4"),
      duration_ms: ms,
      source: "api",
    },
  });
  return [
    ...Array.from({ length: 20 }, (_, i) => request("GET_/orders", i, i < 2 ? 503 : 200, i + 1)),
    ...Array.from({ length: 5 }, (_, i) => request("POST_/orders/:id", i, i === 0 ? 422 : 200, 40 + i)),
  ];
}

function actions(wrap: (text: string) => string): Draft[] {
  return ["u-17", "u-4", "u-9"].flatMap((user, i) =>
    ["user_login", "strategy_started"].map((name, at) => ({
      eventType: "user_action",
      atMs: BASE_MS - (i * 2 + at) * 1_000,
      data: {
        event_name: wrap(name),
        event_category: wrap(at === 0 ? "authentication" : "trading"),
        user_id: wrap(user),
        source: "web",
      },
    })),
  );
}

/** Two weeks: users, revenue per user, and what each strategy has earned and paid. */
function business(wrap: (text: string) => string): Draft[] {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return Array.from({ length: DAYS }, (_, i) => {
    const startMs = today - (DAYS - 1 - i) * DAY_MS;
    const metric = (name: string, category: string, value: string, more: EventInput["data"]): Draft => ({
      eventType: "business_metric",
      source: BOT,
      atMs: BASE_MS - (DAYS - i) * 1_000,
      data: {
        metric_name: wrap(name),
        metric_category: wrap(category),
        metric_value: value,
        period_start: toTimestamp(startMs * 1_000),
        period_end: toTimestamp((startMs + DAY_MS) * 1_000),
        period_type: "daily",
        ...more,
      },
    });
    const money = { metric_unit: "USDT", currency: "USDT", calculation_method: "sum" };
    const ofStrategy = (strategy: string) => ({ ...money, tags: { strategy: wrap(strategy) } });
    return [
      metric("daily_active_users", "user_engagement", String(1_200 + i * 10), {
        metric_unit: "count",
        license_id: wrap("lic-1"),
      }),
      metric("revenue_per_user", "revenue", "49.99", {
        metric_unit: "usd",
        currency: "USD",
        calculation_method: "average",
        license_id: wrap("lic-1"),
      }),
      metric("realized_pnl", "trading", i % 4 === 1 ? "-1203.450000001" : "2100.10", ofStrategy("basis")),
      metric("realized_pnl", "trading", "12.000000000000000001", ofStrategy("funding")),
      metric("traded_notional", "trading", "1234567.89", ofStrategy("basis")),
      metric("fees_paid", "trading", "61.72839450", ofStrategy("basis")),
    ];
  }).flat();
}
