import { describe, expect, it } from "vitest";
import { MARKETS } from "../market/market.ts";
import { createOrderBook, type OrderBook } from "../market/order-book.ts";
import type { MarketMessage } from "./market-message.ts";
import { createSimulatedMarket, STEP_MS } from "./simulated-market.ts";
import { SIMULATED_SYMBOLS } from "./symbol-rules.ts";

const START_MS = 1_723_161_255_000;

function simulate(seed: number, seconds: number, messagesPerSecond = 300, symbol = "BTCUSDT") {
  const market = createSimulatedMarket({ seed, symbol, messagesPerSecond });
  const books = MARKETS.map((name) => {
    const book = createOrderBook(name, symbol);
    book.applySnapshot(market.snapshot(name));
    return book;
  });
  const messages: MarketMessage[] = [];
  for (let timeMs = 0; timeMs < seconds * 1_000; timeMs += STEP_MS) messages.push(...market.step(START_MS + timeMs));
  return { market, books: { spot: books[0] as OrderBook, usdm: books[1] as OrderBook }, messages };
}

describe("a simulated market", () => {
  it("tells the same story for the same seed, byte for byte, and another one for another seed", () => {
    const texts = (seed: number) => simulate(seed, 5).messages.map(({ text }) => text);
    expect(texts(7)).toEqual(texts(7));
    expect(texts(7)).not.toEqual(texts(8));
  });

  it.each(SIMULATED_SYMBOLS)("of %s keeps books that never tear, never cross, and end as its own", (symbol) => {
    const { market, books, messages } = simulate(11, 20, 400, symbol);
    for (const { frame } of messages) {
      if (frame.kind !== "depth") continue;
      const book = books[frame.market];
      expect(book.applyDepth(frame)).toBe("applied");
      const [bid, ask] = [book.bestBid(), book.bestAsk()];
      expect(bid !== undefined && ask !== undefined && bid[0] < ask[0]).toBe(true);
    }
    for (const name of MARKETS) {
      const { bids, asks, lastUpdateId } = market.snapshot(name);
      const own = createOrderBook(name, symbol);
      own.applySnapshot({ bids, asks, lastUpdateId });
      expect(books[name].top(1_000)).toEqual(own.top(1_000));
      expect(books[name].lastUpdateId).toBe(lastUpdateId);
    }
  });

  it("publishes best prices that are the top of the book kept from its depth updates", () => {
    const { books, messages } = simulate(5, 20);
    const published = { spot: "", usdm: "" };
    let compared = 0;
    for (const { frame } of messages) {
      if (frame.kind === "bookTicker") {
        published[frame.market] = `${frame.bidPrice} ${frame.bidSize} ${frame.askPrice} ${frame.askSize}`;
      } else if (frame.kind === "depth") {
        const book = books[frame.market];
        book.applyDepth(frame);
        // Changes behind the touch, made after the last best prices were published, must not have moved the touch.
        const top = [...(book.bestBid() ?? []), ...(book.bestAsk() ?? [])].join(" ");
        if (published[frame.market] !== "") compared++;
        if (published[frame.market] !== "") expect(top).toBe(published[frame.market]);
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it("makes about as many messages as it was asked for, of all three kinds on both markets", () => {
    for (const rate of [50, 300, 3_000]) {
      const { messages } = simulate(2, 20, rate);
      expect(messages.length / 20).toBeGreaterThan(rate * 0.85);
      expect(messages.length / 20).toBeLessThan(rate * 1.15);
      const kinds = new Set(messages.map(({ frame }) => `${frame.market} ${frame.kind}`));
      expect(kinds.size).toBe(6);
    }
  });

  it.each([1, 2, 3, 4, 5])(
    "with seed %i swings between spreads worth trading and spreads not worth it within 20 s",
    (seed) => {
      const { books, messages } = simulate(seed, 20);
      const spreadsBps: number[] = [];
      for (const { frame } of messages) {
        if (frame.kind === "depth") books[frame.market].applyDepth(frame);
        const [bid, ask] = [books.spot.bestBid(), books.usdm.bestAsk()];
        if (bid !== undefined && ask !== undefined)
          spreadsBps.push(Number(((bid[0] - ask[0]) * 1_000_000n) / ask[0]) / 100);
      }
      expect(Math.min(...spreadsBps)).toBeLessThan(3);
      expect(Math.min(...spreadsBps)).toBeGreaterThan(-9);
      expect(Math.max(...spreadsBps)).toBeGreaterThan(6);
      expect(Math.max(...spreadsBps)).toBeLessThan(15);
    },
  );

  it("keeps its levels in reach of the best price, however long it runs", () => {
    const market = createSimulatedMarket({ seed: 1, symbol: "SOLUSDT", messagesPerSecond: 50 });
    for (let timeMs = 0; timeMs < 15 * 60_000; timeMs += STEP_MS) market.step(START_MS + timeMs);
    for (const name of MARKETS) {
      const { bids, asks } = market.snapshot(name);
      for (const side of [bids, asks]) {
        const [best, far] = [side[0]?.[0] ?? 0n, side.at(-1)?.[0] ?? 0n];
        expect(Math.abs(Number(far) / Number(best) - 1)).toBeLessThan(0.25);
        expect(side.length).toBeGreaterThan(300);
      }
    }
  });

  it("stamps its messages with the time it is given, where its market stamps them", () => {
    const { messages } = simulate(2, 1);
    for (const { frame } of messages) {
      const stamped = frame.market === "usdm" || frame.kind !== "bookTicker";
      expect(frame.eventTimeMs === undefined).toBe(!stamped);
      if (stamped) expect(frame.eventTimeMs).toBeGreaterThanOrEqual(START_MS);
    }
  });
});
