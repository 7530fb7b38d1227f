// The same inputs into SQLite and PostgreSQL: every question has the same answer of both.
import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usePostgresStores } from "../../../test/postgres-contract-store.ts";
import { HAS_POSTGRES } from "../../../test/postgres-database.ts";
import { businessFilter, recordEvents, recordRange, systemFilter } from "../../../test/record-arbitraries.ts";
import {
  decisionFilter,
  eventFilter,
  events,
  micros,
  range,
  searchText,
  spans,
  stepSeconds,
  traceFilter,
} from "../../../test/store-arbitraries.ts";
import { createHistogram, createNumber } from "../../../test/store-points.ts";
import { createTestDatabase } from "../../../test/test-database.ts";
import { createSqliteQueries } from "../../sqlite/queries/sqlite-queries.ts";
import type { EventData, EventInput, MetricPointInput, SpanInput } from "../../store-input.ts";
import type { StoreFacts, StoreQueries } from "../../store-queries.ts";
import { EXPORT_COLUMNS, type ExportPage, type ExportTable } from "../../warehouse/export-columns.ts";

type Name = keyof StoreQueries;
/** A question with its values. */
type Asked = readonly [Name, ...unknown[]];

/** Texts that databases differ in: their order, their case, what they cannot hold. */
const odd = fc.constantFrom(
  "",
  "straße",
  "STRASSE",
  "漢字 🎯",
  "\u0000null",
  "\ud800 half",
  "\uffff",
  "a\\b\n\t'\"$1 %s",
  "İstanbul",
  "é",
  "e\u0301",
  "Z",
  "a",
  "_",
);
const notEmpty = odd.filter((text) => text !== "");
const oddData: fc.Arbitrary<EventData> = fc.dictionary(
  fc.constantFrom("reason", "reason_code", "strategy", "decision", "edge_unit", "net_edge", "min_threshold", "note"),
  fc.oneof(
    odd,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom("1e400", "0.1000", "-0.0", "1e-7"),
  ),
);
const oddEvents: fc.Arbitrary<EventInput[]> = fc.array(
  fc.record({
    eventType: fc.oneof(fc.constantFrom("decision", "signal_rejected", "signal_generated"), odd),
    timestamp: fc.oneof(
      micros.map(toTimestamp),
      fc.constantFrom("0000-01-01T00:00:00.000000Z", "0001-01-01T00:00:00.000000Z"),
    ),
    source: fc.record({ serviceName: odd, instanceId: fc.constant("i-odd") }),
    seq: fc.constant(0),
    // Whoever reads records takes an empty one for none.
    runId: fc.option(notEmpty, { nil: undefined }),
    symbol: fc.option(odd, { nil: undefined }),
    traceId: fc.constantFrom("0af7651916cd43dd8448eb211c80319c", undefined),
    spanId: fc.constant(undefined),
    severityNumber: fc.integer({ min: 0, max: 24 }),
    data: oddData,
  }),
  { maxLength: 20 },
);
/** In any order: what comes late is left out by both. */
const points: fc.Arbitrary<MetricPointInput[]> = fc.array(
  fc.oneof(
    fc
      .tuple(fc.nat(200), fc.integer({ min: 0, max: 50 }), fc.constantFrom("a", "漢"))
      .map(([minute, value, flow]) => createNumber(minute, value, { labels: { flow }, isCumulative: value % 2 === 0 })),
    fc
      .tuple(fc.nat(200), fc.integer({ min: 0, max: 50 }))
      .map(([minute, value]) => createNumber(minute, value, { name: "level", type: "gauge", unit: "ms" })),
    fc.tuple(fc.nat(200), fc.nat(9)).map(([minute, n]) =>
      createHistogram(minute, {
        count: 3 + n,
        bucketCounts: [1, 2, n],
        source: { serviceName: "bot", instanceId: `i-${n % 2}` },
      }),
    ),
    fc.nat(200).map((minute) =>
      createNumber(minute, 1, {
        name: "trading_flow_outcomes_total",
        isCumulative: false,
        labels: { flow: "tick", stage: "sent", reason_code: "ok", strategy: "basis", symbol: "é" },
      }),
    ),
  ),
  { maxLength: 40 },
);

const limit = fc.integer({ min: 1, max: 40 });
const metric = fc.record({
  name: fc.constantFrom("updates_total", "level", "stage_seconds"),
  stepSeconds: fc.constantFrom(60, 300, 3_600),
});
const ofSymbol = fc.tuple(range, fc.option(odd, { nil: undefined })).map(([times, symbol]) => ({ ...times, symbol }));
const ask = (name: Name, ...values: readonly fc.Arbitrary<unknown>[]): fc.Arbitrary<Asked> =>
  fc.tuple(...values).map((args) => [name, ...args]);

/** One of each, in every round. */
const questions = fc.tuple(
  ask("recentEvents", limit, fc.option(fc.nat(60), { nil: undefined })),
  ask("recentEventsJson", limit, fc.option(fc.nat(60), { nil: undefined })),
  ask("findEvents", eventFilter, limit, fc.nat(20)),
  ask("findEventsJson", eventFilter, limit, fc.nat(20)),
  ask("searchEvents", eventFilter, fc.oneof(searchText, notEmpty), limit, fc.integer({ min: 1, max: 60 })),
  ask("event", fc.nat(60)),
  ask("countEvents", eventFilter),
  ask("countByType", eventFilter),
  ask("rejectionBreakdown", ofSymbol, limit),
  ask("decisionReasons", ofSymbol),
  ask("symbolCounts", range, limit),
  ask("confidenceDistribution", ofSymbol),
  ask("facets", range, limit),
  ask("findDecisions", decisionFilter, limit, fc.option(fc.nat(60), { nil: undefined })),
  ask("decision", fc.nat(60)),
  ask("judgedDecisions", decisionFilter, limit, fc.option(fc.nat(60), { nil: undefined })),
  ask("decisionTimeline", ofSymbol, stepSeconds),
  ask("eventTimeline", ofSymbol, stepSeconds),
  ask("edgeUnits", decisionFilter),
  ask(
    "marginHistogram",
    decisionFilter.map((filter) => ({ ...filter, edgeUnit: "bps" })),
    fc.integer({ min: 1, max: 30 }),
  ),
  ask("flowOutcomes", range),
  ask("findTraces", traceFilter, limit, fc.option(micros.map(toTimestamp), { nil: undefined })),
  ask("slowestTraces", traceFilter, limit),
  ask("trace", fc.constantFrom("0af7651916cd43dd8448eb211c80319c", "4bf92f3577b34da6a3ce929d0e0e4736")),
  ask("stageOrder", fc.constantFrom("tick", "GET /orders")),
  ask("histogram", metric),
  ask("numbers", metric),
  ask("metricNames", range),
  ask("sources", range),
  ask("systemMetrics", systemFilter, limit, fc.nat(10)),
  ask("businessMetrics", businessFilter, limit, fc.nat(10)),
  ask("userActivity", recordRange),
  ask("systemPerformance", systemFilter),
  ask("businessTotals", recordRange),
  ask(
    "exportRows",
    fc.constantFrom("telemetry_events", "decisions", "traces", "system_metrics", "business_metrics"),
    range,
    limit,
  ),
  ask("facts"),
);

/** What is of the database itself differs, places to go on among it; and PostgreSQL keeps the attributes of spans in a spelling of its own. */
function comparable([name, table]: Asked, answer: unknown): unknown {
  if (name === "exportRows") {
    const { rows, next } = answer as ExportPage;
    const columns = EXPORT_COLUMNS[table as ExportTable];
    const told = rows.map((row) =>
      row.map((cell, i) => (columns[i]?.type === "json" ? JSON.parse(String(cell)) : cell)),
    );
    return { rows: told, isLast: next === null };
  }
  if (name !== "facts") return answer;
  const {
    engine: _,
    engineVersion: __,
    schemaVersion: ___,
    sizeBytes: ____,
    logBytes: _____,
    ...facts
  } = answer as StoreFacts;
  return facts;
}

async function answerOf(queries: unknown, asked: Asked): Promise<unknown> {
  const [name, ...args] = asked;
  const question = (queries as Record<string, (...values: readonly unknown[]) => unknown>)[name]!;
  try {
    return comparable(asked, await question(...args));
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    return { code, message };
  }
}

describe.skipIf(!HAS_POSTGRES)("SQLite and PostgreSQL", () => {
  const open = usePostgresStores();

  test("answer every question the same: order, decimals, nulls and Unicode", async () => {
    const names = new Set<Name>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(events, oddEvents, recordEvents), { maxLength: 3 }),
        spans as fc.Arbitrary<SpanInput[]>,
        points,
        questions,
        async (batches, someSpans, somePoints, asked) => {
          const { database, path, writer } = createTestDatabase();
          const store = await open();
          try {
            for (const batch of batches) {
              writer.writeEvents(batch);
              await store.writeEvents(batch);
            }
            writer.writeSpans(someSpans);
            await store.writeSpans(someSpans);
            writer.writePoints(somePoints);
            await store.writePoints(somePoints);
            const queries = createSqliteQueries(database, path);
            for (const one of asked) {
              names.add(one[0]);
              expect(await answerOf(store, one), one[0]).toEqual(await answerOf(queries, one));
            }
          } finally {
            database.close();
            await store.close();
          }
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
    const { database, path } = createTestDatabase();
    // The state of an export is a text of each database's own.
    const { packedDecisions: _, exportState: _own, ...queries } = createSqliteQueries(database, path);
    expect([...names].sort()).toEqual(Object.keys(queries).sort());
  }, 240_000);
});
