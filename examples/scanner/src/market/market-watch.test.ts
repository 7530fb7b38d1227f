// The watch on a venue that a test scripts: what it takes in, what it makes of silence, and how it survives what venues do.
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ScriptedVenue, startScriptedVenue } from "../testing/scripted-venue.ts";
import { connectMarketWatch, type MarketWatch } from "./market-watch.ts";

const SYMBOLS = ["BTCUSDT", "MATICUSDT"];
const BOOK = `{"lastUpdateId":10,"bids":[["100.00","5"]],"asks":[["101.00","5"]]}`;
const REFUSAL = `{"code":-1121,"msg":"Invalid symbol."}`;

let venue: ScriptedVenue | undefined;
let watch: MarketWatch | undefined;
afterEach(async () => {
  watch?.close();
  await venue?.close();
});

/** A venue that knows BTCUSDT alone, and a watch that is connected to it. */
async function start(): Promise<{ venue: ScriptedVenue; watch: MarketWatch }> {
  const started = await startScriptedVenue((symbol) =>
    symbol === "BTCUSDT" ? { status: 200, body: BOOK } : { status: 400, body: REFUSAL },
  );
  venue = started;
  const logger = pino({ level: "silent" });
  const { streamUrl, restUrl } = started;
  const connected = connectMarketWatch({ streamUrl, restUrl, symbols: SYMBOLS, candleMs: 1_000, logger });
  watch = connected;
  await vi.waitUntil(() => connected.isSilent("BTCUSDT"));
  return { venue: started, watch: connected };
}

function depth(updateId: number, eventTimeMs: number, symbol = "BTCUSDT"): string {
  const head = `"e":"depthUpdate","E":${eventTimeMs},"s":"${symbol}","U":${updateId},"u":${updateId}`;
  return `{"stream":"${symbol.toLowerCase()}@depth@100ms","data":{${head},"b":[["100.00","${updateId}"]],"a":[]}}`;
}

/** Brings BTCUSDT into step, with some complete candles. */
async function follow({ venue, watch }: { venue: ScriptedVenue; watch: MarketWatch }): Promise<void> {
  let updateId = 10;
  await vi.waitUntil(() => {
    updateId++;
    venue.send(depth(updateId, 1_700_000_000_000 + updateId * 500));
    return watch.look(["BTCUSDT"])[0]?.market !== undefined;
  });
}

describe("a watched market", () => {
  it("is every stream of every symbol on one connection", async () => {
    const { venue } = await start();
    const streams = SYMBOLS.map((symbol) => symbol.toLowerCase()).flatMap((name) =>
      ["depth@100ms", "bookTicker", "trade"].map((stream) => `${name}@${stream}`),
    );
    expect(venue.connections).toEqual([`/stream?streams=${streams.join("/")}`]);
  });

  it("takes hostile frames for what they are, counts them, and goes on", async () => {
    const parts = await start();
    const hostile = [
      "",
      "{",
      "[]",
      "null",
      `{"stream":"btcusdt@depth","data":{"s":"__proto__"}}`,
      depth(1, 1, "XRPUSDT"),
    ];
    for (const text of hostile) parts.venue.send(text);
    await follow(parts);
    expect(parts.watch.counts.malformedFrames).toBe(hostile.length);
    expect(parts.watch.look(["BTCUSDT"])[0]).toMatchObject({ isConnected: true, error: undefined });
  });

  it("is silent about a symbol that it does not know, and says so when it is asked", async () => {
    const parts = await start();
    await follow(parts);
    expect(SYMBOLS.map((symbol) => parts.watch.isSilent(symbol))).toEqual([false, true]);
    await parts.watch.ask("MATICUSDT");
    const [look] = parts.watch.look(["MATICUSDT"]);
    expect(look).toMatchObject({ isConnected: true, market: undefined, candleCount: 0 });
    expect(String(look?.error)).toContain("Invalid symbol.");
  });

  it("forgets what it knew when the connection is lost, and comes back by itself", async () => {
    const parts = await start();
    await follow(parts);
    parts.venue.dismiss(1011, "restarting");
    await vi.waitUntil(() => parts.watch.look(["BTCUSDT"])[0]?.isConnected === false);
    expect(parts.watch.look(["BTCUSDT"])[0]).toMatchObject({ market: undefined, candleCount: 0 });
    expect(parts.watch.isSilent("BTCUSDT")).toBe(false);
    await vi.waitUntil(() => parts.watch.isSilent("BTCUSDT"), { timeout: 10_000 });
    await follow(parts);
    expect(parts.venue.connections).toHaveLength(2);
  });

  it("has ended when the venue says that there is no more to come, and may still be looked at", async () => {
    const parts = await start();
    await follow(parts);
    parts.venue.dismiss(1000, "end of recording");
    await parts.watch.ended;
    expect(parts.watch.look(["BTCUSDT"])[0]?.isConnected).toBe(true);
    expect(parts.watch.look(["BTCUSDT"])[0]?.market).toBeDefined();
  });

  it("knows of no symbol that is not on its list", async () => {
    const { watch } = await start();
    expect(watch.look(["XRPUSDT"])).toEqual([]);
    expect(watch.isSilent("XRPUSDT")).toBe(false);
    await watch.ask("XRPUSDT");
  });
});
