import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toTimestamp } from "@tracebook/core";
import { describe, expect, test } from "vitest";
import type { ContractStore } from "../../../test/contract/contract-store.ts";
import { describeStoreContract } from "../../../test/store-contract.ts";
import { createEvent } from "../../../test/store-events.ts";
import { createTestDatabase, openStoreDatabase } from "../../../test/test-database.ts";
import type { StoreQueries } from "../../store-queries.ts";
import { openDatabase } from "../open-database.ts";
import { StoreWriter } from "../store-writer.ts";
import { createSqliteQueries } from "./sqlite-queries.ts";

const ONE = "0af7651916cd43dd8448eb211c80319c";
const MINUTE = "2026-11-20T12:34";

/** The writer and the questions, each on a connection of its own, as the threads of a store have them. */
async function openStore(): Promise<ContractStore> {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-store-"));
  const path = join(dir, "telemetry.db");
  const database = openStoreDatabase(path);
  const writer = new StoreWriter(database);
  const reader = openReader(path);
  const answers = Object.entries(createSqliteQueries(reader, path));
  const queries = answers.map(([name, answer]) => [
    name,
    async (...args: readonly unknown[]) => (answer as (...all: readonly unknown[]) => unknown)(...args),
  ]);
  return {
    ...(Object.fromEntries(queries) as StoreQueries),
    writeEvents: async (events) => writer.writeEvents(events),
    writeSpans: async (spans) => writer.writeSpans(spans),
    writePoints: async (points) => writer.writePoints(points),
    close: async () => {
      reader.close();
      database.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function openReader(path: string) {
  return openDatabase({ path, isReadOnly: true, busyTimeoutMs: 0, cacheKib: 2_000 });
}

describeStoreContract("the questions of SQLite", openStore);

describe("the questions of SQLite", () => {
  test("give a damaged row as it is, and the others of the page as ever", () => {
    const { database, path, writer } = createTestDatabase();
    const types = ["signal_rejected", "signal_generated", "decision"];
    const data = { reason: "damaged", confidence_score: 1 };
    writer.writeEvents(types.map((eventType, i) => createEvent({ eventType, seq: i + 1, traceId: ONE, data })));
    writer.writeEvents([createEvent({ seq: 4, data: { ok: true } })]);
    database.close();
    replaceInFile(path, '{"reason":"damaged"', '{"reason":"damaged\\');
    const reader = openReader(path);
    const queries = createSqliteQueries(reader, path);
    const unreadable = { unreadable: '{"reason":"damaged\\,"confidence_score":1}' };
    const page = queries.findEvents({}, 10, 0).events.map((event) => event.data);
    expect(page).toEqual([{ ok: true }, unreadable, unreadable, unreadable]);
    expect(queries.searchEvents({}, "damaged", 10, 10).events).toHaveLength(3);
    expect(queries.trace(ONE).events).toHaveLength(3);
    // The edges of a range are counted from the rows.
    const startTime = `${MINUTE}:30.000000Z`;
    expect(queries.rejectionBreakdown({ startTime }, 10).reduce((all, { count }) => all + count, 0)).toBe(2);
    expect(queries.confidenceDistribution({ startTime }).count).toBe(0);
    reader.close();
  });

  test("give spans whose attributes are damaged, and list their traces", () => {
    const { database, path, writer } = createTestDatabase();
    const span = { traceId: ONE, parentSpanId: undefined, name: "tick", kind: 1, startMicros: 1, startNanosRest: 0 };
    const event = { name: "exception", timeMicros: 1, attributes: {} };
    const rest = { durationNanos: 1, statusCode: 0, statusMessage: "", scope: "", links: [], events: [event] };
    const source = { serviceName: "bot", instanceId: "i-1" };
    writer.writeSpans([{ source, spanId: "1".repeat(16), ...span, ...rest, attributes: { "http.method": "GET" } }]);
    database.close();
    replaceInFile(path, '{"http.method":"GET"}', '{"http.method":"GET"(');
    replaceInFile(path, '[{"name":"exception"', '({"name":"exception"');
    const reader = openReader(path);
    const queries = createSqliteQueries(reader, path);
    const damaged = { tags: { unreadable: '{"http.method":"GET"(' }, events: [], http_method: null };
    expect(queries.trace(ONE).spans).toMatchObject([damaged]);
    expect(queries.findTraces({}, 10)).toMatchObject([{ root: damaged, span_count: 1 }]);
    reader.close();
  });

  test("read integers beyond 2^53, and sums beyond 2^63", () => {
    const { database, path, writer } = createTestDatabase();
    writer.writeEvents([1, 2].map((seq) => createEvent({ eventType: "decision", seq })));
    database.exec("UPDATE telemetry_events SET seq = 9223372036854775807 WHERE id = 1");
    database.exec("UPDATE event_rollups SET count = 9223372036854775807");
    database.exec("INSERT INTO event_rollups VALUES (86400, 0, 'decision', '', '', 9223372036854775807)");
    const queries = createSqliteQueries(database, path);
    expect(queries.event(1)?.seq).toBe(2 ** 63);
    expect(queries.countEvents({})).toBe(2 ** 64);
    expect(queries.facts().events).toBe(2 ** 64);
  });

  test("are answered from one moment, whatever is written meanwhile", () => {
    const { path, writer } = createTestDatabase();
    const reader = openReader(path);
    let seq = 0;
    const prepare = reader.prepare.bind(reader);
    // Between any two statements of a first question lies the preparation of the second.
    reader.prepare = (sql) => {
      writer.writeEvents([createEvent({ seq: ++seq })]);
      return prepare(sql);
    };
    const { events, total } = createSqliteQueries(reader, path).findEvents({}, 100, 0);
    expect(seq).toBeGreaterThan(3);
    expect(events).toHaveLength(total);
    reader.close();
  });

  test("count a run rightly when some of its minutes were removed", () => {
    const { database, path, writer } = createTestDatabase();
    const times = ["12:01", "12:02", "12:59", "13:00", "13:01"];
    writer.writeEvents(times.map((time, i) => createEvent({ seq: i + 1, timestamp: `2026-11-20T${time}:00.000000Z` })));
    const queries = createSqliteQueries(database, path);
    const hour = { runId: "run-1", startTime: "2026-11-20T12:00:00.000000Z", endTime: "2026-11-20T12:59:59.999999Z" };
    expect([queries.countEvents({ runId: "run-1" }), queries.countEvents(hour)]).toEqual([5, 3]);
    const cut = Date.parse("2026-11-20T12:59:00Z") / 1000;
    database.exec(`DELETE FROM event_rollups WHERE resolution = 60 AND bucket < ${cut}`);
    expect([queries.countEvents({ runId: "run-1" }), queries.countEvents(hour)]).toEqual([3, 1]);
    database.exec("DELETE FROM event_rollups WHERE resolution = 60");
    expect(database.prepare("SELECT count(*) AS rows FROM run_rollups").get()).toMatchObject({ rows: 0 });
  });

  test("give the newest runs of very many", () => {
    const { database, path, writer } = createTestDatabase();
    const runs = Array.from({ length: 10_050 }, (_, i) => `run-${(i * 7_919) % 10_050}`);
    const startMicros = Date.parse("2026-11-20T00:00:00Z") * 1000;
    const timestampOf = (i: number) => toTimestamp(startMicros + i * 1e6);
    writer.writeEvents(runs.map((runId, i) => createEvent({ seq: i + 1, runId, timestamp: timestampOf(i) })));
    const queries = createSqliteQueries(database, path);
    const newest = [10_049, 10_048, 10_047].map((i) => ({ value: runs[i], lastTimestamp: timestampOf(i) }));
    expect(queries.facets({}, 3).runs).toEqual(newest);
    const older = [5_000, 4_999, 4_998].map((i) => ({ value: runs[i], lastTimestamp: timestampOf(i) }));
    expect(queries.facets({ endTime: timestampOf(5_000) }, 3).runs).toEqual(older);
  });

  test("say in the words of the store why the database cannot answer", () => {
    const { database, path } = createTestDatabase();
    const { page, bytes } = database
      .prepare(
        "SELECT rootpage AS page, page_size AS bytes FROM sqlite_schema, pragma_page_size WHERE name = 'idx_timestamp'",
      )
      .get() as { page: number; bytes: number };
    database.close();
    writeFileSync(path, readFileSync(path).fill(0xff, (page - 1) * bytes, page * bytes));
    const damaged = openReader(path);
    expect(() => createSqliteQueries(damaged, path).recentEvents(1)).toThrow(
      expect.objectContaining({ name: "StoreError", code: "database_corrupt" }),
    );
    damaged.close();
  });
});

/** Damages a text that is in the file, wherever it is; the other is as long. */
function replaceInFile(path: string, text: string, other: string): void {
  const content = readFileSync(path, "latin1");
  expect(content).toContain(text);
  writeFileSync(path, content.replaceAll(text, other), "latin1");
}
