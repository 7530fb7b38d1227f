import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRecordings } from "./recording.ts";
import type { RecordingProblem } from "./recording-file.ts";
import type { RecordingLine } from "./recording-line.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "recording-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const BASE_NS = 1_723_161_253_000_000_000n;

function depth(offset: number, id: number, usdm: boolean, symbol = "BTCUSDT"): string {
  const previous = usdm ? `"pu":${id - 1},` : "";
  return `${BASE_NS + BigInt(offset)} {"stream":"${symbol.toLowerCase()}@depth","data":{"e":"depthUpdate","E":1,"s":"${symbol}","U":${id},"u":${id},${previous}"b":[],"a":[]}}`;
}

function trade(offset: number, id: number): string {
  return `${BASE_NS + BigInt(offset)} {"stream":"btcusdt@trade","data":{"e":"trade","E":1,"s":"BTCUSDT","t":${id},"p":"1","q":"1","T":1,"m":true}}`;
}

function snapshot(offset: number, id: number): string {
  return `${BASE_NS + BigInt(offset)} {"lastUpdateId":${id},"bids":[["1","1"]],"asks":[]}`;
}

function write(name: string, lines: readonly string[], end = "\n"): string {
  const file = join(directory, name);
  const text = lines.join("\n") + end;
  writeFileSync(file, name.endsWith(".gz") ? gzipSync(text) : text);
  return file;
}

async function readAll(files: readonly string[]) {
  const problems: RecordingProblem[] = [];
  const recordings = await openRecordings(files, (problem) => problems.push(problem));
  const lines: RecordingLine[] = [];
  for await (const line of recordings.lines()) lines.push(line);
  return { lines, problems, sources: recordings.sources, badLines: recordings.badLines };
}

describe("recordings", () => {
  it("tell market and symbol from their frames, also for lines before the first depth update", async () => {
    const usdm = write("usdm.jsonl", [trade(1, 7), snapshot(2, 10), depth(3, 10, true)]);
    const spot = write("spot.jsonl.gz", [snapshot(4, 20), trade(5, 8), depth(6, 21, false)]);
    const { lines, sources, badLines } = await readAll([usdm, spot]);
    expect(sources.map(({ market, symbol }) => [market, symbol])).toEqual([
      ["usdm", "BTCUSDT"],
      ["spot", "BTCUSDT"],
    ]);
    expect(lines.map(({ kind, market, symbol }) => `${kind} ${market} ${symbol}`)).toEqual([
      "stream usdm BTCUSDT",
      "snapshot usdm BTCUSDT",
      "stream usdm BTCUSDT",
      "snapshot spot BTCUSDT",
      "stream spot BTCUSDT",
      "stream spot BTCUSDT",
    ]);
    expect(badLines).toBe(0);
  });

  it("are merged by receive time; equal times keep the order of the files, and a file its own order", async () => {
    const first = write("a.jsonl", [depth(10, 1, false), trade(30, 1), trade(30, 2), trade(20, 3)]);
    const second = write("b.jsonl", [depth(5, 1, true), trade(30, 4), trade(40, 5)]);
    const { lines } = await readAll([first, second]);
    const ids = lines.map((line) => (line.kind === "stream" && line.frame.kind === "trade" ? line.frame.tradeId : 0));
    expect(ids).toEqual([0, 0, 1, 2, 3, 4, 5]);
    expect(lines.map(({ market }) => market).join(" ")).toBe("usdm spot spot spot spot usdm usdm");
  });

  it("give the text byte for byte", async () => {
    const odd = `${BASE_NS} {"stream":"btcusdt@depth","data":{"e":"depthUpdate", "E":1,"s":"BTCUSDT","U":1,"u":1,"b":[],"a":[],"x":"é ☃"}}`;
    const { lines } = await readAll([write("odd.jsonl", [odd], "")]);
    expect(lines[0]?.text).toBe(odd.slice(20));
    expect(lines[0]?.receivedNs).toBe(BASE_NS);
  });

  it("give a snapshot to the symbol whose updates it fits", async () => {
    const file = write("two.jsonl", [depth(1, 100, false), depth(2, 9_000, false, "ETHUSDT"), snapshot(3, 9_001)]);
    const { lines } = await readAll([file]);
    expect(lines.at(-1)).toMatchObject({ kind: "snapshot", symbol: "ETHUSDT" });
  });

  it("report bad lines by file and number, count them, and go on", async () => {
    const wrongMarket = depth(50, 3, true);
    const file = write("bad.jsonl", [
      depth(1, 1, false),
      "garbage",
      `${BASE_NS} {"stream":`,
      "",
      wrongMarket,
      trade(60, 2),
    ]);
    const { lines, problems, badLines } = await readAll([file]);
    expect(lines).toHaveLength(2);
    expect(problems).toEqual([
      { file, line: 2, reason: "no_receive_time" },
      { file, line: 3, reason: "not_json" },
      // Read before the market was certain, so it is told by its content.
      { file, line: 5, reason: "wrong_market" },
    ]);
    expect(badLines).toBe(3);
  });

  it("leave out streams that are not replayed without calling them bad", async () => {
    const other = trade(2, 1).replace("@trade", "@aggTrade");
    const { lines, badLines } = await readAll([write("other.jsonl", [depth(1, 1, false), other, trade(3, 2)])]);
    expect([lines.length, badLines]).toEqual([2, 0]);
  });

  it("end where a torn gzip file ends, with a report", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      index === 0 ? depth(0, 1, false) : trade(index, index * 7_919),
    );
    const whole = gzipSync(lines.join("\n"));
    const file = join(directory, "torn.jsonl.gz");
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    const { lines: read, problems } = await readAll([file]);
    expect(read.length).toBeGreaterThan(1_000);
    expect(read.length).toBeLessThan(20_000);
    expect(problems.at(-1)).toMatchObject({ file, reason: "unexpected end of file" });
  });

  it("that are missing are named, with what to do about it", async () => {
    const file = join(directory, "nowhere.jsonl.gz");
    await expect(openRecordings([file])).rejects.toMatchObject({
      code: "recording_missing",
      message: expect.stringMatching(/nowhere\.jsonl\.gz.*--recording/s),
    });
  });

  it("without market data are refused", async () => {
    const file = write("empty.jsonl", [snapshot(1, 1)]);
    await expect(openRecordings([file])).rejects.toMatchObject({ code: "recording_unusable" });
    await expect(openRecordings([directory])).rejects.toMatchObject({ code: "recording_unusable" });
  });

  it("can be given up halfway", async () => {
    const recordings = await openRecordings([write("half.jsonl", [depth(1, 1, false), trade(2, 2)])]);
    for await (const line of recordings.lines()) {
      expect(line.kind).toBe("stream");
      break;
    }
    await recordings.close();
  });
});
