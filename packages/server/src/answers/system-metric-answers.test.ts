import type { StoredEvent, StoredSystemMetric } from "@tracebook/store";
import { expect, test } from "vitest";
import { recordStore } from "../../test/record-store.ts";
import { openTestDesk } from "../../test/test-desk.ts";

const RANGE = "start_time=2026-11-20T12:00:00Z&end_time=2026-11-20T13:00:00Z";

function metric(minute: number, value: number, more: Partial<StoredSystemMetric> = {}): StoredSystemMetric {
  return {
    metric_name: "cpu_usage",
    metric_type: "gauge",
    metric_value: value,
    metric_unit: "%",
    service_name: "api",
    host_name: "server-01",
    instance_id: "i-1",
    percentile_50: null,
    percentile_90: null,
    percentile_95: null,
    percentile_99: null,
    tags: {},
    metric_timestamp: `2026-11-20T12:${String(minute).padStart(2, "0")}:00.000000Z`,
    ...more,
  };
}

function request(second: number, name: string, status: number | undefined, ms?: number): StoredEvent {
  return {
    id: second + 1,
    event_type: "api_event",
    timestamp: `2026-11-20T12:00:${String(second).padStart(2, "0")}.000000Z`,
    run_id: null,
    symbol: null,
    data: {
      event_name: name,
      event_data: status === undefined ? {} : { status_code: status },
      duration_ms: ms ?? null,
    },
    trace_id: null,
    span_id: null,
    severity_number: 9,
    instance_id: "i-1",
    service_name: "api",
    seq: second,
  } as StoredEvent;
}

test("system metrics come as records, by filters and by pages", async () => {
  const { store, asked } = await recordStore({ systemMetrics: [metric(2, 40), metric(1, 30)] });
  const { get } = await openTestDesk({ store });
  const { json } = await get(
    `/api/telemetry/system-metrics?${RANGE}&metric_name=cpu_usage&service_name=api&host_name=server-01&metric_type=gauge&limit=1&offset=1`,
  );
  expect(json).toEqual({ metrics: [metric(1, 30)], count: 1 });
  expect(asked).toEqual([
    {
      startTime: "2026-11-20T12:00:00.000000Z",
      endTime: "2026-11-20T13:00:00.000000Z",
      metricName: "cpu_usage",
      serviceName: "api",
      hostName: "server-01",
      metricType: "gauge",
    },
  ]);
});

test("one metric over time has a series for each instance, its mean and its largest value in each slice", async () => {
  const other = { instance_id: "i-2", host_name: "server-02" };
  const { store } = await recordStore({
    systemMetrics: [metric(3, 60), metric(3, 5, other), metric(1, 40), metric(0, 20)],
  });
  const { get } = await openTestDesk({ store });
  const { json } = await get(`/api/telemetry/system-metrics/timeline?${RANGE}&metric_name=cpu_usage&step_seconds=120`);
  const at = Date.parse("2026-11-20T12:00:00Z") / 1_000;
  const none = { percentile_50: null, percentile_90: null, percentile_95: null, percentile_99: null };
  expect(json).toMatchObject({ metric_name: "cpu_usage", step_seconds: 120, series_left_out: 0, looked_back_to: null });
  expect(json.series).toHaveLength(2);
  expect(json.series[0]).toMatchObject({
    instance_id: "i-1",
    metric_unit: "%",
    last_value: 60,
    last_timestamp: "2026-11-20T12:03:00.000000Z",
    slices: [
      { time: at, samples: 2, avg_value: 30, max_value: 40, ...none },
      { time: at + 120, samples: 1, avg_value: 60, max_value: 60, ...none },
    ],
  });
  expect(json.series[1]).toMatchObject({ ...other, slices: [{ time: at + 120, samples: 1, avg_value: 5 }] });
});

test("of percentiles a slice has the largest, and series that differ in tags or unit stay apart", async () => {
  const response = { metric_name: "response_time", metric_type: "histogram", metric_unit: "ms" };
  const { store } = await recordStore({
    systemMetrics: [
      metric(1, 245, { ...response, percentile_95: 350, percentile_99: 450 }),
      metric(1, 0.2, { ...response, metric_unit: "s" }),
      metric(1, 100, { ...response, tags: { route: "/a" } }),
      metric(0, 200, { ...response, percentile_95: 300 }),
    ],
  });
  const { get } = await openTestDesk({ store });
  const { json } = await get(
    `/api/telemetry/system-metrics/timeline?${RANGE}&metric_name=response_time&step_seconds=3600`,
  );
  expect(json.series.map((one: { slices: { samples: number }[] }) => one.slices[0]?.samples)).toEqual([2, 1, 1]);
  expect(json.series[0].slices[0]).toMatchObject({
    avg_value: 222.5,
    percentile_50: null,
    percentile_95: 350,
    percentile_99: 450,
  });
});

test("more series than can be told apart are counted, not kept", async () => {
  const systemMetrics = Array.from({ length: 60 }, (_, i) => metric(1, i, { instance_id: `i-${i}` }));
  const { store } = await recordStore({ systemMetrics });
  const { get } = await openTestDesk({ store });
  const { json } = await get(`/api/telemetry/system-metrics/timeline?${RANGE}&metric_name=cpu_usage`);
  expect([json.series.length, json.series_left_out]).toEqual([50, 10]);
});

test("a question without the name of a metric is refused by what is missing", async () => {
  const { store } = await recordStore({});
  const { get } = await openTestDesk({ store });
  const said = {
    "": "metric_name is missing: it must be given.",
    "?metric_name=": 'metric_name is "": it must have 1 to 1024 characters.',
  };
  for (const [query, detail] of Object.entries(said)) {
    const { status, json } = await get(`/api/telemetry/system-metrics/timeline${query}`);
    expect([status, json.parameter, json.detail]).toEqual([400, "metric_name", detail]);
  }
});

test("system performance is what the store says of a service", async () => {
  const row = {
    service_name: "api",
    metric_name: "response_time",
    metric_unit: "ms",
    samples: 3,
    avg_value: 245,
    max_value: 900,
    p95_value: 350,
  };
  const { store, asked } = await recordStore({ systemPerformance: [row] });
  const { get } = await openTestDesk({ store });
  expect((await get(`/api/telemetry/system-performance?${RANGE}&service_name=api`)).json).toEqual({ metrics: [row] });
  expect(asked).toMatchObject([{ serviceName: "api", startTime: "2026-11-20T12:00:00.000000Z" }]);
});

test("requests are counted by route: refused by the client's fault, failed by the server's, and how long they took", async () => {
  const durations = Array.from({ length: 20 }, (_, i) => request(i, "GET_/orders", i < 2 ? 503 : 200, i + 1));
  const { store, asked } = await recordStore({
    apiEvents: [...durations, request(30, "POST_/orders", 422, 7), request(31, "POST_/orders", undefined)].reverse(),
  });
  const { get } = await openTestDesk({ store });
  const { json } = await get(`/api/telemetry/request-activity?${RANGE}`);
  expect(json.routes).toEqual([
    {
      event_name: "GET_/orders",
      service_name: "api",
      requests: 20,
      refused: 0,
      failed: 2,
      p50_ms: 10,
      p95_ms: 19,
      max_ms: 20,
    },
    {
      event_name: "POST_/orders",
      service_name: "api",
      requests: 2,
      refused: 1,
      failed: 0,
      p50_ms: 7,
      p95_ms: 7,
      max_ms: 7,
    },
  ]);
  expect(json).toMatchObject({
    requests: 22,
    routes_left_out: 0,
    looked_back_to: null,
    slices: [{ time: Date.parse("2026-11-20T12:00:00Z") / 1_000, requests: 22, refused: 1, failed: 2 }],
  });
  expect(asked[0]).toMatchObject({ eventType: "api_event" });
  expect((await get(`/api/telemetry/request-activity?${RANGE}&limit=1`)).json).toMatchObject({ routes_left_out: 1 });
});
