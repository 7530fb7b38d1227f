import { expect, test } from "vitest";
import { KNOWN_MS, knownAt, writeKnownData } from "../../test/known-data.ts";
import { sharedDesk } from "../../test/shared-desk.ts";
import { openTestDesk } from "../../test/test-desk.ts";

const ANALYTICS = "/api/telemetry/analytics";

const known = sharedDesk((desk) => writeKnownData(desk.store));

test("the tiles count the last day, and rejections are keyed by the reason as the event words it", async () => {
  const { get } = known;
  const { json } = await get(ANALYTICS);
  expect(json.metrics).toEqual({
    total_scans: 1,
    total_signals_generated: 2,
    total_signals_rejected: 4,
    total_errors: 1,
    signal_success_rate: 33.33,
  });
  expect(json.rejection_breakdown).toEqual({ "Below minimum confluence threshold": 3, "Failed risk validation": 1 });
  const { start, end } = json.time_range;
  expect(Date.parse(end) - Date.parse(start)).toBe(86_400_000);
});

test("of nothing the rate is 0", async () => {
  const { get } = await openTestDesk();
  const { json } = await get(ANALYTICS);
  expect(json.metrics.signal_success_rate).toBe(0);
  expect(json.rejection_breakdown).toEqual({});
});

test("a range counts what is in it, both ends included", async () => {
  const { get } = known;
  const { json } = await get(`${ANALYTICS}?start_time=${knownAt(1)}&end_time=${knownAt(4)}`);
  expect(json.metrics).toMatchObject({
    total_signals_generated: 2,
    total_signals_rejected: 2,
    signal_success_rate: 50,
  });
  expect(json.time_range).toEqual({ start: knownAt(1), end: knownAt(4) });
});

test("the summary stands beside the range of the same length before it", async () => {
  const { get } = known;
  const [start, end] = [knownAt(8), knownAt(16)];
  const { json } = await get(`${ANALYTICS}/summary?start_time=${start}&end_time=${end}&compare=previous`);
  expect(json).toMatchObject({
    scans: { total: 1 },
    decisions: { total: 6, accepted: 1, rejected: 5, accept_rate: 16.67 },
    orders: { requested: 1, results: 1 },
    events: { total: 9 },
    previous: { scans: { total: 0 }, signals: { total: 6, generated: 2, rejected: 4 }, decisions: { total: 0 } },
  });
  // A microsecond lies between the two: nothing is counted twice.
  expect(Date.parse(json.previous.time_range.end)).toBe(Date.parse(start) - 1);
  expect(json.previous.time_range.end.endsWith("999999Z")).toBe(true);
  expect((await get(`${ANALYTICS}/summary`)).json.previous).toBeNull();
});

test("a symbol has a summary of its own", async () => {
  const { get } = known;
  const { json } = await get(`${ANALYTICS}/summary?symbol=ETH/USDT`);
  expect(json).toMatchObject({
    signals: { total: 3, generated: 0, rejected: 3, signal_rate: 0 },
    events: { total: 3 },
  });
});

test("reasons come with their share of all that was rejected, those that are left out included", async () => {
  const { get } = known;
  expect((await get(`${ANALYTICS}/rejections?limit=1`)).json).toEqual({
    total: 4,
    rejections: [
      { reason: "Below minimum confluence threshold", reason_code: "gate_failed", count: 3, percentage: 75 },
    ],
  });
});

test("scores have a mean and tens", async () => {
  const { get } = known;
  const { json } = await get(`${ANALYTICS}/confidence`);
  expect(json).toMatchObject({ count: 2, avg: 78.75 });
  expect(json.buckets).toHaveLength(10);
  expect(json.buckets[7]).toEqual({ from: 70, to: 80, count: 1 });
  expect((await get(`${ANALYTICS}/confidence?symbol=ETH/USDT`)).json).toMatchObject({ count: 0, avg: null });
});

test("each symbol has its own success", async () => {
  const { get } = known;
  const { json } = await get(`${ANALYTICS}/symbols?limit=1`);
  expect(json.symbols).toEqual([
    {
      symbol: "BTC/USDT",
      events: 11,
      signals_generated: 2,
      signals_rejected: 1,
      signal_success_rate: 66.67,
      errors: 0,
      decisions_accepted: 1,
      decisions_rejected: 5,
    },
  ]);
});

test("events over time come in slices of the width that was asked for", async () => {
  const { get } = known;
  const { json } = await get(`${ANALYTICS}/timeline?step_seconds=3600`);
  expect(json.step_seconds).toBe(3600);
  const time = Math.floor(KNOWN_MS / 3_600_000) * 3_600;
  expect(json.slices).toEqual([{ time, counts: expect.objectContaining({ decision: 6, scan_started: 1 }) }]);
});

test("a program in the same process asks by the names of the API", async () => {
  const { desk } = known;
  const stats = await desk.getSummaryStats();
  expect([stats.scans.total, stats.signals.signal_rate]).toEqual([1, 33.33]);
  expect(await desk.getRejectionBreakdown(1)).toEqual([
    { reason: "Below minimum confluence threshold", reason_code: "gate_failed", count: 3, percentage: 75 },
  ]);
  const { avg, buckets } = await desk.getConfidenceDistribution();
  expect([avg, buckets.length]).toEqual([78.75, 10]);
  expect(
    (await desk.getEvents({ eventType: "signal_rejected", symbol: "ETH/USDT", limit: 2 })).map((e) => e.id),
  ).toEqual([6, 5]);
  expect(await desk.getEventCount({ eventType: "signal_rejected" })).toBe(4);
  expect((await desk.getSymbolStats(1))[0]).toMatchObject({ symbol: "BTC/USDT", signal_success_rate: 66.67 });
  const week = await desk.compareWithPrevious(new Date(KNOWN_MS - 1), new Date(KNOWN_MS + 60_000));
  expect([week.events.total, week.previous.events.total]).toEqual([17, 0]);
  await expect(desk.getSummaryStats("yesterday")).rejects.toThrow('start is "yesterday"; it must be a date');
  await expect(desk.getEvents({ limit: 0 })).rejects.toThrow("limit");
});

test("what a program logs is redacted and cut to data", async () => {
  const { desk } = await openTestDesk();
  const { written } = await desk.logEvent({
    eventType: "scan_started",
    symbol: "BTC/USDT",
    runId: "r-9",
    timestamp: "2026-11-20T12:00:00+02:00",
    data: { apiKey: "hunter2Zx9hunter2Zx9", size: 10n, bad: Number.NaN },
  });
  expect(written).toBe(1);
  expect(desk.getCachedEvents(1)[0]).toMatchObject({
    event_type: "scan_started",
    timestamp: "2026-11-20T10:00:00.000000Z",
    run_id: "r-9",
    data: { apiKey: "[REDACTED]", size: "10", bad: "NaN" },
  });
  await expect(desk.logEvent({ eventType: "" })).rejects.toThrow("eventType");
});
