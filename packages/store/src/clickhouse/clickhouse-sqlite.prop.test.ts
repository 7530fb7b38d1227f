// ClickHouse and SQLite are asked the same, and answer the same.
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeOnClickhouse } from "../../test/clickhouse-server.ts";
import { decisionFilter, eventFilter, events, spans, stepSeconds, traceFilter } from "../../test/store-arbitraries.ts";
import { createHistogram, createNumber } from "../../test/store-points.ts";
import { testFolder } from "../../test/test-database.ts";
import { openSqliteStore } from "../sqlite/sqlite-store.ts";
import type { MetricPointInput } from "../store-input.ts";
import type { DecisionFilter, EventFilter, StoreQueries, TraceFilter } from "../store-queries.ts";
import { openClickhouseStore } from "./clickhouse-store.ts";

const RUNS = 3;
/** Some two hundred questions of each. */
const TIMEOUT_MS = 300_000;

/** Mostly rising, now and then from a new start, by two instances. */
const points: fc.Arbitrary<MetricPointInput[]> = fc.array(
  fc
    .record({
      minute: fc.integer({ min: -70, max: 70 }),
      value: fc.integer({ min: 0, max: 50 }),
      kind: fc.constantFrom("counter", "delta", "level", "histogram", "flow"),
      instanceId: fc.constantFrom("i-1", "i-2"),
      start: fc.constantFrom(0, 1, 2),
    })
    .map(({ minute, value, kind, instanceId, start }): MetricPointInput => {
      const common = {
        source: { serviceName: instanceId === "i-1" ? "bot" : "gateway", instanceId },
        startMicros: start * 60e6,
      };
      if (kind === "histogram")
        return createHistogram(minute, {
          ...common,
          bucketCounts: [value, 2, 0],
          count: value + 2,
          isCumulative: start > 0,
        });
      if (kind === "flow")
        return createNumber(minute, value, {
          ...common,
          name: "trading_flow_outcomes_total",
          labels: { flow: "tick", stage: "s" },
        });
      return createNumber(minute, value, {
        ...common,
        name: kind,
        isCumulative: kind !== "delta",
        isMonotonic: kind !== "level",
      });
    }),
  { maxLength: 30 },
);

/** Answers without the ids, which each store gives otherwise. */
function withoutIds(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (key, value) => (key === "id" || key === "event_id" ? 0 : value));
}

describeOnClickhouse("a store on ClickHouse answers as one on SQLite does", (url) => {
  let databases = 0;

  test("whatever was written and is asked", { timeout: TIMEOUT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(events, { minLength: 2, maxLength: 2 }),
        spans,
        points,
        fc.array(fc.tuple(eventFilter, decisionFilter, traceFilter, stepSeconds), { minLength: 3, maxLength: 3 }),
        async (batches, traced, measured, asked) => {
          const clickhouse = await openClickhouseStore({
            url: url(),
            database: `differential_${++databases}`,
            gatherMs: 0,
          });
          const sqlite = await openSqliteStore({ path: join(testFolder(), "telemetry.db"), reserveBytes: 0 });
          try {
            for (const store of [clickhouse, sqlite]) {
              for (const batch of [...batches, batches[0]!]) await store.writeEvents(batch);
              await store.writeSpans(traced);
              await store.writePoints(measured);
            }
            for (const [filter, decisions, traces, step] of asked) {
              const ask = (store: Parameters<typeof answersOf>[0]) => answersOf(store, filter, decisions, traces, step);
              expect(withoutIds(await ask(clickhouse))).toEqual(withoutIds(await ask(sqlite)));
            }
          } finally {
            await clickhouse.close();
            await sqlite.close();
          }
        },
      ),
      // A run takes seconds: the first difference is shown as it is.
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});

type Asked = Pick<
  StoreQueries,
  | "findEvents"
  | "searchEvents"
  | "countByType"
  | "rejectionBreakdown"
  | "decisionReasons"
  | "symbolCounts"
  | "confidenceDistribution"
  | "facets"
  | "judgedDecisions"
  | "marginHistogram"
  | "decisionTimeline"
  | "eventTimeline"
  | "edgeUnits"
  | "flowOutcomes"
  | "findTraces"
  | "slowestTraces"
  | "stageOrder"
  | "histogram"
  | "numbers"
  | "metricNames"
  | "sources"
>;

async function answersOf(
  store: Asked,
  filter: EventFilter,
  decisions: DecisionFilter,
  traces: TraceFilter,
  step: number,
) {
  const { startTime, endTime, symbol } = filter;
  const range = { startTime, endTime };
  const metrics = ["counter", "delta", "level", "stage_seconds"].map((name) => ({ name, stepSeconds: step, ...range }));
  return {
    page: await store.findEvents(filter, 20, 3),
    search: await store.searchEvents(filter, "usdt", 10, 30),
    types: await store.countByType(filter),
    rejections: await store.rejectionBreakdown({ ...range, symbol }, 10),
    reasons: await store.decisionReasons({ ...range, symbol }),
    symbols: await store.symbolCounts(range, 10),
    confidence: await store.confidenceDistribution({ ...range, symbol }),
    facets: await store.facets(range, 10),
    judged: await store.judgedDecisions(decisions, 20),
    margins: await store.marginHistogram({ ...decisions, edgeUnit: "bps" }, 12),
    decisionTimeline: await store.decisionTimeline({ ...range, symbol }, step),
    eventTimeline: await store.eventTimeline({ ...range, symbol }, step),
    units: await store.edgeUnits(decisions),
    flows: await store.flowOutcomes(range),
    traces: await store.findTraces(traces, 10),
    slowest: await store.slowestTraces(traces, 5),
    stages: await store.stageOrder("tick"),
    histograms: await Promise.all(metrics.map((metric) => store.histogram(metric))),
    numbers: await Promise.all(metrics.map((metric) => store.numbers(metric))),
    names: await store.metricNames(range),
    sources: [...(await store.sources(range))].sort((a, b) => (String(a.instance_id) < String(b.instance_id) ? -1 : 1)),
  };
}
