import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect, KINDS, openJournal, runTool, testFolder } from "../test/records.ts";
import { createReadReport, type JournalRecord, readJournal } from "./index.ts";

/** The lines that the recorder writes for some records with awkward content. */
async function recordedLines(count: number): Promise<Buffer[]> {
  const { journal, dir, accept } = openJournal();
  for (let i = 0; i < count; i++)
    accept(KINDS.decision, { i, note: "naïve 漢字 🎯 \u2028\n\0", nested: { list: [1, { a: null }] } });
  await journal.close();
  const bytes = readFileSync(join(dir, "data/events/20261120/events.jsonl"));
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(10, from) + 1;
    lines.push(bytes.subarray(from, to));
    from = to;
  }
  return lines;
}

const parse = (line: Buffer) => JSON.parse(line.toString()) as JournalRecord;

async function read(content: Buffer, name = "events.jsonl") {
  const path = join(testFolder(), name);
  writeFileSync(path, content);
  const report = createReadReport();
  return { records: await collect(readJournal(path, { report })), report };
}

describe("a journal that was cut", () => {
  it("at any byte of its last three records gives exactly the whole records before the cut", async () => {
    const lines = await recordedLines(8);
    const all = Buffer.concat(lines);
    const path = join(testFolder(), "events.jsonl");
    const ends = lines.map((_, i) => Buffer.concat(lines.slice(0, i + 1)).length);
    const firstCut = lines.slice(0, 5).reduce((sum, line) => sum + line.length, 0);
    for (let cut = firstCut; cut <= all.length; cut++) {
      writeFileSync(path, all.subarray(0, cut));
      const report = createReadReport();
      const records = await collect(readJournal(path, { report }));
      // A record is whole when only its newline is missing.
      const whole = ends.filter((end) => end - 1 <= cut).length;
      expect(records).toEqual(lines.slice(0, whole).map(parse));
      const isBetweenLines = all[cut - 1] === 10 || cut === all.length || all[cut] === 10;
      expect(report.skippedCount).toBe(isBetweenLines ? 0 : 1);
      expect(report.byReason).toEqual(report.skippedCount === 0 ? {} : { torn: 1 });
    }
  });

  it("and continued by the next writer gives the whole records before and all after the cut", async () => {
    const lines = await recordedLines(6);
    const last = lines[2]!;
    for (let cut = 1; cut < last.length - 1; cut += 7) {
      const torn = Buffer.concat([last.subarray(0, cut), Buffer.from("\n")]);
      const { records, report } = await read(Buffer.concat([...lines.slice(0, 2), torn, ...lines.slice(3)]));
      expect(records.map((record) => record.seq)).toEqual([1, 2, 4, 5, 6]);
      expect(report.byReason).toEqual({ torn: 1 });
    }
  });
});

describe("a damaged journal", () => {
  it("loses no record but those that the damage touched, wherever a bit flips", async () => {
    const lines = await recordedLines(6);
    const all = Buffer.concat(lines);
    const expected = lines.map(parse);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: all.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const damaged = Buffer.from(all);
        damaged[at]! ^= 1 << bit;
        const { records } = await read(damaged);
        const isSame = (a: JournalRecord) => expected.some((b) => JSON.stringify(a) === JSON.stringify(b));
        const untouched = records.filter(isSame);
        // A flipped newline joins two lines; any other flip concerns one, which may still be a record, of another content.
        expect(untouched.length).toBeGreaterThanOrEqual(all[at] === 10 ? 4 : 5);
        expect(records.length - untouched.length).toBeLessThanOrEqual(1);
        expect(untouched.map((record) => record.seq)).toEqual(
          [...untouched.map((record) => record.seq)].sort((a, b) => a - b),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("gives exactly the lines that are records, whatever garbage lies between them", async () => {
    const lines = await recordedLines(5);
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10))),
      fc.json().map((text) => Buffer.from(text.replaceAll("\n", " "))),
      fc
        .constantFrom('{"seq":1}', '{"seq":', "[]", "null", '{"seq":-1,"data":{}}', "\r", " ", "\ufeff")
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 6, maxLength: 6 }), fc.boolean(), async (between, isWindows) => {
        const newline = Buffer.from(isWindows ? "\r\n" : "\n");
        const pieces = lines.flatMap((line, i) => [between[i]!, newline, line.subarray(0, -1), newline]);
        const { records } = await read(Buffer.concat([...pieces, between[5]!]));
        expect(records).toEqual(lines.map(parse));
      }),
      { numRuns: 100 },
    );
  });

  it("starts with a byte order mark, has Windows newlines, empty lines, or nothing at all", async () => {
    const lines = await recordedLines(3);
    const text = Buffer.concat(lines).toString();
    for (const [content, count] of [
      [`\ufeff${text}`, 3],
      [text.replaceAll("\n", "\r\n"), 3],
      [`\n\n${text}\n\n`, 3],
      ["", 0],
      ["\ufeff", 0],
      ["\n", 0],
    ] as const) {
      const { records, report } = await read(Buffer.from(content));
      expect(records).toHaveLength(count);
      expect(report.skippedCount).toBe(0);
    }
  });

  it("has blocks of zero bytes: before a record, between records, at the end", async () => {
    const [first, second, third] = (await recordedLines(3)) as [Buffer, Buffer, Buffer];
    const zeros = Buffer.alloc(4_096);
    const { records, report } = await read(
      Buffer.concat([first, zeros, second, zeros, Buffer.from("\n"), third, zeros]),
    );
    expect(records.map((record) => record.seq)).toEqual([1, 2, 3]);
    expect(report.byReason).toEqual({ nul_bytes: 3 });
    expect(report.skippedBytes).toBe(3 * 4_096);
  });

  it("has a line of 100 MiB: it is passed over in bounded memory", async () => {
    const [first, second] = (await recordedLines(2)) as [Buffer, Buffer];
    const path = join(testFolder(), "events.jsonl");
    const long = 100 * 1_048_576;
    const fd = openSync(path, "w");
    writeSync(fd, first);
    for (let i = 0; i < 100; i++) writeSync(fd, Buffer.alloc(1_048_576, "x"));
    writeSync(fd, "\n");
    writeSync(fd, second);
    closeSync(fd);
    const report = createReadReport();
    const before = process.memoryUsage();
    let peak = 0;
    const seqs: number[] = [];
    for await (const record of readJournal(path, { report })) {
      seqs.push(record.seq);
      peak = Math.max(peak, process.memoryUsage().external - before.external);
    }
    expect(seqs).toEqual([1, 2]);
    expect(report.skipped).toMatchObject([{ reason: "too_long", sizeBytes: long, line: 2, offset: first.length }]);
    expect(peak).toBeLessThan(60 * 1_048_576);
  });
});

describe("a compressed journal", () => {
  it("gives the same records as the plain one, in one member or several", async () => {
    const lines = await recordedLines(6);
    const whole = gzipSync(Buffer.concat(lines));
    const two = Buffer.concat([gzipSync(Buffer.concat(lines.slice(0, 2))), gzipSync(Buffer.concat(lines.slice(2)))]);
    for (const content of [whole, two]) {
      const { records, report } = await read(content, "events.jsonl.gz");
      expect(records).toEqual(lines.map(parse));
      expect(report.skippedCount).toBe(0);
    }
  });

  it("cut at any place gives a prefix of the records, and says that it is cut", async () => {
    const lines = await recordedLines(200);
    const whole = gzipSync(Buffer.concat(lines), { level: 1 });
    const expected = lines.map(parse);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), async (cut) => {
        const { records, report } = await read(whole.subarray(0, cut), "events.jsonl.gz");
        expect(records).toEqual(expected.slice(0, records.length));
        expect(report.byReason.truncated_gzip).toBe(1);
      }),
      { numRuns: 60 },
    );
    const { records } = await read(whole.subarray(0, whole.length - 9), "events.jsonl.gz");
    expect(records).toHaveLength(200);
  });

  it("of another content says that it is damaged", async () => {
    const { records, report } = await read(Buffer.from("not gzip at all"), "events.jsonl.gz");
    expect(records).toEqual([]);
    expect(report.byReason).toEqual({ damaged_gzip: 1 });
  });
});

it("a file that is a fifo, a folder, or not allowed is skipped, not waited for", async () => {
  const dir = testFolder();
  const folder = join(dir, "data/events/20261120");
  mkdirSync(join(folder, "events.x.jsonl"), { recursive: true });
  runTool("mkfifo", join(folder, "events.jsonl"));
  expect(await collect(readJournal(dir))).toEqual([]);
  const report = createReadReport();
  expect(await collect(readJournal(join(folder, "events.jsonl"), { report }))).toEqual([]);
  expect(report.byReason).toEqual({ not_a_file: 1 });
});
