import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { toTimestamp } from "@tracebook/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseCsv } from "../../../test/parse-csv.ts";
import { createEvent } from "../../../test/store-events.ts";
import { createTestDatabase } from "../../../test/test-database.ts";
import type { EventInput } from "../../store-input.ts";
import type { StoredEvent } from "../../stored-event.ts";
import { exportEvents } from "./event-export.ts";

const START = Date.UTC(2026, 10, 20, 12) * 1000;

/** A database with events, and a connection to it that only reads. */
function databaseOf(events: readonly EventInput[]) {
  const { database, path, writer } = createTestDatabase();
  writer.writeEvents(events);
  const reader = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => reader.close());
  return { database, path, writer, reader };
}

function eventsOf(count: number, toMore: (i: number) => Partial<EventInput> = () => ({})): EventInput[] {
  return Array.from({ length: count }, (_, i) =>
    createEvent({ seq: i + 1, timestamp: toTimestamp(START + i * 1_000), ...toMore(i) }),
  );
}

/** Rows that no writer of ours would write. */
function insertRows(database: DatabaseSync, count: number, data: string): void {
  database.exec("INSERT INTO instances (id, key) VALUES (99, 'by hand')");
  const insert = database.prepare(
    "INSERT INTO telemetry_events (event_type, timestamp, data_json, created_at, instance) VALUES ('inserted', ?, ?, '', 99)",
  );
  for (let i = 0; i < count; i++) insert.run(toTimestamp(START + i), data);
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that are held by something. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const textOf = (pieces: Iterable<Uint8Array>): string => Buffer.concat([...pieces]).toString();
const jsonOf = (pieces: Iterable<Uint8Array>): StoredEvent[] => JSON.parse(textOf(pieces));

describe("an export", () => {
  it("as JSON is an array of events with every field, oldest first", () => {
    const trace = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
    const { reader } = databaseOf([
      createEvent({ seq: 2, timestamp: toTimestamp(START + 1) }),
      createEvent({
        seq: 1,
        timestamp: toTimestamp(START),
        symbol: undefined,
        runId: undefined,
        data: { a: [1] },
        ...trace,
      }),
    ]);
    const text = textOf(exportEvents(reader, {}, "json"));
    expect(JSON.parse(text)).toEqual([
      {
        ...{
          id: 2,
          event_type: "signal_rejected",
          timestamp: toTimestamp(START),
          run_id: null,
          symbol: null,
          data: { a: [1] },
        },
        ...{
          trace_id: trace.traceId,
          span_id: trace.spanId,
          severity_number: 9,
          instance_id: "i-1",
          service_name: "bot",
          seq: 1,
        },
      },
      expect.objectContaining({ id: 1, run_id: "run-1", symbol: "BTC/USDT", seq: 2 }),
    ]);
    expect(text.split("\n")).toHaveLength(5);
  });

  it("as NDJSON has an object a line, as CSV the columns of a spreadsheet", () => {
    const { reader } = databaseOf(eventsOf(3, (i) => ({ data: { reason: `a "quoted",\nreason ${i}` } })));
    const lines = textOf(exportEvents(reader, {}, "ndjson")).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map((line) => (JSON.parse(line) as StoredEvent).seq)).toEqual([1, 2, 3]);
    const csv = textOf(exportEvents(reader, {}, "csv"));
    expect(
      csv.startsWith("event_type,timestamp,symbol,data\r\nsignal_rejected,2026-11-20T12:00:00.000000Z,BTC/USDT,"),
    ).toBe(true);
    expect(parseCsv(csv)[1]).toEqual([
      "signal_rejected",
      "2026-11-20T12:00:00.000000Z",
      "BTC/USDT",
      '{"reason":"a \\"quoted\\",\\nreason 0"}',
    ]);
  });

  it("of nothing is still a file of its kind", () => {
    const { reader } = databaseOf([]);
    expect(jsonOf(exportEvents(reader, {}, "json"))).toEqual([]);
    expect(textOf(exportEvents(reader, {}, "ndjson"))).toBe("");
    expect(textOf(exportEvents(reader, {}, "csv"))).toBe("event_type,timestamp,symbol,data\r\n");
  });

  it("comes in pieces of about 64 KiB", () => {
    const { reader } = databaseOf(eventsOf(2_500));
    const sizes = [...exportEvents(reader, {}, "ndjson")].map(({ length }) => length);
    expect(sizes.length).toBeGreaterThan(8);
    for (const size of sizes.slice(0, -1)) expect(Math.abs(size - 65_536)).toBeLessThan(1_000);
  });

  it.each([
    [{ eventType: "scan_started" }, (i: number) => i % 2 === 0],
    [{ symbol: "ETH/USDT" }, (i: number) => i % 3 === 0],
    [{ runId: "run-2" }, (i: number) => i % 5 === 0],
    [{ eventType: "scan_started", symbol: "ETH/USDT", runId: "run-2" }, (i: number) => i % 30 === 0],
    [
      { startTime: toTimestamp(START + 100_000), endTime: toTimestamp(START + 200_000) },
      (i: number) => i >= 100 && i <= 200,
    ],
    [{ symbol: "ETH/USDT", startTime: toTimestamp(START + 2_400_000) }, (i: number) => i >= 2_400 && i % 3 === 0],
    [{ symbol: "'; DROP TABLE telemetry_events; --" }, () => false],
  ])("has what the filter %o finds", (filter, isMatch) => {
    const { reader } = databaseOf(
      eventsOf(2_500, (i) => ({
        eventType: i % 2 === 0 ? "scan_started" : "scan_completed",
        symbol: i % 3 === 0 ? "ETH/USDT" : "BTC/USDT",
        runId: i % 5 === 0 ? "run-2" : undefined,
      })),
    );
    const expected = Array.from({ length: 2_500 }, (_, i) => i).filter(isMatch);
    expect(jsonOf(exportEvents(reader, filter, "json")).map(({ seq }) => seq! - 1)).toEqual(expected);
  });

  it("has each event once, however many have the same time, pages begin where they will", () => {
    const { reader } = databaseOf(
      eventsOf(3_456, (i) => ({ timestamp: toTimestamp(START + Math.floor(i / 1_700) * 1_000) })),
    );
    const seqs = jsonOf(exportEvents(reader, {}, "json")).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 3_456 }, (_, i) => i + 1));
  });

  it("is of the moment at which it began, holds nothing between two pieces, and ends whatever is written meanwhile", () => {
    const { database, reader, writer } = databaseOf(eventsOf(3_000));
    const seen: StoredEvent[] = [];
    let text = "";
    let seq = 10_000;
    for (const piece of exportEvents(reader, {}, "ndjson")) {
      text += piece.toString();
      writer.writeEvents(eventsOf(500, () => ({ seq: ++seq, timestamp: toTimestamp(START + 1_500_000) })));
      expect(reader.isTransaction).toBe(false);
      // A reader in the middle of something would keep the log from being cut.
      expect(database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()).toMatchObject({ busy: 0 });
    }
    for (const line of text.trimEnd().split("\n")) seen.push(JSON.parse(line));
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 1));
  });

  it("that nobody reads to its end holds nothing either", () => {
    const { database, reader } = databaseOf(eventsOf(3_000));
    const pieces = exportEvents(reader, {}, "json")[Symbol.iterator]();
    pieces.next();
    expect(database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()).toMatchObject({ busy: 0 });
    pieces.return?.(undefined);
  });

  it("of large events holds few of them at a time", () => {
    const { database, reader } = databaseOf([]);
    insertRows(database, 100, JSON.stringify({ text: "x".repeat(1_000_000) }));
    const before = memoryInUse();
    let most = 0;
    let bytes = 0;
    let pieces = 0;
    for (const piece of exportEvents(reader, {}, "ndjson")) {
      bytes += piece.length;
      if (++pieces % 10 === 0) most = Math.max(most, memoryInUse() - before);
    }
    expect(bytes).toBeGreaterThan(100_000_000);
    expect(most).toBeLessThan(25_000_000);
  });

  it("gives the data of a damaged row as the text that it is, and all others", () => {
    const { database, path, writer } = createTestDatabase();
    writer.writeEvents(eventsOf(3, (i) => ({ data: { note: `damaged ${i}` } })));
    database.close();
    const bytes = readFileSync(path);
    writeFileSync(
      path,
      bytes.fill("{'", bytes.indexOf('{"note":"damaged 1"'), bytes.indexOf('{"note":"damaged 1"') + 2),
    );
    const reader = new DatabaseSync(path, { readOnly: true });
    const events = jsonOf(exportEvents(reader, {}, "json"));
    reader.close();
    expect(events.map(({ data }) => data)).toEqual([
      { note: "damaged 0" },
      { unreadable: `{'note":"damaged 1"}` },
      { note: "damaged 2" },
    ]);
  });

  it("refuses a time that is none, and a format that there is not, before its first piece", () => {
    const { reader } = databaseOf([]);
    expect(() => exportEvents(reader, { startTime: "yesterday" }, "json")).toThrow(
      expect.objectContaining({ code: "invalid_query" }),
    );
    expect(() => exportEvents(reader, {}, "toString" as "json")).toThrow(
      expect.objectContaining({ code: "invalid_query" }),
    );
  });

  it("sorts nothing: every page is a walk along an index", () => {
    const { reader } = databaseOf(eventsOf(10));
    const plans: string[] = [];
    const spy = new Proxy(reader, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const sql = String(args[0]);
          if (name === "prepare" && sql.includes("INDEXED BY"))
            for (const { detail } of target.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()) plans.push(String(detail));
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
    for (const filter of [
      {},
      { eventType: "a" },
      { symbol: "a" },
      { runId: "a" },
      { eventType: "a", symbol: "b", runId: "c" },
    ])
      textOf(exportEvents(spy, filter, "json"));
    expect(plans.length).toBeGreaterThan(10);
    expect(plans.filter((detail) => /TEMP B-TREE|SCAN/.test(detail))).toEqual([]);
  });
});
