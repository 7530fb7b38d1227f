import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { createManualClock, toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect, createInstance, filesIn, KINDS, NOON, openJournal, testFolder } from "../test/records.ts";
import { createReadReport, JournalError, type JournalRecord, readJournal, readLatencies } from "./index.ts";

const DAY = "data/events/20261120";

function lineOf(seq: number, timestamp: string, instance = "a"): string {
  return `${JSON.stringify({ seq, instance_id: instance, event_type: "x", timestamp, run_id: "", data: {} })}\n`;
}

/** A folder with files of the given content, compressed where their name says so. */
function folderOf(files: Record<string, string>): string {
  const dir = testFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(dir, dirname(file)), { recursive: true });
    writeFileSync(join(dir, file), file.endsWith(".gz") ? gzipSync(text) : text);
  }
  return dir;
}

const key = (record: JournalRecord) => `${record.instance_id} ${record.seq}`;

describe("the order of a journal", () => {
  it("is seq within an instance, over all its files and days", async () => {
    const { journal, dir, clock, accept } = openJournal();
    for (let i = 0; i < 60; i++) {
      clock.advanceTo(NOON + i * 3_600_000_000);
      accept(i % 3 === 0 ? KINDS.riskPassed : KINDS.decision);
    }
    await journal.close();
    expect(filesIn(dir).length).toBeGreaterThan(5);
    const seqs = (await collect(readJournal(dir))).map((record) => record.seq);
    expect(seqs).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it("is time between instances that run at once, the same at every reading, whatever files they wrote", async () => {
    const record = fc.record({
      instance: fc.constantFrom("a", "b", "c"),
      isTelemetry: fc.boolean(),
      passMicros: fc.constantFrom(0, 1_000, 60_000_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 60 }), async (records) => {
        const clock = createManualClock(NOON);
        const seqs: Record<string, number> = {};
        const files: Record<string, string> = {};
        const expected: (readonly [string, string, number])[] = [];
        for (const { instance, isTelemetry, passMicros } of records) {
          clock.advanceTo(clock.epochMicros(clock.nowMs()) + passMicros);
          const seq = (seqs[instance] ?? 0) + 1;
          seqs[instance] = seq;
          const timestamp = toTimestamp(clock.epochMicros(clock.nowMs()));
          const file = isTelemetry ? `logs/telemetry.${instance}.jsonl` : `${DAY}/events.${instance}.jsonl.gz`;
          files[file] = (files[file] ?? "") + lineOf(seq, timestamp, instance);
          expected.push([timestamp, instance, seq]);
        }
        const read = (await collect(readJournal(folderOf(files)))).map(
          (each) => [each.timestamp, each.instance_id, each.seq] as const,
        );
        const order = (a: (typeof expected)[number], b: typeof a) =>
          a[0].localeCompare(b[0]) || a[1].localeCompare(b[1]) || a[2] - b[2];
        expect(read).toEqual(expected.sort(order));
      }),
      { numRuns: 60 },
    );
  });

  it("is that of the files for instances that wrote them one after another, also when the second one's clock is behind", async () => {
    const dir = folderOf({
      [`${DAY}/events.jsonl`]:
        lineOf(1, "2026-11-20T13:00:00.000000Z", "b") +
        lineOf(3, "2026-11-20T13:00:02.000000Z", "b") +
        lineOf(1, "2026-11-20T12:00:00.000000Z", "a") +
        lineOf(3, "2026-11-20T12:00:02.000000Z", "a"),
      "logs/telemetry.jsonl":
        lineOf(2, "2026-11-20T13:00:01.000000Z", "b") + lineOf(2, "2026-11-20T12:00:01.000000Z", "a"),
    });
    expect((await collect(readJournal(dir))).map(key)).toEqual(["b 1", "b 2", "b 3", "a 1", "a 2", "a 3"]);
  });

  it("is seq also where the wall clock stepped back", async () => {
    const dir = folderOf({
      [`${DAY}/events.jsonl`]: lineOf(1, "2026-11-20T23:59:59.000000Z") + lineOf(4, "2026-11-20T23:59:58.000000Z"),
      "data/events/20261121/events.jsonl":
        lineOf(2, "2026-11-21T00:00:00.000000Z") + lineOf(3, "2026-11-21T00:00:01.000000Z"),
    });
    expect((await collect(readJournal(dir))).map((record) => record.seq)).toEqual([1, 2, 3, 4]);
  });
});

describe("reading", () => {
  async function twoInstances() {
    const dir = testFolder();
    for (const [id, hour] of [
      ["a", 0],
      ["b", 6],
    ] as const) {
      const clock = createManualClock(NOON + hour * 3_600e6);
      const { journal, accept } = openJournal({ dir, instance: createInstance(id, clock) });
      accept(KINDS.decision, {}, { runId: `run-${id}` });
      accept(KINDS.riskPassed, {}, { runId: `run-${id}` });
      await journal.close();
    }
    return dir;
  }

  it.each([
    [{ instanceId: "a" }, ["a 1", "a 2"]],
    [{ runId: "run-b" }, ["b 1", "b 2"]],
    [{ eventTypes: ["decision"] }, ["a 1", "b 1"]],
    [{ from: "2026-11-20T13" }, ["b 1", "b 2"]],
    [{ to: "2026-11-20T13" }, ["a 1", "a 2"]],
    [{}, ["a 1", "a 2", "b 1", "b 2"]],
  ])("can be narrowed to %o", async (filter, expected) => {
    expect((await collect(readJournal(await twoInstances(), filter))).map(key)).toEqual(expected);
  });

  it("can stop early and leaves no file open", async () => {
    const dir = await twoInstances();
    for await (const record of readJournal(dir)) {
      expect(record.seq).toBe(1);
      break;
    }
    if (!existsSync("/proc/self/fd")) return;
    const open = readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    });
    expect(open.filter((path) => path.startsWith(dir))).toEqual([]);
  });

  it("of a path that is not there fails with a code", async () => {
    await expect(collect(readJournal("/no/such/journal"))).rejects.toThrow(JournalError);
    await expect(collect(readJournal("/no/such/journal"))).rejects.toMatchObject({ code: "no_journal" });
  });

  it("of an empty folder gives nothing", async () => {
    const report = createReadReport();
    expect(await collect(readJournal(testFolder(), { report }))).toEqual([]);
    expect(report).toMatchObject({ files: 0, records: 0, skippedCount: 0 });
  });

  it("counts every file and every record once in its report", async () => {
    const dir = await twoInstances();
    writeFileSync(join(dir, "data/events/20261120/events.zzz.jsonl"), "garbage\n");
    const report = createReadReport();
    await collect(readJournal(dir, { report, eventTypes: ["decision"] }));
    expect(report).toMatchObject({ files: 3, records: 4, skippedCount: 1, byReason: { not_json: 1 } });
  });
});

describe("the golden journal of version 1", () => {
  const GOLDEN = new URL("./testdata/journal-v1.jsonl", import.meta.url);

  it("is what the recorder writes, byte for byte", async () => {
    const { journal, dir, clock, accept } = openJournal({ instance: createInstance("golden-1"), dropBelow: "event" });
    accept(KINDS.decision);
    clock.advanceTo(NOON + 1);
    accept(KINDS.bookSnapshot, { bids: [{ price: "42150.10", size: "0.5" }], asks: [] });
    clock.advanceTo(NOON + 1_000_999);
    accept(KINDS.orderRequest, {
      client_order_id: "x-1",
      symbol: "BTC/USDT",
      side: "BUY",
      quantity: "0.0010000000000000000000000001",
    });
    accept(
      KINDS.signal,
      { note: 'naïve "漢字" 🎯\n\u2028\\', nested: { list: [1, -0.5, true, null] } },
      { traced: false, symbol: undefined },
    );
    await journal.close();
    const written = readFileSync(join(dir, "data/events/20261120/events.jsonl"), "utf8");
    expect(written).toBe(readFileSync(GOLDEN, "utf8"));
  });

  it("is read by every later version", async () => {
    const records = await collect(readJournal(GOLDEN.pathname));
    expect(
      records.map((record) => [record.seq, record.event_type, record.timestamp, record.trace_id !== undefined]),
    ).toEqual([
      [1, "decision", "2026-11-20T12:00:00.000000Z", true],
      [3, "order_request", "2026-11-20T12:00:01.000999Z", true],
      [4, "records_dropped", "2026-11-20T12:00:01.000999Z", false],
      [5, "signal", "2026-11-20T12:00:01.000999Z", false],
    ]);
    expect(records[3]!.data).toEqual({ note: 'naïve "漢字" 🎯\n\u2028\\', nested: { list: [1, -0.5, true, null] } });
    expect(records[1]!.data["quantity"]).toBe("0.0010000000000000000000000001");
  });
});

describe("latency lines", () => {
  it("are read from the folder or a file, with every field that ends in _ms", async () => {
    const dir = testFolder();
    mkdirSync(join(dir, "logs"));
    const own =
      '{"trace_id":"0af7651916cd43dd8448eb211c80319c","book_to_signal_ms":1.25,"end_to_end_ms":2.5,"flow":"tick","outcome":{"stage":"book_to_signal","reason_code":"no_signal"}}';
    // As a system without flows and outcomes wrote them.
    const plain = '{"trace_id":"abc123","ws_to_book_update_ms":10.5,"timestamp":"2025-01-31T12:34:56.789"}';
    writeFileSync(join(dir, "logs/metrics.jsonl"), `${own}\n${plain}\n{"x":1}\n{"end_to_`);
    const report = createReadReport();
    const lines = await collect(readLatencies(dir, report));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      stages: { book_to_signal_ms: 1.25, end_to_end_ms: 2.5 },
      flow: "tick",
      reasonCode: "no_signal",
    });
    expect(lines[1]).toMatchObject({ stages: { ws_to_book_update_ms: 10.5 }, traceId: "abc123", flow: undefined });
    expect(report.byReason).toEqual({ not_a_record: 1, torn: 1 });
  });
});
