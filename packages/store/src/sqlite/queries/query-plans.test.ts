import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rowsOf } from "../../../test/rows-of.ts";
import { decisionFilter, eventFilter, events, searchText, traceFilter } from "../../../test/store-arbitraries.ts";
import { createEvent } from "../../../test/store-events.ts";
import { createTestDatabase } from "../../../test/test-database.ts";
import { createSqliteQueries, type SyncStoreQueries } from "./sqlite-queries.ts";

const TABLES = /\b(SCAN|SEARCH) (telemetry_events|decision_entries|traces|[a-z])\b/;
/** Facts count spans, in an index. */
const FACTS = /^SCAN traces USING COVERING INDEX/;

/** The questions, and the texts that they prepare. */
function recordTexts(database: DatabaseSync, path: string) {
  const texts = new Set<string>();
  const prepare = database.prepare.bind(database);
  database.prepare = (sql) => {
    texts.add(sql);
    return prepare(sql);
  };
  return { queries: createSqliteQueries(database, path), texts };
}

/** Everything that can be asked with every combination of filters that makes a difference. */
function askAll(queries: SyncStoreQueries): void {
  const times = { startTime: "2026-11-20T12:34:00.500000Z", endTime: "2026-11-23T12:34:00.500000Z" };
  for (let bits = 0; bits < 64; bits++) {
    const filter = {
      ...(bits & 1 ? { eventType: "decision" } : {}),
      ...(bits & 2 ? { symbol: "BTC/USDT" } : {}),
      ...(bits & 4 ? { runId: "run-1" } : {}),
      ...(bits & 8 ? times : {}),
      ...(bits & 16 ? { userId: "user-1" } : {}),
      ...(bits & 32 ? { eventCategory: "authentication" } : {}),
    };
    askOfEvents(queries, filter);
  }
  for (const filter of [{}, { reasonCode: "x" }, { reasonCode: "x", symbol: "y" }]) askOfDecisions(queries, filter);
  queries.recentEvents(1);
  queries.recentEvents(1, 0);
  queries.event(1);
  queries.decision(1);
  queries.findTraces({}, 1);
  queries.slowestTraces({}, 1);
  queries.stageOrder("tick");
  queries.metricNames({});
  queries.sources({});
  queries.trace("0af7651916cd43dd8448eb211c80319c");
  queries.histogram({ name: "m", stepSeconds: 60 });
  queries.numbers({ name: "m", stepSeconds: 60 });
  queries.facts();
}

function askOfEvents(queries: SyncStoreQueries, filter: Parameters<SyncStoreQueries["countEvents"]>[0]): void {
  queries.findEvents(filter, 1, 0);
  queries.countEvents(filter);
  queries.countByType(filter);
  queries.searchEvents(filter, "x", 1, 1);
  queries.facets(filter, 1);
  queries.rejectionBreakdown(filter, 1);
  queries.decisionReasons(filter);
  queries.symbolCounts(filter, 1);
  queries.confidenceDistribution(filter);
  queries.flowOutcomes(filter);
  queries.decisionTimeline(filter, 60);
  queries.eventTimeline(filter, 60);
}

function askOfDecisions(queries: SyncStoreQueries, filter: Parameters<SyncStoreQueries["edgeUnits"]>[0]): void {
  queries.findDecisions(filter, 1);
  queries.findDecisions(filter, 1, 1);
  queries.judgedDecisions(filter, 1, 1);
  queries.edgeUnits(filter);
  queries.marginHistogram({ ...filter, edgeUnit: "bps" }, 1);
}

test("no question reads a whole table, and pages come in the order of an index", () => {
  const { database, path, writer } = createTestDatabase();
  writer.writeEvents(fc.sample(events, { numRuns: 20, seed: 1 }).flat());
  const { queries, texts } = recordTexts(database, path);
  askAll(queries);
  for (const sql of [...texts]) {
    if (sql === "BEGIN" || sql === "COMMIT") continue;
    const plan = rowsOf(database, `EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row["detail"]));
    const steps = plan.filter((step) => TABLES.test(step) && !FACTS.test(step));
    expect(
      steps.filter((step) => step.startsWith("SCAN") && !/^SCAN [a-z] VIRTUAL|^SCAN [ck]$/.test(step)),
      sql,
    ).toEqual([]);
    if (!sql.includes("OFFSET")) continue;
    // The index of described events has the type before the id: those of one microsecond are put in order.
    const isDescribed = sql.includes("INDEXED BY idx_events_described");
    expect(
      plan.filter(
        (step) => step.includes("TEMP B-TREE") && !(isDescribed && step.endsWith("FOR LAST TERM OF ORDER BY")),
      ),
      sql,
    ).toEqual([]);
    // What is skipped is skipped in the index; of one that has computed columns the plan does not say so: see below.
    if (sql.includes("INDEXED BY idx_events_")) continue;
    expect(
      plan.some((step) => step.includes("USING COVERING INDEX")),
      sql,
    ).toBe(true);
  }
});

test("what is counted and skipped of a user, and of a category, is so without the rows", () => {
  const { database, path } = createTestDatabase();
  const { queries, texts } = recordTexts(database, path);
  const range = { startTime: "2026-11-20T12:34:00.500000Z", endTime: "2026-11-23T12:34:00.500000Z" };
  const filters = [{ userId: "u" }, { eventCategory: "c" }, { eventCategory: "c", eventType: "t" }];
  for (const filter of filters) {
    queries.countEvents({ ...filter, ...range });
    queries.searchEvents({ ...filter, ...range }, "x", 1, 1);
  }
  const [table] = rowsOf(database, "SELECT rootpage FROM sqlite_schema WHERE name = 'telemetry_events'");
  const columnsOfRows = (sql: string) => {
    const steps = rowsOf(database, `EXPLAIN ${sql}`);
    const rows = steps.find((step) => step["opcode"] === "OpenRead" && step["p2"] === table?.["rootpage"]);
    return steps.filter((step) => step["opcode"] === "Column" && step["p1"] === rows?.["p1"]);
  };
  const walks = [...texts].filter((sql) => sql.includes("INDEXED BY idx_events_"));
  expect(walks).toHaveLength(2 * filters.length);
  for (const sql of walks) expect(columnsOfRows(sql), sql).toEqual([]);
  // What the index does not have is read of the rows: so it would be seen.
  expect(columnsOfRows(walks[0]!.replace("AND user_id", "AND symbol = 'x' AND user_id"))).not.toEqual([]);
});

test("the texts are fixed, and values are never part of them", () => {
  const { database, path, writer } = createTestDatabase();
  // One that each combination finds: a page of nothing is not asked for.
  const said = { user_id: "user-1", event_category: "authentication" };
  const found = createEvent({ eventType: "decision", timestamp: "2026-11-21T00:00:00.000000Z", data: said });
  writer.writeEvents([found, ...fc.sample(events, { numRuns: 20, seed: 2 }).flat()]);
  const { queries, texts } = recordTexts(database, path);
  askAll(queries);
  // Which of the indexes is walked is up to the counts.
  const walks = /INDEXED BY idx_(event_type|symbol|run_id|timestamp|events_user|events_described)/g;
  const shapes = new Set([...texts].map((sql) => sql.replace(walks, "INDEXED BY ?")));
  fc.assert(
    fc.property(eventFilter, decisionFilter, traceFilter, searchText, fc.string(), (one, other, third, text, any) => {
      askOfEvents(queries, one);
      askOfEvents(queries, { ...one, eventType: any, symbol: any, runId: any, userId: any, eventCategory: any });
      askOfDecisions(queries, other);
      askOfDecisions(queries, { ...other, strategy: any, reasonCode: any });
      queries.slowestTraces(third, 5);
      queries.findTraces(third, 5, "2026-11-20T12:34:56.789012Z");
      queries.searchEvents(one, text, 5, 5);
      queries.numbers({ name: text, labels: { [text]: any }, stepSeconds: 60 });
      for (const sql of texts) expect(shapes).toContain(sql.replace(walks, "INDEXED BY ?"));
    }),
    { numRuns: 200 },
  );
  expect(texts.size).toBeLessThan(300);
});
