// What is written into ClickHouse: once, whatever is sent again, and counted as it is there.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@clickhouse/client";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { describeOnClickhouse } from "../../test/clickhouse-server.ts";
import { createEvent } from "../../test/store-events.ts";
import { createHistogram, createNumber } from "../../test/store-points.ts";
import { createSpan } from "../../test/store-spans.ts";
import { testFolder } from "../../test/test-database.ts";
import { StoreError } from "../errors.ts";
import { bucketQuantile } from "../records/bucket-quantile.ts";
import type { EventInput } from "../store-input.ts";
import { type ClickhouseStoreOptions, toClickhouseSettings } from "./clickhouse-options.ts";
import { openClickhouseStore } from "./clickhouse-store.ts";
import { type Connection, connect, type Insert } from "./connection.ts";
import { createSchema } from "./schema/create-schema.ts";
import { VIEWS } from "./schema/views.ts";
import { EventWriter } from "./writing/event-writer.ts";
import { RowIds } from "./writing/row-ids.ts";

const decision = (seq: number, more: Partial<EventInput> = {}) =>
  createEvent({ eventType: "decision", seq, data: { decision: "REJECT", reason_code: "risk_limit" }, ...more });

describeOnClickhouse("what is written into ClickHouse is there once", (url) => {
  let databases = 0;
  const options = (more: ClickhouseStoreOptions = {}): ClickhouseStoreOptions & { database: string } => ({
    url: url(),
    database: `writing_${++databases}`,
    gatherMs: 0,
    ...more,
  });
  const open = async (given: ClickhouseStoreOptions = options()) => {
    const store = await openClickhouseStore(given);
    onTestFinished(() => store.close());
    return store;
  };
  const connected = async (database: string) => {
    const connection = await connect(toClickhouseSettings({ url: url(), database }), database);
    onTestFinished(() => connection.close());
    return connection;
  };

  test("a record that comes again is a duplicate, of a store that was opened anew as well, and no count has it twice", async () => {
    const given = options();
    const first = await open(given);
    const events = [1, 2, 3, 5].map((seq) => decision(seq));
    expect(await first.writeEvents(events)).toMatchObject({ written: 4, duplicates: 0 });
    expect(await first.writeEvents(events)).toMatchObject({ written: 0, duplicates: 4 });
    const second = await open(given);
    // One that is late, and one that is new, among those that come again.
    expect(await second.writeEvents([...events, decision(4), decision(6)])).toMatchObject({
      written: 2,
      duplicates: 4,
    });
    expect(await second.countEvents({})).toBe(6);
    expect(await second.decisionReasons({})).toEqual([{ decision: "REJECT", reason_code: "risk_limit", count: 6 }]);
    expect((await second.sources({}))[0]).toMatchObject({ events: 6 });
    expect((await second.findEvents({}, 10, 0)).events).toHaveLength(6);
  });

  test("an insert whose answer was lost is sent again, and neither rows nor counts are there twice", async () => {
    const { database } = options();
    await (await open({ ...options(), database })).close();
    const connection = await connected(database);
    let lost = 2;
    const losing: Connection = {
      rows: (sql, parameters) => connection.rows(sql, parameters),
      lists: (sql, parameters) => connection.lists(sql, parameters),
      command: (sql) => connection.command(sql),
      close: () => connection.close(),
      insert: async (insert: Insert) => {
        await connection.insert(insert);
        if (lost-- > 0) throw new StoreError("database_unavailable", "The answer was lost.");
      },
    };
    const writer = new EventWriter(losing, new RowIds(0));
    expect(await writer.write([[decision(1), decision(2)]])).toMatchObject([{ written: 2 }]);
    const counts = await connection.lists(
      "SELECT (SELECT count() FROM otel_logs), (SELECT sum(count) FROM event_rollups WHERE resolution = 60)",
    );
    expect(counts).toEqual([["2", "2"]]);
  });

  test("requests that come together are one insert, each answered by itself", async () => {
    const store = await open(options({ gatherMs: 50 }));
    const requests = Array.from({ length: 20 }, (_, i) => store.writeEvents([decision(i + 1), decision(1)]));
    const results = await Promise.all(requests);
    expect(results.map(({ written, duplicates }) => [written, duplicates])).toEqual([
      [1, 1],
      ...Array.from({ length: 19 }, () => [1, 1]),
    ]);
    const ids = (await store.recentEvents(100, 0)).map((event) => event.id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(results.at(-1)?.lastEventId).toBe(ids.at(-1));
  });

  test("more than may wait is refused, and can be sent again", async () => {
    const store = await open(options({ gatherMs: 50, maxPendingBytes: 1_048_576 }));
    const many = Array.from({ length: 2_000 }, (_, i) => decision(i + 1));
    const first = store.writeEvents(many);
    const second = store.writeEvents(many.map((event) => ({ ...event, seq: event.seq + 2_000 })));
    await expect(second).rejects.toMatchObject({ code: "store_overloaded" });
    expect(await first).toMatchObject({ written: 2_000 });
    expect(store.health()).toMatchObject({ written: 2_000, failedWrites: 1, pendingBytes: 0 });
  });

  test("spans come once, and a series goes on where it stood when the store is opened anew", async () => {
    const given = options();
    const first = await open(given);
    expect(await first.writeSpans([createSpan(), createSpan()])).toMatchObject({ written: 1, duplicates: 1 });
    await first.writePoints([createNumber(1, 5), createHistogram(1)]);
    const second = await open(given);
    expect(await second.writeSpans([createSpan(), createSpan({ spanId: "2".padStart(16, "0") })])).toMatchObject({
      written: 1,
    });
    expect(await second.writePoints([createNumber(1, 5), createNumber(2, 8)])).toMatchObject({
      written: 1,
      duplicates: 1,
    });
    const [series] = await second.numbers({ name: "updates_total", stepSeconds: 60 });
    expect(series?.slices.map((slice) => slice.value)).toEqual([5, 3]);
  });

  test("secrets in what comes over OTLP are not stored", async () => {
    const store = await open();
    const record = {
      eventName: "trading.error_occurred",
      timeUnixNano: "1795178096789012000",
      attributes: [{ key: "trading.api_key", value: { stringValue: "planted-secret" } }],
    };
    const body = { resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: [record] }] }] };
    await store.takeOtlp("logs", Buffer.from(JSON.stringify(body)), "json");
    const { events } = await store.findEvents({}, 10, 0);
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain("planted-secret");
    expect(store.health().redacted).toBe(1);
  });

  test("what the exporter of the Collector inserts is found, counted and read like what came by our own writer", async () => {
    const given = options();
    const store = await open(given);
    const client = createClient({ url: url(), database: given.database });
    onTestFinished(() => client.close());
    await client.insert({ table: "otel_logs", format: "JSONEachRow", values: [EXPORTED_LOG] });
    await client.insert({ table: "otel_traces", format: "JSONEachRow", values: [EXPORTED_SPAN] });
    const [event] = (await store.findEvents({ symbol: "BTC/USDT" }, 10, 0)).events;
    expect(event).toMatchObject({
      event_type: "decision",
      timestamp: "2026-11-20T12:34:56.789012Z",
      instance_id: "i-1",
      service_name: "bot",
      seq: 7,
      data: { decision: "REJECT", reason_code: "risk_limit", net_edge: "1.20" },
    });
    const [judged] = await store.judgedDecisions({}, 10);
    expect(judged).toMatchObject({ net_edge: "1.20", gates: [{ gate_name: "max_spread", passed: false }] });
    expect(await store.decisionReasons({})).toEqual([{ decision: "REJECT", reason_code: "risk_limit", count: 1 }]);
    // The same record by way of a journal, or over OTLP.
    expect(await store.writeEvents([decision(7)])).toMatchObject({ written: 0, duplicates: 1 });
    const [trace] = await store.findTraces({ symbol: "BTC/USDT" }, 10);
    expect(trace).toMatchObject({
      error_count: 1,
      root: { span_kind: 2, status_code: 2, start_nanos: 345, duration_ms: 1.5 },
    });
    expect(trace?.root.events).toEqual([
      { name: "exception", timeMicros: 1_795_178_096_789_012, attributes: { a: "1" } },
    ]);
  });

  test("a cleaning drops whole days with all that is counted of them, and leaves the others", async () => {
    const store = await open();
    const days = ["2026-11-18", "2026-11-19", "2026-11-20"];
    await store.writeEvents(days.map((day, i) => decision(i + 1, { timestamp: `${day}T12:00:00.000000Z` })));
    await store.writeSpans(
      days.map((day, i) => createSpan({ spanId: `${i}`.padStart(16, "1"), startMicros: Date.parse(day) * 1_000 })),
    );
    await store.writePoints([createNumber(0, 1), createNumber(1_440, 2), createNumber(2_880, 3)]);
    const older = "2026-11-20T09:00:00.000000Z";
    expect(await store.cleanUp({ eventsOlderThan: older, tracesOlderThan: older })).toMatchObject({
      events: 2,
      decisions: 2,
      spans: 2,
      metricPoints: 0,
    });
    expect(await store.countEvents({})).toBe(1);
    expect(await store.countByType({})).toEqual({ decision: 1 });
    expect(await store.decisionReasons({})).toMatchObject([{ count: 1 }]);
    expect(await store.countEvents({ runId: "run-1" })).toBe(1);
    expect((await store.findTraces({}, 10)).map(({ span_count }) => span_count)).toEqual([1]);
    expect(await store.cleanUp({ metricsOlderThan: "2026-11-22T00:00:00.000000Z" })).toMatchObject({ metricPoints: 2 });
    const [series] = await store.numbers({ name: "updates_total", stepSeconds: 60 });
    expect(series?.slices.map((slice) => slice.value)).toEqual([1]);
    // Its number is forgotten with it.
    expect(await store.writeEvents([decision(3)])).toMatchObject({ duplicates: 1 });
  });

  test("a journal is imported once, and events are exported oldest first, as the other stores do", async () => {
    const store = await open();
    const dir = testFolder();
    const shard = join(dir, "data", "events", "20261120");
    mkdirSync(shard, { recursive: true });
    const lines = [1, 2, 3].map((seq) =>
      JSON.stringify({
        seq,
        instance_id: "i-1",
        event_type: "decision",
        timestamp: `2026-11-20T12:34:5${seq}.000000Z`,
        run_id: "r",
        symbol: "A",
        data: { note: '=1+"1"' },
      }),
    );
    writeFileSync(join(shard, "events.jsonl"), `${lines.join("\n")}\n`);
    expect(await store.importJournal(dir)).toEqual({ records: 3, written: 3, duplicates: 0, skipped: 0 });
    expect(await store.importJournal(dir)).toEqual({ records: 3, written: 0, duplicates: 3, skipped: 0 });
    const exported = async (format: "json" | "ndjson" | "csv") => {
      let text = "";
      for await (const piece of store.exportEvents({}, format)) text += Buffer.from(piece).toString();
      return text;
    };
    const events = JSON.parse(await exported("json"));
    expect(events.map((event: { seq: number }) => event.seq)).toEqual([1, 2, 3]);
    expect(
      (await exported("ndjson"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
    expect(await exported("csv")).toContain("decision,2026-11-20T12:34:51.000000Z,A,");
  });

  test("the names of the other databases can be asked for, and every statement of a cluster is one to the engine", async () => {
    const given = options();
    const store = await open(given);
    const { database } = given;
    await store.writeEvents([
      decision(1, {
        data: { decision: "REJECT", net_edge: "0.1234567890123456789012345678", user_id: "u", event_category: "c" },
      }),
    ]);
    const connection = await connected(database);
    const [row] = await connection.lists("SELECT decision, net_edge, symbol FROM decisions");
    expect(row).toEqual(["REJECT", "0.1234567890123456789012345678", "BTC/USDT"]);
    const [hour] = await connection.lists(
      "SELECT event_type, event_category, event_count, unique_users FROM telemetry_events_hourly_summary",
    );
    expect(hour).toEqual(["decision", "c", "1", "1"]);
    for (const view of VIEWS) expect(await connection.lists(`SELECT * FROM ${view.name}`)).toBeDefined();
    for (const statement of createSchema({ database, cluster: "main", keepEventsDays: 90 }))
      expect(await connection.lists(`EXPLAIN AST ${statement}`)).not.toEqual([]);
  });

  test("the view of system metrics has the percentiles of histograms, to the last digit those of every other store", async () => {
    const given = options();
    const store = await open(given);
    const histogram = fc
      .uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 0, maxLength: 5 })
      .chain((bounds) => {
        const length = bounds.length + 1;
        const bucketCounts = fc.array(fc.nat(20), { minLength: length, maxLength: length });
        return fc.record({ bounds: fc.constant(bounds.toSorted((a, b) => a - b)), bucketCounts });
      });
    const histograms = fc.sample(histogram, { numRuns: 200, seed: 11 });
    await store.writePoints(
      histograms.map(({ bounds, bucketCounts }, i) => {
        const count = bucketCounts.reduce((sum, one) => sum + one, 0);
        return createHistogram(0, { labels: { no: `${i}` }, bounds, bucketCounts, count, sum: count });
      }),
    );
    const connection = await connected(given.database);
    const rows = await connection.lists(
      "SELECT JSONExtractString(tags, 'no'), percentile_50, percentile_90, percentile_95, percentile_99 FROM system_metrics",
    );
    const expected = histograms.flatMap(({ bounds, bucketCounts }, i) =>
      bucketCounts.every((count) => count === 0)
        ? []
        : [[`${i}`, ...[0.5, 0.9, 0.95, 0.99].map((share) => bucketQuantile(share, bounds, bucketCounts))]],
    );
    const byNumber = (a: readonly unknown[], b: readonly unknown[]) => Number(a[0]) - Number(b[0]);
    expect(rows.toSorted(byNumber)).toEqual(expected);
    const [hour] = await connection.lists("SELECT max(p95_value) FROM system_metrics_service_summary");
    expect(hour).toEqual([Math.max(...expected.map((row) => Number(row[3] ?? Number.NEGATIVE_INFINITY)))]);
  });

  test("a poller of a store with several writers is given what is older than the lag, and nothing of now", async () => {
    const given = options();
    const writer = await open(given);
    const lagging = await open({ ...given, pollLagMs: 600_000 });
    await writer.writeEvents([decision(1)]);
    expect(await writer.recentEvents(10, 0)).toHaveLength(1);
    expect(await lagging.recentEvents(10, 0)).toEqual([]);
    expect(await lagging.recentEvents(10)).toHaveLength(1);
  });
});

const EXPORTED_LOG = {
  Timestamp: "2026-11-20 12:34:56.789012345",
  ServiceName: "bot",
  SeverityNumber: 9,
  EventName: "trading.decision",
  Body: "rejected",
  ResourceAttributes: { "service.instance.id": "i-1" },
  LogAttributes: {
    "trading.seq": "7",
    "trading.symbol": "BTC/USDT",
    "trading.decision": "REJECT",
    "trading.reason_code": "risk_limit",
    "trading.gates": '[{"gate_name":"max_spread","passed":false}]',
    "trading.net_edge": "1.20",
    "trading.min_threshold": "1.50",
  },
};
const EXPORTED_SPAN = {
  Timestamp: "2026-11-20 12:34:56.789012345",
  TraceId: "0af7651916cd43dd8448eb211c80319c",
  SpanId: "b7ad6b7169203331",
  SpanName: "tick",
  SpanKind: "Server",
  ServiceName: "bot",
  SpanAttributes: { "trading.symbol": "BTC/USDT" },
  Duration: "1500000",
  StatusCode: "Error",
  "Events.Timestamp": ["2026-11-20 12:34:56.789012345"],
  "Events.Name": ["exception"],
  "Events.Attributes": [{ a: "1" }],
};
