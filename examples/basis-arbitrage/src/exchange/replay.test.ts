import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Market } from "../market/market.ts";
import { createOrderBook } from "../market/order-book.ts";
import { openRecordings } from "../market/recording.ts";
import type { RecordingLine } from "../market/recording-line.ts";
import { haveRecordedData, RECORDED_FILES } from "../market/testing/recorded-data.ts";
import { levelsText } from "./market-message.ts";
import { createSimulatedMarket, STEP_MS } from "./simulated-market.ts";
import { rulesOf } from "./symbol-rules.ts";
import { type ExchangeProcess, forkExchange } from "./testing/exchange-process.ts";
import { sendSigned } from "./testing/signed-request.ts";
import { type Arrival, followMarket } from "./testing/stream-client.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const folder = temporaryFolder();
const running: ExchangeProcess[] = [];
afterEach(() => {
  for (const { child } of running.splice(0)) child.kill("SIGKILL");
});

const RECORDED_MS = 1_723_161_255_000;

/** Both markets of a simulated minute, each in a file of its own, with a snapshot a little after the start. */
function record(name: string, seconds: number): string[] {
  const market = createSimulatedMarket({ seed: 21, symbol: "BTCUSDT", messagesPerSecond: 400 });
  const files = { spot: [] as string[], usdm: [] as string[] };
  let stampNs = BigInt(RECORDED_MS) * 1_000_000n;
  const write = (to: string[], text: string) => {
    stampNs += 137_011n;
    to.push(`${stampNs} ${text}`);
  };
  for (let timeMs = 0; timeMs < seconds * 1_000; timeMs += STEP_MS) {
    // The exchange's clock was ahead of the recorder's.
    for (const { frame, text } of market.step(RECORDED_MS + timeMs + 1_250)) write(files[frame.market], text);
    for (const to of ["spot", "usdm"] as const) {
      if (timeMs !== (to === "spot" ? 500 : 700)) continue;
      const { lastUpdateId, bids, asks } = market.snapshot(to);
      const rules = rulesOf(to, "BTCUSDT");
      const times = to === "usdm" ? `"E":${RECORDED_MS + timeMs},"T":${RECORDED_MS + timeMs},` : "";
      write(
        files[to],
        `{"lastUpdateId":${lastUpdateId},${times}"bids":${levelsText(rules, bids)},"asks":${levelsText(rules, asks)}}`,
      );
    }
  }
  return (["spot", "usdm"] as const).map((to) => {
    const file = join(folder, `${name}-${to}.jsonl`);
    writeFileSync(file, `${files[to].join("\n")}\n`);
    return file;
  });
}

async function linesOf(files: readonly string[]): Promise<RecordingLine[]> {
  const lines: RecordingLine[] = [];
  for await (const line of (await openRecordings(files)).lines()) lines.push(line);
  return lines;
}

/** Plays files to a client of both markets until the end. */
async function play(files: readonly string[], ...args: string[]) {
  const startedMs = Date.now();
  const exchange = forkExchange([...files.flatMap((file) => ["--recording", file]), ...args]);
  running.push(exchange);
  const { spotPort = 0, usdmPort = 0 } = await exchange.message("ready");
  const arrivals: Arrival[] = [];
  const spot = await followMarket("spot", spotPort, arrivals);
  const usdm = await followMarket("usdm", usdmPort, arrivals);
  const closes = await Promise.all([spot.closed, usdm.closed]);
  const end = await exchange.message("end");
  return {
    startedMs,
    exchange,
    arrivals,
    books: { spot: spot.book, usdm: usdm.book },
    tops: { spot: spot.tops, usdm: usdm.tops },
    closes,
    end,
    spotPort,
    usdmPort,
  };
}

/** What the best levels truly were after every update of a market. */
function topsById(lines: readonly RecordingLine[], market: Market): ReadonlyMap<number, string> {
  const book = createOrderBook(market, "BTCUSDT");
  const tops = new Map<number, string>();
  for (const line of lines) {
    if (line.market !== market) continue;
    if (line.kind === "snapshot") book.applySnapshot(line.snapshot);
    else if (line.frame.kind === "depth") book.applyDepth(line.frame);
    if (book.lastUpdateId !== undefined) tops.set(book.lastUpdateId, JSON.stringify(book.top(5)));
  }
  return tops;
}

/** A message with its times taken out: what must be byte-identical. */
function untimed(text: string): string {
  return text.replace(/"([ET])":\d+/g, '"$1":0');
}

function timeOf(text: string): number | undefined {
  const [, time] = /"E":(\d+)/.exec(text) ?? [];
  return time === undefined ? undefined : Number(time);
}

/** Everything arrived in the recorded order, byte for byte, times moved by as much as the messages themselves. */
function expectAsRecorded(lines: readonly RecordingLine[], arrivals: readonly Arrival[], startedMs: number): void {
  const told = (kind: string, market: string, text: string) => `${kind} ${market} ${untimed(text)}`;
  expect(arrivals.map(({ kind, market, text }) => told(kind, market, text))).toEqual(
    lines.map((line) => told(line.kind === "snapshot" ? "snapshot" : line.frame.kind, line.market, line.text)),
  );
  lines.forEach((line, index) => {
    const [before, after] = [timeOf(line.text), timeOf(arrivals[index]?.text ?? "")];
    if (before === undefined || after === undefined) return;
    const sentMs = after - before + Number(line.receivedNs / 1_000_000n);
    expect(sentMs).toBeGreaterThanOrEqual(startedMs);
    expect(sentMs).toBeLessThanOrEqual(arrivals[index]?.atMs ?? 0);
  });
}

describe("a replay at full speed", () => {
  it("keeps the merged order over both sockets, snapshots included, and ends by itself", async () => {
    const files = record("order", 10);
    const lines = await linesOf(files);
    const { arrivals, startedMs, closes, end, books } = await play(files, "--speed", "max");
    expectAsRecorded(lines, arrivals, startedMs);
    const farewell = { code: 1000, reason: "end of recording" };
    expect(closes).toEqual([farewell, farewell]);
    expect(end).toEqual({ type: "end", frames: lines.length - 2, badLines: 0 });
    expect([books.spot.state, books.spot.gaps, books.usdm.state, books.usdm.gaps]).toEqual(["live", 0, "live", 0]);
  });

  it("still takes orders after the end, and stops when told to", async () => {
    const { exchange, spotPort } = await play(record("after", 2), "--speed", "max", "--reject-ratio", "0");
    const parameters = {
      symbol: "BTCUSDT",
      side: "BUY",
      type: "MARKET",
      quantity: "0.1",
      timestamp: String(Date.now()),
    };
    const { status, body } = await sendSigned({ url: `http://127.0.0.1:${spotPort}/api/v3/order`, parameters });
    expect([status, body.status]).toEqual([200, "FILLED"]);
    exchange.child.send({ type: "stop" });
    expect(await exchange.ended).toEqual({ code: 0, signal: null });
  });

  it("answers a resync at once from the exchange's own book, so that lost updates heal", async () => {
    const files = record("lost", 10);
    const lines = await linesOf(files);
    const { books, tops, end, arrivals } = await play(
      files,
      ...["--speed", "max", "--drop-depth", "7", "--malformed", "100"],
    );
    expect(lines.length - 2 - (end.frames ?? 0)).toBeGreaterThan(10);
    expect(arrivals.filter(({ kind }) => kind === "malformed").length).toBeGreaterThan(20);
    for (const market of ["spot", "usdm"] as const) {
      expect(books[market].gaps).toBeGreaterThan(0);
      expect(books[market].snapshots).toBeGreaterThan(1);
      const truth = topsById(lines, market);
      expect(tops[market].size).toBeGreaterThan(10);
      for (const [id, top] of tops[market]) expect(top).toBe(truth.get(id));
    }
  });

  it("waits for a client that goes away, and goes on when it is back", async () => {
    const files = record("back", 4);
    const exchange = forkExchange([...files.flatMap((file) => ["--recording", file]), "--speed", "max"]);
    running.push(exchange);
    const { spotPort = 0, usdmPort = 0 } = await exchange.message("ready");
    const arrivals: Arrival[] = [];
    const first = await followMarket("spot", spotPort, arrivals);
    first.close();
    expect(await first.closed).toMatchObject({ code: 1005 });
    await followMarket("usdm", usdmPort, arrivals);
    expect(arrivals).toEqual([]);
    await followMarket("spot", spotPort, arrivals);
    const { frames } = await exchange.message("end");
    expect(frames).toBe((await linesOf(files)).length - 2);
  });
});

describe("a replay at ten times the speed of time", () => {
  it("keeps order and times just the same", async () => {
    const files = record("paced", 3);
    const { arrivals, startedMs } = await play(files, "--speed", "10");
    expectAsRecorded(await linesOf(files), arrivals, startedMs);
  });
});

describe.skipIf(!haveRecordedData())("a replay of real recordings", () => {
  it("keeps the merged order and both books continuous", async () => {
    const files: string[] = [];
    const taken = { spot: [] as string[], usdm: [] as string[] };
    for await (const { market, receivedNs, text } of (await openRecordings(RECORDED_FILES)).lines()) {
      taken[market].push(`${receivedNs} ${text}`);
      if (taken.spot.length + taken.usdm.length === 6_000) break;
    }
    for (const market of ["spot", "usdm"] as const) {
      files.push(join(folder, `real-${market}.jsonl`));
      writeFileSync(files.at(-1) ?? "", taken[market].join("\n"));
    }
    const lines = await linesOf(files);
    const { arrivals, startedMs, end, books } = await play(files, "--speed", "max");
    expectAsRecorded(lines, arrivals, startedMs);
    expect(end.frames).toBe(5_998);
    expect([books.spot.gaps, books.usdm.gaps, books.spot.state, books.usdm.state]).toEqual([0, 0, "live", "live"]);
  });
});
