import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { toTimestamp } from "@tracebook/core";
import { JournalError } from "@tracebook/journal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptCounts, recount } from "../../../test/recount.ts";
import { rowsOf } from "../../../test/rows-of.ts";
import { createTestDatabase, testFolder } from "../../../test/test-database.ts";
import { toExactTimestamp } from "./journal-event.ts";
import { importJournal } from "./journal-import.ts";

const NOON = Date.UTC(2026, 10, 20, 12) * 1000;
const EVENTS = "data/events/20261120/events.jsonl";
const LOGS = "logs/telemetry.jsonl";

interface Line {
  readonly seq: number;
  readonly instance_id?: string;
  readonly event_type?: string;
  readonly timestamp?: string;
  readonly run_id?: string;
  readonly symbol?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly data?: Record<string, unknown>;
}

function lineOf(line: Line): string {
  const timestamp = toTimestamp(NOON + line.seq * 7_000_001);
  return `${JSON.stringify({ instance_id: "a", event_type: "scan_started", timestamp, run_id: "run-1", data: {}, ...line })}\n`;
}

/** A journal with files of the given content, compressed where their name says so. */
function journalOf(files: Record<string, string>, dir = testFolder()): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(dir, dirname(file)), { recursive: true });
    writeFileSync(join(dir, file), file.endsWith(".gz") ? gzipSync(text) : text);
  }
  return dir;
}

/** Everything but the time of writing, and numbers that only have to rise. */
function contentOf(database: Parameters<typeof rowsOf>[0]) {
  return {
    events: rowsOf(
      database,
      `SELECT event_type, timestamp, run_id, symbol, data_json, trace_id, span_id, severity_number, i.instance_id, seq
       FROM telemetry_events JOIN instances AS i ON i.id = instance ORDER BY i.instance_id, seq`,
    ),
    decisions: rowsOf(
      database,
      "SELECT * FROM decisions ORDER BY timestamp, decision, reason_code, symbol, margin",
    ).map(({ event_id: _, ...rest }) => rest),
    counts: keptCounts(database),
  };
}

describe("an import", () => {
  it("writes the records with all they have, in the order of the journal", async () => {
    const { database, writer } = createTestDatabase();
    const data = {
      strategy: "basis",
      decision: "REJECT",
      reason_code: "insufficient_edge",
      net_edge: "1.20",
      min_threshold: "1.50",
    };
    const trace = { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" };
    const dir = journalOf({
      [EVENTS]:
        lineOf({ seq: 1, event_type: "decision", symbol: "BTC/USDT", data, ...trace }) +
        lineOf({ seq: 3, event_type: "records_dropped" }),
      [LOGS]: lineOf({
        seq: 2,
        event_type: "error_occurred",
        run_id: "",
        data: { nested: { list: [1, null, "\u2028"] } },
      }),
    });
    expect(await importJournal(writer, dir)).toEqual({ records: 3, written: 3, duplicates: 0, skipped: 0, files: 2 });
    expect(
      rowsOf(
        database,
        "SELECT seq, event_type, timestamp, run_id, symbol, data_json, trace_id, span_id, severity_number FROM telemetry_events ORDER BY id",
      ),
    ).toEqual([
      {
        ...{
          seq: 1,
          event_type: "decision",
          timestamp: toTimestamp(NOON + 7_000_001),
          run_id: "run-1",
          symbol: "BTC/USDT",
        },
        ...{ data_json: JSON.stringify(data), ...trace, severity_number: 9 },
      },
      {
        ...{
          seq: 2,
          event_type: "error_occurred",
          timestamp: toTimestamp(NOON + 14_000_002),
          run_id: null,
          symbol: null,
        },
        ...{ data_json: '{"nested":{"list":[1,null,"\u2028"]}}', trace_id: null, span_id: null, severity_number: 17 },
      },
      {
        ...{
          seq: 3,
          event_type: "records_dropped",
          timestamp: toTimestamp(NOON + 21_000_003),
          run_id: "run-1",
          symbol: null,
        },
        ...{ data_json: "{}", trace_id: null, span_id: null, severity_number: 9 },
      },
    ]);
    expect(rowsOf(database, "SELECT decision, net_edge FROM decisions")).toEqual([
      { decision: "REJECT", net_edge: "1.20" },
    ]);
    expect(rowsOf(database, "SELECT instance_id, service_name FROM instances")).toEqual([
      { instance_id: "a", service_name: null },
    ]);
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it("done again and again, of overlapping shards, in any order, gives the same rows and counts: import(import(x)) = import(x)", async () => {
    const line = fc.record({
      instance_id: fc.constantFrom("a", "b"),
      seq: fc.integer({ min: 1, max: 12 }),
      event_type: fc.constantFrom("decision", "signal_rejected", "signal_generated", "scan_started"),
      symbol: fc.constantFrom("BTC/USDT", "ETH/USDT", ""),
      run_id: fc.constantFrom("", "run-1", "run-2"),
    });
    const shard = fc.record({
      file: fc.constantFrom(
        EVENTS,
        `${EVENTS}.gz`,
        LOGS,
        "data/events/20261120/events.b.jsonl",
        "data/events/20261121/events.p1.jsonl.gz",
      ),
      lines: fc.array(line, { maxLength: 10 }),
    });
    // What a record holds is said by its instance and number: that is what makes it the same.
    const textOf = (one: { instance_id: string; seq: number; event_type: string }) =>
      lineOf({
        ...one,
        timestamp: toTimestamp(NOON + one.seq * 1_800e6),
        data: {
          reason_code: "gate_failed",
          reason: `no ${one.seq}`,
          confidence_score: one.seq * 8,
          decision: "REJECT",
        },
      });
    const same = (seq: number, instance: string) => ({ instance_id: instance, seq });
    await fc.assert(
      fc.asyncProperty(fc.array(shard, { maxLength: 4 }), fc.integer({ min: 1, max: 3 }), async (shards, times) => {
        const first = new Map<string, string>();
        const files: Record<string, string> = {};
        for (const { file, lines } of shards)
          for (const one of lines) {
            const key = JSON.stringify(same(one.seq, one.instance_id));
            if (!first.has(key)) first.set(key, textOf(one));
            files[file] = (files[file] ?? "") + first.get(key)!;
          }
        const once = createTestDatabase();
        await importJournal(once.writer, journalOf({ [EVENTS]: [...first.values()].join("") }));
        const again = createTestDatabase();
        const dir = journalOf(files);
        for (let i = 0; i <= times; i++) {
          const result = await importJournal(again.writer, dir);
          expect(result.records).toBe(result.written + result.duplicates);
          expect(result.written).toBe(i === 0 ? first.size : 0);
        }
        expect(contentOf(again.database)).toEqual(contentOf(once.database));
        expect(keptCounts(again.database)).toEqual(recount(again.database));
        once.database.close();
        again.database.close();
      }),
      { numRuns: 25 },
    );
  });

  it("adds nothing to what came by another way before, and the name of the service stays", async () => {
    const { database, writer } = createTestDatabase();
    const dir = journalOf({ [EVENTS]: lineOf({ seq: 1 }) + lineOf({ seq: 2 }) });
    const source = { serviceName: "bot", instanceId: "a" };
    const timestamp = toTimestamp(NOON + 7_000_001);
    const ids = { traceId: undefined, spanId: undefined, symbol: undefined };
    writer.writeEvents([
      { eventType: "scan_started", timestamp, source, seq: 1, runId: "run-1", severityNumber: 9, data: {}, ...ids },
    ]);
    expect(await importJournal(writer, dir)).toMatchObject({ records: 2, written: 1, duplicates: 1 });
    expect(rowsOf(database, "SELECT seq FROM telemetry_events ORDER BY id")).toEqual([{ seq: 1 }, { seq: 2 }]);
    expect(rowsOf(database, "SELECT instance_id, service_name FROM instances")).toEqual([
      { instance_id: "a", service_name: "bot" },
    ]);
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it("gives the rows that the same records give over OTLP, and none twice", async () => {
    const [viaOtlp, viaJournal] = [createTestDatabase(), createTestDatabase()];
    const trace = { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" };
    const data = {
      decision: "REJECT",
      reason_code: "insufficient_edge",
      net_edge: "1.20",
      min_threshold: "1.50",
      note: "'\u2028",
    };
    const dir = journalOf({ [EVENTS]: lineOf({ seq: 7, event_type: "decision", symbol: "BTC/USDT", data, ...trace }) });
    const attributes = { ...data, seq: 7, run_id: "run-1", symbol: "BTC/USDT" };
    const record = {
      timeUnixNano: `${NOON + 7 * 7_000_001}000`,
      severityNumber: 9,
      eventName: "trading.decision",
      traceId: trace.trace_id,
      spanId: trace.span_id,
      attributes: Object.entries(attributes).map(([key, value]) => ({
        key: `trading.${key}`,
        value: typeof value === "number" ? { intValue: value } : { stringValue: value },
      })),
    };
    const resource = { attributes: [{ key: "service.instance.id", value: { stringValue: "a" } }] };
    const body = Buffer.from(JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }));
    expect(viaOtlp.writer.takeOtlp("logs", body, "json")).toMatchObject({ written: 1, rejected: 0 });
    await importJournal(viaJournal.writer, dir);
    expect(contentOf(viaJournal.database)).toEqual(contentOf(viaOtlp.database));
    expect(await importJournal(viaOtlp.writer, dir)).toMatchObject({ written: 0, duplicates: 1 });
    expect(viaJournal.writer.takeOtlp("logs", body, "json")).toMatchObject({ written: 0, duplicates: 1 });
  });

  it("can be narrowed to a range of time", async () => {
    const { database, writer } = createTestDatabase();
    const dir = journalOf({ [EVENTS]: [1, 2, 3, 4].map((seq) => lineOf({ seq })).join("") });
    const result = await importJournal(writer, dir, {
      from: toTimestamp(NOON + 14_000_000),
      to: toTimestamp(NOON + 28_000_004),
    });
    expect(result).toMatchObject({ records: 2, written: 2 });
    expect(rowsOf(database, "SELECT seq FROM telemetry_events")).toEqual([{ seq: 2 }, { seq: 3 }]);
  });

  it("counts what cannot be read, and what has no time, and takes the rest", async () => {
    const { database, writer } = createTestDatabase();
    const dir = journalOf({
      [EVENTS]: `${lineOf({ seq: 1 })}garbage\n${lineOf({ seq: 2, timestamp: "yesterday" })}{"seq":3}\n${lineOf({ seq: 4 })}{"seq":5,"inst`,
      [`${EVENTS.replace("events.jsonl", "events.x.jsonl")}.gz`]: lineOf({
        seq: 9,
        timestamp: "2026-11-20T13:34:56.5+01:00",
      }),
    });
    expect(await importJournal(writer, dir)).toEqual({ records: 3, written: 3, duplicates: 0, skipped: 4, files: 2 });
    expect(rowsOf(database, "SELECT seq, timestamp FROM telemetry_events WHERE seq = 9")).toEqual([
      { seq: 9, timestamp: "2026-11-20T12:34:56.500000Z" },
    ]);
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it.each([31, 32, 999, 5_000, 100_000])(
    "takes a record that is nested %i deep, and the others of its batch",
    async (depth) => {
      const { database, writer } = createTestDatabase();
      const deep = lineOf({ seq: 2, data: { x: "PLACE" } }).replace('"PLACE"', "[".repeat(depth) + "]".repeat(depth));
      const dir = journalOf({ [EVENTS]: lineOf({ seq: 1 }) + deep + lineOf({ seq: 3 }) });
      expect(await importJournal(writer, dir)).toMatchObject({ records: 3, written: 3, skipped: 0 });
      const [row] = rowsOf(database, "SELECT data_json AS data, event_name FROM telemetry_events WHERE seq = 2");
      if (depth < 32) expect(row!["data"]).toBe(`{"x":${"[".repeat(depth)}${"]".repeat(depth)}}`);
      else expect(String(row!["data"])).toMatch(/^\{"x":\[{31}"(\[+\]+|\(nested too deeply\))"\]{31}\}$/);
    },
  );

  it("lets others write between batches, and tells how far it is", async () => {
    const { database, writer } = createTestDatabase();
    const dir = journalOf({ [EVENTS]: Array.from({ length: 2_500 }, (_, i) => lineOf({ seq: i + 1 })).join("") });
    const seen: number[] = [];
    let live = 0;
    const timer = setInterval(() => {
      live++;
      const base = {
        eventType: "live",
        timestamp: toTimestamp(NOON),
        runId: undefined,
        symbol: undefined,
        severityNumber: 9,
      };
      const ids = { traceId: undefined, spanId: undefined, seq: live, data: {} };
      writer.writeEvents([{ ...base, ...ids, source: { serviceName: "live", instanceId: "live" } }]);
    }, 0);
    const result = await importJournal(writer, dir, { onProgress: ({ records }) => seen.push(records) });
    clearInterval(timer);
    expect(result).toMatchObject({ records: 2_500, written: 2_500 });
    expect(seen).toEqual([1_000, 2_000, 2_500]);
    const [row] = rowsOf(database, "SELECT min(id) AS first FROM telemetry_events WHERE event_type = 'live'");
    expect(live).toBeGreaterThan(0);
    expect(row!["first"]).toBeLessThanOrEqual(2_001);
  });

  it("that fails in the middle leaves whole batches, and the next one completes it", async () => {
    const { database, writer } = createTestDatabase();
    const dir = journalOf({ [EVENTS]: Array.from({ length: 1_500 }, (_, i) => lineOf({ seq: i + 1 })).join("") });
    let batches = 0;
    const failing = {
      writeEvents: (events: Parameters<typeof writer.writeEvents>[0]) => {
        if (++batches === 2) throw new Error("the disk is gone");
        return writer.writeEvents(events);
      },
    };
    await expect(importJournal(failing, dir)).rejects.toThrow("the disk is gone");
    expect(rowsOf(database, "SELECT count(*) AS n FROM telemetry_events")).toEqual([{ n: 1_000 }]);
    expect(await importJournal(writer, dir)).toMatchObject({ records: 1_500, written: 500, duplicates: 1_000 });
    expect(keptCounts(database)).toEqual(recount(database));
  });

  it("of a copy of a journal that goes on brings only what is new", async () => {
    const { writer } = createTestDatabase();
    const dir = journalOf({ [EVENTS]: lineOf({ seq: 1 }) + lineOf({ seq: 2 }) });
    await importJournal(writer, dir);
    const copy = testFolder();
    cpSync(dir, copy, { recursive: true });
    journalOf({ [EVENTS]: [1, 2, 3].map((seq) => lineOf({ seq })).join("") }, copy);
    expect(await importJournal(writer, copy)).toMatchObject({ written: 1, duplicates: 2 });
  });

  it("of a folder that is not there fails with the journal's code", async () => {
    const { writer } = createTestDatabase();
    await expect(importJournal(writer, "/no/such/journal")).rejects.toThrow(JournalError);
  });
});

describe("a timestamp", () => {
  it.each([
    ["2026-11-20T12:34:56.789012Z", "2026-11-20T12:34:56.789012Z"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
    ["0000-01-01T00:00:00.000000Z", "0000-01-01T00:00:00.000000Z"],
    ["2026-11-20T12:34:56Z", "2026-11-20T12:34:56.000000Z"],
    ["2026-11-20T12:34:56.789012345+02:00", "2026-11-20T10:34:56.789012Z"],
    ["2026-02-30T12:00:00.000000Z", "2026-03-02T12:00:00.000000Z"],
    ["2026-11-20T24:00:00.000000Z", "2026-11-21T00:00:00.000000Z"],
    ["2026-11-20T23:59:60.000000Z", undefined],
    ["2026-13-20T12:34:56.789012Z", undefined],
    ["2026-11-20T12:34:56.789012", undefined],
    ["", undefined],
  ])("%j is stored as %j", (text, stored) => {
    expect(toExactTimestamp(text)).toBe(stored);
  });
});
