// What every store's feed of the alert engine must do.
import { expect, test } from "vitest";
import type { FeedWants } from "../src/alert-feed.ts";
import type { EventInput } from "../src/store-input.ts";
import { type OpenAlertStore, withAlerts } from "./alert-store.ts";
import { createBusinessMetric } from "./record-events.ts";
import { NOON, time } from "./store-alerts.ts";
import { createEvent } from "./store-events.ts";
import { createHistogram, createNumber } from "./store-points.ts";

/** Declares the tests for the store that `open` gives. */
export function describeFeedContract(open: OpenAlertStore): void {
  test("the feed counts events by the second and by the fields that are wanted, from where it was", () =>
    withAlerts(open, async ({ alertFeed, writeEvents }) => {
      const wants: FeedWants = { events: [{ eventType: "order_result", fields: ["venue", "ok"] }], metrics: [] };
      await writeEvents([order(1, 0, "before")]);
      const start = await alertFeed.position();
      await writeEvents([
        order(2, 0, "x"),
        order(3, 0.9, "x"),
        order(4, 1, "x"),
        order(5, 1, null),
        createEvent({ seq: 6 }),
      ]);
      const piece = await alertFeed.since(wants, start);
      const counts = piece.counts.map(({ second, fields, count }) => [second - NOON, ...fields, count]);
      expect(counts.sort()).toEqual(
        [
          [0, "x", "1", 2],
          [1, "x", "1", 1],
          [1, null, "1", 1],
        ].sort(),
      );
      expect(piece.counts[0]).toMatchObject({ eventType: "order_result", symbol: "BTC/USDT", severityNumber: 17 });
      expect(piece.isMore).toBe(false);
      expect((await alertFeed.since(wants, piece.cursor)).counts).toEqual([]);
      await writeEvents([order(7, 0, "late")]);
      expect((await alertFeed.since(wants, piece.cursor)).counts).toMatchObject([{ fields: ["late", "1"], count: 1 }]);
      // By time, of what was written before the cursor; without the fields all are alike.
      const bare: FeedWants = { events: [{ eventType: "order_result", fields: [] }], metrics: [] };
      const of = async (from: number, to: number, upTo?: string) =>
        (await alertFeed.range(bare, NOON + from, NOON + to, upTo)).counts.reduce((sum, { count }) => sum + count, 0);
      expect([
        await of(0, 2),
        await of(0, 1),
        await of(1, 2),
        await of(0, 2, piece.cursor),
        await of(0, 2, start),
      ]).toEqual([6, 4, 2, 5, 1]);
    }));

  test("the feed has every sample of the wanted metrics: levels, what came of counters, buckets, and records", () =>
    withAlerts(open, async ({ alertFeed, writeEvents, writePoints }) => {
      const start = await alertFeed.position();
      const level = { name: "depth", type: "gauge", isMonotonic: false } as const;
      await writePoints([
        createNumber(0, 5, level),
        createNumber(0.25, 7, level),
        createNumber(1, 3),
        createNumber(2, 8),
      ]);
      await writePoints([createHistogram(1)]);
      await writeEvents([
        record(1, { metric_value: 85.5, percentile_95: 99, tags: { zone: "a" } }),
        record(2, { metric_value: "none" }),
      ]);
      const wants: FeedWants = { events: [], metrics: ["depth", "updates_total", "stage_seconds", "cpu_usage"] };
      const { samples } = await alertFeed.since(wants, start);
      expect(
        samples.filter(({ metric }) => metric === "depth").map(({ second, value }) => [second - NOON, value]),
      ).toEqual([
        [0, 5],
        [15, 7],
      ]);
      expect(samples.filter(({ metric }) => metric === "updates_total").map(({ value }) => value)).toEqual([3, 5]);
      expect(samples.find(({ metric }) => metric === "stage_seconds")).toMatchObject({
        source: "otlp",
        unit: "s",
        value: 0.5,
        labels: { flow: "tick", stage: "risk_to_send", service_name: "bot", instance_id: "i-1" },
        buckets: { count: 3, bounds: [0.1, 1], counts: [1, 2, 0] },
      });
      expect(samples.filter(({ metric }) => metric === "cpu_usage")).toEqual([
        {
          source: "system_metric",
          metric: "cpu_usage",
          unit: "percentage",
          labels: { zone: "a", service_name: "api", host_name: "server-01" },
          second: NOON + 1,
          value: 85.5,
          exact: null,
          buckets: null,
          percentiles: { p95: 99 },
        },
      ]);
      const range = await alertFeed.range(wants, NOON, NOON + 60);
      expect(range.isByMinutes).toBe(false);
      expect(range.samples.map(({ metric, second }) => [metric, second - NOON]).sort()).toEqual([
        ["cpu_usage", 1],
        ["depth", 0],
        ["depth", 15],
      ]);
      expect((await alertFeed.since({ events: [], metrics: ["no such metric"] }, start)).samples).toEqual([]);
    }));

  test("the feed has the value of a business metric as a double and as the decimal that it is", () =>
    withAlerts(open, async ({ alertFeed, writeEvents }) => {
      const start = await alertFeed.position();
      const long = "-12345678901234567890.123456789012345678";
      const values = [long, "1000.10", "+0.30", 7.25, "1.5e2", "none", `${"9".repeat(39)}.5`];
      await writeEvents(values.map((metric_value, i) => createBusinessMetric(i, { metric_value })));
      const wants: FeedWants = { events: [], metrics: ["revenue_per_user"] };
      const { samples } = await alertFeed.since(wants, start);
      expect(samples.map(({ source, value, exact }) => [source, value, exact])).toEqual([
        ["business_metric", Number(long), long],
        ["business_metric", 1000.1, "1000.10"],
        ["business_metric", 0.3, "0.30"],
        ["business_metric", 7.25, "7.25"],
        ["business_metric", 150, "150"],
        // More digits than a store keeps.
        ["business_metric", 1e39, null],
      ]);
      const range = await alertFeed.range(wants, NOON - 60, NOON + 3_600);
      expect(range.samples.map(({ exact }) => exact)).toEqual(samples.map(({ exact }) => exact));
    }));

  test("what there is to make rules of is known", () =>
    withAlerts(open, async ({ alertFeed, writeEvents, writePoints }) => {
      await writePoints([createHistogram(1)]);
      await writeEvents([record(1, { metric_value: 1 }), createEvent({ seq: 9 })]);
      expect(await alertFeed.knownMetrics()).toEqual([
        { metric: "cpu_usage", unit: "percentage" },
        { metric: "stage_seconds", unit: "s" },
      ]);
      expect(await alertFeed.knownEventTypes()).toEqual(["signal_rejected", "system_metric"]);
    }));
}

function order(seq: number, second: number, venue: string | null): EventInput {
  const data = { ok: true, ...(venue === null ? {} : { venue }) };
  return createEvent({ seq, eventType: "order_result", timestamp: time(second), severityNumber: 17, data });
}

function record(seq: number, more: EventInput["data"]): EventInput {
  const names = { metric_name: "cpu_usage", metric_type: "gauge", metric_unit: "percentage" };
  const { metric_type: _, ...rest } = { ...names, service_name: "api", host_name: "server-01", ...more };
  return createEvent({ seq, eventType: "system_metric", timestamp: time(seq), symbol: undefined, data: rest });
}
