import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PostgresContractStore, usePostgresStores } from "../../../test/postgres-contract-store.ts";
import { HAS_POSTGRES } from "../../../test/postgres-database.ts";
import { decisionFilter, eventFilter, searchText, traceFilter } from "../../../test/store-arbitraries.ts";
import { createEvent } from "../../../test/store-events.ts";
import type { StoreQueries } from "../../store-queries.ts";
import type { SqlClient, SqlValue } from "../sql-client.ts";
import { createPostgresQueries } from "./postgres-queries.ts";

/** What was asked: the text, with the values that it was asked with last. */
type Recorded = Map<string, readonly SqlValue[]>;

const IN_DAY = { startTime: "2026-11-20T12:34:00.500000Z", endTime: "2026-11-20T18:34:00.500000Z" };
/** A scan of the whole part of a day. */
const WHOLE_SCAN = /Seq Scan on (telemetry_events|traces)_\d/;
const PART = /\bon (telemetry_events|decision_entries)_(\d{8}|default)/g;

/** The questions, and the texts that they send. */
function record(client: SqlClient): { readonly queries: StoreQueries; readonly texts: Recorded } {
  const texts: Recorded = new Map();
  const rows: SqlClient["rows"] = (sql, params = []) => {
    texts.set(sql, params);
    return client.rows(sql, params);
  };
  return { queries: createPostgresQueries({ ...client, rows }), texts };
}

async function askOfEvents(queries: StoreQueries, filter: Parameters<StoreQueries["countEvents"]>[0]): Promise<void> {
  await queries.findEvents(filter, 1, 0);
  await queries.countByType(filter);
  await queries.searchEvents(filter, "x", 1, 1);
  await queries.facets(filter, 1);
  await queries.rejectionBreakdown(filter, 1);
  await queries.decisionReasons(filter);
  await queries.symbolCounts(filter, 1);
  await queries.confidenceDistribution(filter);
  await queries.decisionTimeline(filter, 60);
  await queries.eventTimeline(filter, 60);
}

async function askOfDecisions(queries: StoreQueries, filter: Parameters<StoreQueries["edgeUnits"]>[0]): Promise<void> {
  await queries.findDecisions(filter, 1);
  await queries.judgedDecisions(filter, 1, 1);
  await queries.edgeUnits(filter);
  await queries.marginHistogram({ ...filter, edgeUnit: "bps" }, 1);
}

/** Everything that can be asked with every combination of filters that makes a difference. */
async function askAll(queries: StoreQueries, times: typeof IN_DAY): Promise<void> {
  for (let bits = 0; bits < 32; bits++)
    await askOfEvents(queries, {
      ...(bits & 1 ? { eventType: "decision" } : {}),
      ...(bits & 2 ? { symbol: "BTC/USDT" } : {}),
      ...(bits & 4 ? { runId: "run-1" } : {}),
      ...(bits & 8 ? { userId: "user-1" } : {}),
      ...(bits & 16 ? { eventCategory: "authentication" } : {}),
      ...times,
    });
  for (const filter of [{}, { reasonCode: "insufficient_edge", symbol: "BTC/USDT", strategy: "basis" }])
    await askOfDecisions(queries, { ...filter, ...times });
}

/** Ten days with so many events each that an index is worth while. */
async function fill(store: PostgresContractStore): Promise<void> {
  for (let day = 0; day < 10; day++)
    await store.writeEvents(
      Array.from({ length: 1_000 }, (_, i) =>
        createEvent({
          seq: day * 1_000 + i + 1,
          eventType: ["decision", "signal_rejected", "signal_generated", "scan_completed"][i % 4]!,
          symbol: `SYM${i % 50}`,
          runId: `run-${i % 20}`,
          timestamp: `2026-11-${15 + day}T${String(Math.floor(i / 42)).padStart(2, "0")}:${String(i % 60).padStart(2, "0")}:30.000000Z`,
          data: {
            decision: "REJECT",
            reason_code: "insufficient_edge",
            edge_unit: "bps",
            net_edge: "1",
            min_threshold: "2",
            strategy: "basis",
            user_id: `user-${i % 50}`,
            event_category: ["authentication", "processing"][i % 2]!,
          },
        }),
      ),
    );
  await store.client.rows("ANALYZE");
}

async function planOf(client: SqlClient, sql: string, values: readonly SqlValue[]): Promise<string> {
  const rows = await client.rows<{ "QUERY PLAN": string }>(`EXPLAIN ${sql}`, values);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

describe.skipIf(!HAS_POSTGRES)("the questions of PostgreSQL", () => {
  const open = usePostgresStores();

  test("of some hours look into the parts of their day alone, and read no part as a whole", async () => {
    const store = await open();
    await fill(store);
    const { queries, texts } = record(store.client);
    await askAll(queries, IN_DAY);
    let inDay = 0;
    for (const [sql, values] of texts) {
      const plan = await planOf(store.client, sql, values);
      expect(plan, sql).not.toMatch(WHOLE_SCAN);
      // What goes on behind an id looks for it in all parts; what is joined has its part found while the question runs.
      if (!sql.includes("timestamp <= $") || sql.includes("JOIN telemetry_events")) continue;
      const days = [...plan.matchAll(PART)].map((part) => part[2]);
      expect(new Set(days), `${sql}\n${plan}`).toEqual(new Set(["20261120"]));
      inDay++;
    }
    expect(inDay).toBeGreaterThan(30);
    await store.close();
  }, 120_000);

  test("have texts that are fixed, and values are never part of them", async () => {
    const store = await open();
    await store.writeEvents([createEvent({ eventType: "decision" })]);
    const { queries, texts } = record(store.client);
    const marker = fc.string({ minLength: 8, maxLength: 12 }).map((text) => `#${text.replaceAll("\0", "")}#`);
    await fc.assert(
      fc.asyncProperty(
        eventFilter,
        decisionFilter,
        traceFilter,
        searchText,
        marker,
        async (one, other, third, text, any) => {
          await askOfEvents(queries, {
            ...one,
            eventType: any,
            symbol: any,
            runId: any,
            userId: any,
            eventCategory: any,
          });
          await askOfDecisions(queries, { ...other, strategy: any, reasonCode: any });
          await queries.slowestTraces({ ...third, service: any, operation: any }, 5);
          await queries.findTraces(third, 5, "2026-11-20T12:34:56.789012Z");
          await queries.searchEvents(one, text, 5, 5);
          await queries.searchEvents(one, any, 5, 5);
          await queries.numbers({ name: any, labels: { [any]: any }, stepSeconds: 60 });
          await queries.systemMetrics({ metricName: any, hostName: any }, 1, 0);
          await queries.businessMetrics({ licenseId: any, currency: any }, 1, 0);
          for (const sql of texts.keys()) expect(sql).not.toContain(any);
        },
      ),
      { numRuns: 30 },
    );
    await store.close();
  }, 120_000);
});
