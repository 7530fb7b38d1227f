import { expect, test } from "vitest";
import { KNOWN_MS, writeKnownData } from "../../test/known-data.ts";
import { sharedDesk } from "../../test/shared-desk.ts";

const known = sharedDesk((desk) => writeKnownData(desk.store), {
  cards: { funding_paid: { title: "Funding paid" } },
  title: "Floor",
});
const minute = Math.floor((KNOWN_MS - 1) / 60_000) * 60;

test("metrics are listed by name", async () => {
  const { json } = await known.get("/api/telemetry/metrics");
  expect(
    json.metrics.map((one: { name: string; type: string; series: number }) => [one.name, one.type, one.series]),
  ).toEqual([
    ["tracebook_dropped_total", "sum", 1],
    ["trading_flow_outcomes_total", "sum", 6],
    ["trading_stage_duration_seconds", "histogram", 3],
  ]);
});

test("one metric comes over time, by its labels, numbers and histograms apart", async () => {
  const numbers = await known.get(
    "/api/telemetry/metrics/trading_flow_outcomes_total?label=stage:book_to_signal&label=flow:tick",
  );
  expect(numbers.json).toMatchObject({ name: "trading_flow_outcomes_total", step_seconds: 60, histograms: [] });
  expect(numbers.json.numbers).toMatchObject([
    { type: "sum", service_name: "bot", slices: [{ time: minute, value: 80 }] },
  ]);
  const histogram = await known.get(
    "/api/telemetry/metrics/trading_stage_duration_seconds?label=stage:end_to_end&step_seconds=3600",
  );
  expect(histogram.json.histograms).toMatchObject([
    { bounds: [0.001, 0.01], slices: [{ count: 100, sum: 0.5, bucket_counts: [0, 100, 0] }] },
  ]);
  expect((await known.get("/api/telemetry/metrics/no%2Fsuch%20metric")).json).toMatchObject({
    name: "no/such metric",
    numbers: [],
  });
});

test("latencies are of the stages in their order, end to end last", async () => {
  const { json } = await known.get("/api/telemetry/latency");
  expect(json).toMatchObject({ flow: "tick", flows: [{ flow: "tick", count: 100 }], bounds_ms: [1, 10] });
  expect(json.stages.map((one: { stage: string; count: number }) => [one.stage, one.count])).toEqual([
    ["ws_to_book_update", 90],
    ["book_to_signal", 88],
    ["end_to_end", 100],
  ]);
  expect(json.stages[2]).toMatchObject({
    mean_ms: 5,
    p50_ms: 5.5,
    bucket_counts: [0, 100, 0],
    slices: [{ time: minute, count: 100 }],
  });
  expect((await known.get("/api/telemetry/latency?flow=other")).json).toMatchObject({
    flow: "other",
    stages: [],
    bounds_ms: [],
  });
});

test("health says what arrives, what is lost, what the store is and what is in force", async () => {
  const { json } = await known.get("/api/telemetry/health");
  expect(json).toMatchObject({
    problems: [],
    store: { engine: "sqlite", events: 17, decisions: 6, spans: 6, written: 33, failed_writes: 0 },
    live: { readers: 0, sent: 0, skipped: 0 },
    dropped: [{ service_name: "bot", what: "market", reason: "queue_full", count: 7 }],
  });
  expect(json.sources).toMatchObject([{ service_name: "bot", instance_id: "bot-1" }]);
  expect(json.retention).toEqual([
    { what: "events", keep_days: null, last_cleanup: null, last_removed: 0 },
    { what: "traces", keep_days: 30, last_cleanup: null, last_removed: 0 },
    { what: "metrics", keep_days: 180, last_cleanup: null, last_removed: 0 },
  ]);
  expect(json.configuration).toContainEqual({ name: "host", value: "127.0.0.1", source: "default" });
  expect(json.configuration).toContainEqual({ name: "title", value: "Floor", source: "option" });
});

test("the desk says what the page needs to know, and gives its document", async () => {
  const desk = await known.get("/api/telemetry/desk");
  expect(desk.json).toMatchObject({
    title: "Floor",
    version: expect.stringMatching(/^\d/),
    cards: { funding_paid: { title: "Funding paid" } },
  });
  expect(desk.headers.get("cache-control")).toBe("no-store");
  const document = await known.get("/api/telemetry/openapi.json");
  expect(document.json.openapi).toBe("3.1.0");
  expect(Object.keys(document.json.paths)).toContain("/api/telemetry/openapi.json");
});
