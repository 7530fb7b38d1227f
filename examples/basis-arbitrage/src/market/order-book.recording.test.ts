import { describe, expect, it } from "vitest";
import { createOrderBook, type OrderBook } from "./order-book.ts";
import { openRecordings } from "./recording.ts";
import type { StreamLine } from "./recording-line.ts";
import { haveRecordedData, RECORDED_FILES } from "./testing/recorded-data.ts";

describe.skipIf(!haveRecordedData())("books kept from real recordings", () => {
  it("are continuous, never crossed, and agree with the best prices the exchange published", async () => {
    const problems: unknown[] = [];
    const recordings = await openRecordings(RECORDED_FILES, (problem) => problems.push(problem));
    expect(recordings.sources.map(({ market, symbol }) => `${market} ${symbol}`)).toEqual([
      "spot BTCUSDT",
      "usdm BTCUSDT",
    ]);
    const books = { spot: createOrderBook("spot", "BTCUSDT"), usdm: createOrderBook("usdm", "BTCUSDT") };
    const tops = { spot: new TopCheck(books.spot), usdm: new TopCheck(books.usdm) };
    let frames = 0;
    let lastNs = 0n;
    let turns = 0;
    for await (const line of recordings.lines()) {
      if (line.receivedNs < lastNs) turns++;
      lastNs = line.receivedNs;
      if (line.kind === "snapshot") {
        books[line.market].applySnapshot(line.snapshot);
        continue;
      }
      frames++;
      if (line.frame.kind === "depth") books[line.market].applyDepth(line.frame);
      tops[line.market].see(line.frame);
    }
    expect([frames, turns, problems, recordings.badLines]).toEqual([135_201, 0, [], 0]);
    expect([books.spot.state, books.spot.gaps, books.usdm.state, books.usdm.gaps]).toEqual(["live", 0, "live", 0]);
    for (const { crossed, compared, different } of [tops.spot, tops.usdm]) {
      expect(crossed).toBe(0);
      expect(compared).toBeGreaterThan(100);
      expect(different).toBe(0);
    }
  });
});

/** Compares the book with the published best prices of the same update id, the only moment when both must agree. */
class TopCheck {
  crossed = 0;
  compared = 0;
  different = 0;
  readonly #book: OrderBook;
  #published: Extract<StreamLine["frame"], { kind: "bookTicker" }> | undefined;

  constructor(book: OrderBook) {
    this.#book = book;
  }

  see(frame: StreamLine["frame"]): void {
    if (frame.kind === "bookTicker") this.#published = frame;
    if (frame.kind !== "depth") return;
    const [bid, ask] = [this.#book.bestBid(), this.#book.bestAsk()];
    if (bid === undefined || ask === undefined) return;
    if (bid[0] >= ask[0]) this.crossed++;
    const published = this.#published;
    if (published === undefined || published.updateId !== this.#book.lastUpdateId) return;
    const { bidPrice, bidSize, askPrice, askSize } = published;
    this.compared++;
    if (String([...bid, ...ask]) !== String([bidPrice, bidSize, askPrice, askSize])) this.different++;
  }
}
