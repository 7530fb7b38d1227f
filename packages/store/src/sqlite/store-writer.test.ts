import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEvent } from "../../test/store-events.ts";
import { createSpan } from "../../test/store-spans.ts";
import { OtlpError } from "../otlp/otlp-error.ts";
import type { EventInput, NumberPointInput } from "../store-input.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { createSqliteQueries } from "./queries/sqlite-queries.ts";
import { StoreWriter } from "./store-writer.ts";

let dir: string;
let path: string;
let database: DatabaseSync;
let writer: StoreWriter;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-store-"));
  path = join(dir, "deep", "telemetry.db");
  database = openDatabase({ path, isReadOnly: false, busyTimeoutMs: 0, cacheKib: 2_000 });
  migrate(database, path);
  writer = new StoreWriter(database);
});

afterEach(() => {
  database.close();
  rmSync(dir, { recursive: true });
});

function createdWithNul(): EventInput {
  return createEvent({ eventType: "scan\0started", symbol: "BTC\0", runId: "\0run", data: { text: "a\0b" } });
}

function all(sql: string): unknown[] {
  // Rows have no prototype.
  return database
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
}

describe("the writer", () => {
  test("writes under the names of both sources, and generated columns find what the data holds", () => {
    const data = {
      event_name: "user_login",
      event_category: "authentication",
      event_data: { method: "email" },
      user_id: "u7",
      license_id: "l1",
      source: "web",
      source_ip: "192.0.2.1",
      duration_ms: 12.5,
      tags: ["a"],
    };
    writer.writeEvents([createEvent({ eventType: "user_action", data })]);
    expect(
      all(
        "SELECT event_type, timestamp, event_timestamp, run_id, symbol, event_name, event_category, event_data, user_id, license_id, source, source_ip, duration_ms, tags FROM telemetry_events",
      ),
    ).toEqual([
      {
        event_type: "user_action",
        timestamp: "2026-11-20T12:34:56.789012Z",
        event_timestamp: "2026-11-20T12:34:56.789012Z",
        run_id: "run-1",
        symbol: "BTC/USDT",
        event_name: "user_login",
        event_category: "authentication",
        event_data: '{"method":"email"}',
        user_id: "u7",
        license_id: "l1",
        source: "web",
        source_ip: "192.0.2.1",
        duration_ms: 12.5,
        tags: '["a"]',
      },
    ]);
  });

  test("generated columns of spans find what the attributes hold, whichever name it has", () => {
    const names = [
      { "http.request.method": "GET", "url.full": "http://a/b", "http.response.status_code": 200, "user.id": "u1" },
      { "http.method": "PUT", "http.url": "http://a/c", "http.status_code": "503", "enduser.id": "u2" },
      { "url.path": "/d", "trading.symbol": "BTC/USDT", "trading.strategy": "basis", "trading.decision": "REJECT" },
      { "trading.reason_code": "risk_limit", "trading.run_id": "run-1", "trading.keep_reason": "slow" },
    ];
    writer.writeSpans(
      names.map((attributes, i) => createSpan({ spanId: String(i + 1).padStart(16, "0"), attributes })),
    );
    const columns =
      "http_method, http_url, http_status_code, user_id, symbol, strategy, decision, reason_code, run_id, keep_reason";
    const rows = all(`SELECT ${columns} FROM traces ORDER BY id`).map((row) => Object.values(row as object));
    expect(rows).toEqual([
      ["GET", "http://a/b", 200, "u1", null, null, null, null, null, null],
      ["PUT", "http://a/c", 503, "u2", null, null, null, null, null, null],
      [null, "/d", null, null, "BTC/USDT", "basis", "REJECT", null, null, null],
      [null, null, null, null, null, null, null, "risk_limit", "run-1", "slow"],
    ]);
    // A row that somebody writes by hand says nothing of its fields.
    database.exec(
      `INSERT INTO telemetry_events (event_type, timestamp, data_json, created_at, instance)
       VALUES ('x', '', '{"user_id":"u3","duration_ms":5,"event_data":{"a":1},"tags":["b"]}', '', 1)`,
    );
    expect(all("SELECT user_id, duration_ms, event_data, tags, event_name FROM telemetry_events")).toEqual([
      { user_id: "u3", duration_ms: 5, event_data: '{"a":1}', tags: '["b"]', event_name: "x" },
    ]);
  });

  test("gives no id twice, whoever else writes, and whatever was removed", () => {
    const other = openDatabase({ path, isReadOnly: false, busyTimeoutMs: 0, cacheKib: 2_000 });
    const another = new StoreWriter(other);
    const source = { serviceName: "bot", instanceId: "i-2" };
    for (const seq of [1, 2, 3]) {
      expect(writer.writeEvents([createEvent({ seq })]).lastEventId).toBe(2 * seq - 1);
      expect(another.writeEvents([createEvent({ seq, source }), createEvent({ seq, source })])).toMatchObject({
        written: 1,
        duplicates: 1,
        lastEventId: 2 * seq,
      });
    }
    database.exec("DELETE FROM telemetry_events");
    expect(writer.writeEvents([createEvent({ seq: 9 })]).lastEventId).toBe(7);
    database.exec(
      "INSERT INTO telemetry_events (id, event_type, timestamp, data_json, created_at, instance) VALUES (20, 'x', '', '{}', '', 1)",
    );
    expect(another.writeEvents([createEvent({ seq: 9, source })]).lastEventId).toBe(21);
    expect(all("SELECT id FROM telemetry_events ORDER BY id")).toEqual([7, 20, 21].map((id) => ({ id })));
    other.close();
  });

  test("writes requests that came together as each by itself", () => {
    const request = (seqs: readonly number[]) =>
      ({
        kind: "events",
        items: seqs.map((seq) => createEvent({ seq })),
        rejected: 1,
        message: "one was none",
      }) as const;
    expect(writer.writeAll([request([1, 2]), request([]), request([2, 3, 3])])).toEqual([
      { written: 2, duplicates: 0, rejected: 1, message: "one was none", lastEventId: 3 },
      { written: 0, duplicates: 0, rejected: 1, message: "one was none", lastEventId: 3 },
      { written: 1, duplicates: 2, rejected: 1, message: "one was none", lastEventId: 3 },
    ]);
    expect(all("SELECT sum(count) AS count FROM event_rollups WHERE resolution = 60")).toEqual([{ count: 3 }]);
  });

  test("writes the record of an instance once, and counts it once, however often it comes", () => {
    const records = [createEvent(), createEvent({ seq: 2 })];
    expect(writer.writeEvents(records)).toMatchObject({ written: 2, duplicates: 0, lastEventId: 2 });
    expect(writer.writeEvents([...records, createEvent({ seq: 3 })])).toMatchObject({ written: 1, duplicates: 2 });
    expect(all("SELECT resolution, sum(count) AS count FROM event_rollups GROUP BY resolution")).toEqual([
      { resolution: 60, count: 3 },
      { resolution: 3_600, count: 3 },
      { resolution: 86_400, count: 3 },
    ]);
    expect(all("SELECT sum(count) AS count FROM reason_rollups WHERE resolution = 86400")).toEqual([{ count: 3 }]);
  });

  test("learns the host of an instance from whoever tells it, and keeps what it knows", () => {
    const source = { serviceName: "bot", instanceId: "i-1" };
    writer.writeEvents([createEvent({ source })]);
    writer.writeEvents([createEvent({ source: { ...source, hostName: "server-01" }, seq: 2 })]);
    const again = new StoreWriter(database);
    again.writeEvents([createEvent({ source: { ...source, hostName: "" }, seq: 3 })]);
    again.writeEvents([createEvent({ source: { ...source, hostName: "server-02" }, seq: 4 })]);
    expect(all("SELECT service_name, host_name FROM instances")).toEqual([
      { service_name: "bot", host_name: "server-01" },
    ]);
  });

  test("knows an instance again when only one of two ways tells its service", () => {
    writer.writeEvents([createEvent({ source: { serviceName: "", instanceId: "i-1" } })]);
    writer.writeEvents([createEvent({ source: { serviceName: "bot", instanceId: "i-1" } })]);
    expect(all("SELECT key, instance_id, service_name FROM instances")).toEqual([
      { key: "i-1", instance_id: "i-1", service_name: "bot" },
    ]);
    expect(all("SELECT count(*) AS count FROM telemetry_events")).toEqual([{ count: 1 }]);
  });

  test("records without a number are all written: nobody can tell whether they are the same", () => {
    writer.writeEvents([createEvent({ seq: 0 }), createEvent({ seq: 0 })]);
    expect(all("SELECT count(*) AS count FROM telemetry_events")).toEqual([{ count: 2 }]);
  });

  test("puts decisions beside their events, decimals as they are", () => {
    const data = {
      decision: "REJECT",
      reason_code: "insufficient_edge",
      reason: "...",
      strategy: "basis",
      edge_unit: "bps",
      gross_edge: "4.10",
      fees_est: "2.00",
      slippage_est: "0.60",
      gas_est: "0",
      latency_buffer: "0.30",
      net_edge: "1.20",
      min_threshold: "1.50",
    };
    writer.writeEvents([createEvent({ eventType: "decision", data })]);
    expect(all("SELECT * FROM decisions")).toMatchObject([
      { event_id: 1, decision: "REJECT", gross_edge: "4.10", gas_est: "0", net_edge: "1.20", min_threshold: "1.50" },
    ]);
    expect((all("SELECT margin FROM decisions")[0] as { margin: number }).margin).toBeCloseTo(-0.3);
  });

  test("a batch that cannot be written leaves nothing behind, and the next one is whole", () => {
    database.exec(
      "CREATE TRIGGER stop BEFORE INSERT ON telemetry_events WHEN new.seq = 2 BEGIN SELECT raise(ABORT, 'stop'); END",
    );
    expect(() => writer.writeEvents([createEvent({ traceId: "1".repeat(32) }), createEvent({ seq: 2 })])).toThrow(
      "stop",
    );
    expect(
      all(
        "SELECT (SELECT count(*) FROM telemetry_events) + (SELECT count(*) FROM event_rollups) + (SELECT count(*) FROM instances) + (SELECT count(*) FROM trace_filters) AS rows",
      ),
    ).toEqual([{ rows: 0 }]);
    database.exec("DROP TRIGGER stop");
    expect(writer.writeEvents([createEvent(), createEvent({ seq: 2 })])).toMatchObject({ written: 2 });
    expect(all("SELECT sum(count) AS count FROM event_rollups WHERE resolution = 60")).toEqual([{ count: 2 }]);
    expect(all("SELECT count(*) AS count FROM instances")).toEqual([{ count: 1 }]);
  });

  test("counts sentences beyond the limit under one", () => {
    const many = Array.from({ length: 700 }, (_, i) =>
      createEvent({ seq: i + 1, data: { reason_code: "gate_failed", reason: `score ${i}` } }),
    );
    writer.writeEvents(many);
    const reasons = all(
      "SELECT reason, sum(count) AS count FROM reason_rollups WHERE resolution = 86400 GROUP BY reason",
    );
    expect(reasons).toHaveLength(501);
    expect(reasons).toContainEqual({ reason: "(other reasons)", count: 200 });
  });

  test("stores and counts what has a type or a symbol too many under `other`, with its own name in the data", () => {
    const types = Array.from({ length: 2_002 }, (_, i) => `made_up_${i}`);
    writer.writeEvents(types.map((eventType) => createEvent({ eventType, seq: 0, symbol: undefined, data: {} })));
    const symbols = Array.from({ length: 10_001 }, (_, i) => `SYM${i}/USDT`);
    writer.writeEvents(
      symbols.map((symbol) => createEvent({ eventType: "scan_started", seq: 0, symbol, data: { n: 1 } })),
    );
    // What Tracebook itself knows has room in any case.
    writer.writeEvents([createEvent({ eventType: "decision", symbol: "SYM0/USDT", data: { decision: "ACCEPT" } })]);
    expect(writer.counts().beyondBounds).toMatchObject({ eventTypes: 2, symbols: 1 });
    expect(
      all("SELECT count(DISTINCT event_type) AS types, count(DISTINCT symbol) AS symbols FROM telemetry_events"),
    ).toEqual([{ types: 2_003, symbols: 10_001 }]);
    expect(all("SELECT data_json FROM telemetry_events WHERE event_type = 'other' OR symbol = 'other'")).toEqual([
      { data_json: '{"given_event_type":"made_up_2000"}' },
      { data_json: '{"given_event_type":"made_up_2001"}' },
      { data_json: '{"n":1,"given_symbol":"SYM10000/USDT"}' },
    ]);
    expect(all("SELECT sum(count) AS count FROM event_rollups WHERE resolution = 60 AND event_type = 'other'")).toEqual(
      [{ count: 2 }],
    );
    expect(all("SELECT symbol FROM decisions")).toEqual([{ symbol: "SYM0/USDT" }]);
    // Another writer finds them in the database.
    const another = new StoreWriter(database);
    another.writeEvents([
      createEvent({ eventType: "made_up_9999", seq: 0 }),
      createEvent({ eventType: "made_up_7", seq: 0 }),
    ]);
    expect(another.counts().beyondBounds).toMatchObject({ eventTypes: 1, symbols: 2 });
  });

  test("counts decisions and rejections with a code or a strategy too many under `other`, and answers by the same names", () => {
    const many = Array.from({ length: 10_001 }, (_, i) =>
      createEvent({
        eventType: i % 2 === 0 ? "decision" : "signal_rejected",
        seq: i + 1,
        data: { reason_code: `code_${i}`, strategy: `strategy_${i}`, reason: "the same" },
      }),
    );
    writer.writeEvents(many);
    expect(writer.counts().beyondBounds).toMatchObject({ strategies: 1, reasonCodes: 1 });
    expect(all("SELECT reason_code, strategy FROM decisions ORDER BY event_id DESC LIMIT 1")).toEqual([
      { reason_code: "other", strategy: "other" },
    ]);
    writer.writeEvents([createEvent({ seq: 20_000, data: { reason_code: "code_x", reason: "the same" } })]);
    const queries = createSqliteQueries(database, path);
    const edge = { startTime: "2026-11-20T12:34:56.789012Z", endTime: "2026-11-20T12:34:56.789012Z" };
    for (const range of [{}, edge]) {
      expect(queries.rejectionBreakdown(range, 20_000)).toContainEqual({
        reason_code: "other",
        reason: "the same",
        count: 1,
      });
      expect(queries.decisionReasons(range)).toContainEqual({ decision: "", reason_code: "other", count: 1 });
    }
  });

  test("refuses the points of a series too many, says so, and takes the others", () => {
    const point = (name: string, more: Partial<NumberPointInput> = {}): NumberPointInput => ({
      source: { serviceName: "bot", instanceId: "i-1" },
      name,
      unit: "1",
      description: "",
      labels: {},
      startMicros: 0,
      timeMicros: 1_795_132_800_000_000,
      type: "gauge",
      isMonotonic: false,
      isCumulative: false,
      value: 1,
      ...more,
    });
    const most = Array.from({ length: 19_999 }, (_, i) => point(`m_${i}`));
    expect(writer.writePoints(most)).toMatchObject({ written: 19_999, rejected: 0 });
    expect(
      writer.writePoints([point("last"), point("beyond"), point("m_0", { timeMicros: 1_795_132_800_000_001 })]),
    ).toEqual({
      written: 2,
      duplicates: 0,
      rejected: 1,
      message: '"beyond" has series beyond the 20000 that a store keeps: their points are left out.',
      lastEventId: 0,
    });
    expect(writer.counts().beyondBounds.points).toBe(1);
    expect(new StoreWriter(database).writePoints([point("beyond")])).toMatchObject({ written: 0, rejected: 1 });
    // What a cleaning has removed makes room.
    database.exec("DELETE FROM metric_series WHERE name = 'm_1'");
    expect(writer.writePoints([point("beyond")])).toMatchObject({ written: 1, rejected: 0 });
  });

  test("a NUL in a text hides nothing of it", () => {
    writer.writeEvents([createdWithNul()]);
    expect(all("SELECT event_type, symbol, run_id FROM telemetry_events")).toEqual([
      { event_type: "scan\ufffdstarted", symbol: "BTC\ufffd", run_id: "\ufffdrun" },
    ]);
    expect(all("SELECT data_json FROM telemetry_events")).toEqual([{ data_json: '{"text":"a\\u0000b"}' }]);
  });

  test("a body that is no request is refused before anything is locked", () => {
    expect(() => writer.takeOtlp("logs", Buffer.from("nonsense"), "protobuf")).toThrow(OtlpError);
    expect(database.isTransaction).toBe(false);
  });

  test("the file is for its owner only", () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, "deep")).mode & 0o777).toBe(0o700);
  });
});
