// Values that cannot be one: refused by name, and never part of the language of a database.
import { describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { createEvent } from "../store-events.ts";
import { type ContractStore, type OpenStore, withStore } from "./contract-store.ts";

const METRIC = { name: "m", stepSeconds: 60 };

/** Each with what its message must say. */
const REFUSED: readonly (readonly [string, (store: ContractStore) => Promise<unknown>])[] = [
  ["limit is 0; it must be a whole number from 1 on", (store) => store.recentEvents(0)],
  ["limit is 1.5;", (store) => store.findEvents({}, 1.5, 0)],
  ["limit is NaN;", (store) => store.rejectionBreakdown({}, Number.NaN)],
  ["limit is -1;", (store) => store.findTraces({}, -1)],
  ["limit is Infinity;", (store) => store.facets({}, Number.POSITIVE_INFINITY)],
  ['limit is "10";', (store) => store.findDecisions({}, "10" as unknown as number)],
  ["offset is -1;", (store) => store.findEvents({}, 10, -1)],
  ["sinceId is -1;", (store) => store.recentEvents(10, -1)],
  ["id is 0.5;", (store) => store.event(0.5)],
  ["eventId is NaN;", (store) => store.decision(Number.NaN)],
  ["beforeId is -1;", (store) => store.findDecisions({}, 10, -1)],
  [
    'startTime is "2026-11-20"; it must be a time as 2026-11-20T12:34:56.789012Z',
    (store) => store.countEvents({ startTime: "2026-11-20" }),
  ],
  [
    'endTime is "2026-02-30T00:00:00.000000Z";',
    (store) => store.countByType({ endTime: "2026-02-30T00:00:00.000000Z" }),
  ],
  ['endTime is "2026-11-20T23:59:60.000000Z";', (store) => store.facets({ endTime: "2026-11-20T23:59:60.000000Z" }, 1)],
  [
    'startTime is "2026-11-20T12:34:56.789012+00:00";',
    (store) => store.confidenceDistribution({ startTime: "2026-11-20T12:34:56.789012+00:00" }),
  ],
  ['startTime is "";', (store) => store.flowOutcomes({ startTime: "" })],
  ['before is "yesterday";', (store) => store.findTraces({}, 1, "yesterday")],
  ["symbol is 7; it must be a text", (store) => store.countEvents({ symbol: 7 as unknown as string })],
  ["userId is 7; it must be a text", (store) => store.countEvents({ userId: 7 as unknown as string })],
  ["minDurationMs is -1;", (store) => store.findTraces({ minDurationMs: -1 }, 1)],
  ['traceId is "abc"; it must be 32 hex digits', (store) => store.trace("abc")],
  [
    "stepSeconds is 90; it must be a multiple of 60 from 60 on",
    (store) => store.histogram({ ...METRIC, stepSeconds: 90 }),
  ],
  ["stepSeconds is 0;", (store) => store.numbers({ ...METRIC, stepSeconds: 0 })],
  ['name is "";', (store) => store.numbers({ ...METRIC, name: "" })],
  ['edgeUnit is ""; it must be a text of 1 to', (store) => store.marginHistogram({ edgeUnit: "" }, 10)],
  ["binCount is 0;", (store) => store.marginHistogram({ edgeUnit: "bps" }, 0)],
  ['text is "";', (store) => store.searchEvents({}, "", 10, 10)],
  ["limit is 0;", (store) => store.slowestTraces({}, 0)],
  ["minDurationMs is NaN;", (store) => store.slowestTraces({ minDurationMs: Number.NaN }, 1)],
  ["limit is 0.5;", (store) => store.judgedDecisions({}, 0.5)],
  ["beforeId is -1;", (store) => store.judgedDecisions({}, 10, -1)],
  ["stepSeconds is 61;", (store) => store.decisionTimeline({}, 61)],
  ["symbol is 7;", (store) => store.eventTimeline({ symbol: 7 as unknown as string }, 60)],
  ['endTime is "now";', (store) => store.eventTimeline({ endTime: "now" }, 60)],
  ['startTime is "now";', (store) => store.metricNames({ startTime: "now" })],
  ['startTime is "now";', (store) => store.sources({ startTime: "now" })],
  ['flow is "";', (store) => store.stageOrder("")],
  ["limit is 0;", (store) => store.systemMetrics({}, 0, 0)],
  ["offset is -1;", (store) => store.systemMetrics({}, 1, -1)],
  ["limit is 1.5;", (store) => store.businessMetrics({}, 1.5, 0)],
  ["offset is NaN;", (store) => store.businessMetrics({}, 1, Number.NaN)],
  ["metricName is 7; it must be a text", (store) => store.systemMetrics({ metricName: 7 as unknown as string }, 1, 0)],
  ["licenseId is 7;", (store) => store.businessMetrics({ licenseId: 7 as unknown as string }, 1, 0)],
  ["serviceName is 7;", (store) => store.systemPerformance({ serviceName: 7 as unknown as string })],
  ['startTime is "now";', (store) => store.systemPerformance({ startTime: "now" })],
  ['endTime is "now";', (store) => store.userActivity({ endTime: "now" })],
  ['startTime is "2024-01-01";', (store) => store.businessTotals({ startTime: "2024-01-01" })],
  ["maxScanned is 0;", (store) => store.searchEvents({}, "x", 10, 0)],
];

const INJECTIONS = [
  "' OR '1'='1",
  "'; DROP TABLE telemetry_events; --",
  '" OR ""="',
  "BTC/USDT' UNION SELECT * FROM decisions --",
  "%",
  "_",
  "\\",
  "$.reason",
  "x'); DELETE FROM traces; --",
  "\u0000",
  "?1",
  "$symbol",
];

export function describeValues(open: OpenStore): void {
  describe("values", () => {
    test("those that cannot be one are refused with the name, the value and what would be right", () =>
      withStore(open, async (store) => {
        for (const [message, ask] of REFUSED) {
          const error = await ask(store).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          expect(error, message).toBeInstanceOf(StoreError);
          expect((error as StoreError).code).toBe("invalid_query");
          expect((error as StoreError).message).toContain(message);
        }
      }));

    test("pieces of SQL in a value find nothing, and do nothing", () =>
      withStore(open, async (store) => {
        await store.writeEvents([createEvent(), createEvent({ seq: 2, eventType: "decision" })]);
        for (const text of INJECTIONS) {
          expect((await store.findEvents({ eventType: text }, 10, 0)).total).toBe(0);
          expect((await store.findEvents({ symbol: text, runId: text }, 10, 0)).events).toEqual([]);
          expect(await store.countByType({ userId: text })).toEqual({});
          expect((await store.findEvents({ eventCategory: text }, 10, 0)).events).toEqual([]);
          expect(await store.countByType({ symbol: text })).toEqual({});
          // One of them is part of a reason code.
          if (text !== "_") expect((await store.searchEvents({}, text, 10, 10)).events).toEqual([]);
          expect(await store.rejectionBreakdown({ symbol: text }, 10)).toEqual([]);
          expect(await store.decisionReasons({ strategy: text })).toEqual([]);
          expect(await store.findDecisions({ reasonCode: text }, 10)).toEqual([]);
          expect(await store.findDecisions({ strategy: text, edgeUnit: text }, 10)).toEqual([]);
          expect((await store.marginHistogram({ edgeUnit: text }, 10)).count).toBe(0);
          expect(await store.flowOutcomes({ flow: text })).toEqual([]);
          expect(await store.findTraces({ operation: text, service: text }, 10)).toEqual([]);
          expect(await store.slowestTraces({ symbol: text }, 10)).toEqual([]);
          expect(await store.judgedDecisions({ strategy: text }, 10)).toEqual([]);
          expect(await store.decisionTimeline({ symbol: text, strategy: text }, 60)).toEqual([]);
          expect(await store.eventTimeline({ symbol: text }, 60)).toEqual([]);
          expect(await store.stageOrder(text)).toEqual([]);
          expect(await store.systemMetrics({ metricName: text, hostName: text }, 10, 0)).toEqual([]);
          expect(await store.systemPerformance({ serviceName: text })).toEqual([]);
          expect(await store.businessMetrics({ metricCategory: text, licenseId: text }, 10, 0)).toEqual([]);
          expect(await store.numbers({ name: text, stepSeconds: 60, labels: { [text]: text } })).toEqual([]);
        }
        expect(await store.countEvents({})).toBe(2);
      }));
  });
}
