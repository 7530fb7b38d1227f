import { parseTimestamp, toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptCounts, recount } from "../../../test/recount.ts";
import { rowsOf } from "../../../test/rows-of.ts";
import { createTestDatabase } from "../../../test/test-database.ts";
import type { EventInput, MetricPointInput, SpanInput } from "../../store-input.ts";
import { FLOW_OUTCOMES } from "../metric-writer.ts";
import { cleanUp } from "./cleanup.ts";

const START = Date.UTC(2026, 10, 20, 21, 30) * 1000;
/** Over two midnights, so that minutes, hours and days are cut. */
const RANGE_MICROS = 30 * 3_600e6;
const noPause = async () => {};

/** Instants that meet often: few minutes, and the ends of minutes, hours and days. */
const micros = fc.oneof(
  fc.integer({ min: 0, max: RANGE_MICROS }),
  fc
    .tuple(fc.integer({ min: 0, max: 8 }), fc.constantFrom(-1, 0, 1))
    .map(([quarter, rest]) => quarter * 900e6 + rest + 1),
);
const symbol = fc.constantFrom("BTC/USDT", "ETH/USDT", undefined);
const event = fc.record({
  at: micros,
  eventType: fc.constantFrom("decision", "signal_rejected", "signal_generated", "scan_started"),
  symbol,
  runId: fc.constantFrom("run-1", "run-2", undefined),
  instanceId: fc.constantFrom("a", "b", ""),
  reason: fc.constantFrom("no trend", "no volume"),
  score: fc.constantFrom(0, 12.25, 50.5, 100),
});
const span = fc.record({ at: micros, instanceId: fc.constantFrom("a", "c", "") });
const point = fc.record({
  at: micros,
  instanceId: fc.constantFrom("a", "d"),
  name: fc.constantFrom(FLOW_OUTCOMES, "trading_queue_depth"),
  stage: fc.constantFrom("risk", "send"),
  value: fc.integer({ min: 0, max: 5 }),
});

type EventSeed = typeof event extends fc.Arbitrary<infer Seed> ? Seed : never;

function toEvent(one: EventSeed, seq: number): EventInput {
  const { at, eventType, symbol, runId, instanceId, reason, score } = one;
  const data = { decision: "REJECT", reason_code: "gate_failed", reason, strategy: "basis", confidence_score: score };
  return {
    ...{ eventType, symbol, runId, data, severityNumber: 9, timestamp: toTimestamp(START + at) },
    ...{
      source: { serviceName: "bot", instanceId },
      seq: instanceId === "" ? 0 : seq,
      traceId: undefined,
      spanId: undefined,
    },
  };
}

function toSpan({ at, instanceId }: { at: number; instanceId: string }, i: number): SpanInput {
  const id = (i + 1).toString(16);
  return {
    ...{ source: { serviceName: "bot", instanceId }, traceId: id.padStart(32, "0"), spanId: id.padStart(16, "0") },
    ...{ parentSpanId: undefined, name: "tick", kind: 1, startMicros: START + at, startNanosRest: 0, durationNanos: 5 },
    ...{ statusCode: 0, statusMessage: "", scope: "", attributes: {}, events: [], links: [] },
  };
}

function toPoint(one: {
  at: number;
  instanceId: string;
  name: string;
  stage: string;
  value: number;
}): MetricPointInput {
  const { at, instanceId, name, stage, value } = one;
  return {
    ...{
      source: { serviceName: "bot", instanceId },
      name,
      unit: "1",
      description: "",
      labels: { stage, flow: "tick" },
    },
    ...{ startMicros: 0, timeMicros: START + at, value, isMonotonic: name === FLOW_OUTCOMES, isCumulative: false },
    type: name === FLOW_OUTCOMES ? "sum" : "gauge",
  };
}

const cut = fc.option(fc.oneof(micros, fc.constant(RANGE_MICROS + 120e6)), { nil: undefined });

describe("after a cleaning", () => {
  it("rows from the minute of the time on are there and no others, and every count at every resolution is that of the rows that are left", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 40 }),
        fc.array(span, { maxLength: 10 }),
        fc.array(point, { maxLength: 30 }),
        fc.record({ events: cut, traces: cut, metrics: cut }),
        fc.integer({ min: 1, max: 12 }),
        async (events, spans, points, cuts, rowsPerStep) => {
          const { database, writer } = createTestDatabase();
          writer.writeEvents(events.map(toEvent));
          writer.writeSpans(spans.map(toSpan));
          // A series takes no points that are older than its last one.
          writer.writePoints(points.toSorted((a, b) => a.at - b.at).map(toPoint));
          expect(keptCounts(database)).toEqual(recount(database));
          const timesOf = (sql: string) => rowsOf(database, sql).map(({ at }) => at as string | number);
          const eventTimes = timesOf("SELECT timestamp AS at FROM telemetry_events ORDER BY timestamp, id");
          const spanTimes = timesOf("SELECT start_time AS at FROM traces ORDER BY start_time, id");
          const pointTimes = timesOf("SELECT bucket AS at FROM metric_points ORDER BY bucket, series");
          const textOf = (at: number | undefined) => (at === undefined ? undefined : toTimestamp(START + at));
          const result = await cleanUp(database, {
            eventsOlderThan: textOf(cuts.events),
            tracesOlderThan: textOf(cuts.traces),
            metricsOlderThan: textOf(cuts.metrics),
            ...{ rowsPerStep, reserveBytes: 0, pause: noPause },
          });
          const stays = (time: string | number, at: number | undefined) => {
            const timeMicros = typeof time === "number" ? time * 1e6 : parseTimestamp(time)!;
            return at === undefined || timeMicros >= Math.floor((START + at) / 60e6) * 60e6;
          };
          const left = (times: (string | number)[], at: number | undefined) => times.filter((time) => stays(time, at));
          expect(timesOf("SELECT timestamp AS at FROM telemetry_events ORDER BY timestamp, id")).toEqual(
            left(eventTimes, cuts.events),
          );
          expect(timesOf("SELECT start_time AS at FROM traces ORDER BY start_time, id")).toEqual(
            left(spanTimes, cuts.traces),
          );
          expect(timesOf("SELECT bucket AS at FROM metric_points ORDER BY bucket, series")).toEqual(
            left(pointTimes, cuts.metrics),
          );
          expect(result).toMatchObject({
            events: eventTimes.length - left(eventTimes, cuts.events).length,
            spans: spanTimes.length - left(spanTimes, cuts.traces).length,
            metricPoints: pointTimes.length - left(pointTimes, cuts.metrics).length,
          });
          expect(timesOf("SELECT event_id AS at FROM decisions ORDER BY 1")).toEqual(
            timesOf("SELECT id AS at FROM telemetry_events WHERE event_type = 'decision' ORDER BY 1"),
          );
          expect(keptCounts(database)).toEqual(recount(database));
          expect(rowsOf(database, "PRAGMA foreign_key_check")).toEqual([]);
          expect(rowsOf(database, "SELECT * FROM unfinished_cuts")).toEqual([]);
          database.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("the same holds wherever it was ended, once it has been begun again", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 5, maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 8 }),
        fc.array(event, { maxLength: 5 }),
        async (events, rowsPerStep, steps, late) => {
          const { database, writer } = createTestDatabase();
          writer.writeEvents(events.map(toEvent));
          let left = steps;
          const pause = async () => {
            if (left-- === 0) throw new Error("killed");
          };
          const end = { eventsOlderThan: toTimestamp(START + RANGE_MICROS), reserveBytes: 0, rowsPerStep };
          const ended = await cleanUp(database, { ...end, pause }).then(
            () => false,
            () => true,
          );
          // What came in between may belong to the minute that was removed in part.
          writer.writeEvents(late.map((one, i) => toEvent(one, 1_000 + i)));
          await cleanUp(database, { reserveBytes: 0, pause: noPause });
          expect(keptCounts(database)).toEqual(recount(database));
          if (!ended) return;
          await cleanUp(database, { ...end, pause: noPause });
          expect(keptCounts(database)).toEqual(recount(database));
          database.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});
