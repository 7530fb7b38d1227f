import { describe, expect, it } from "vitest";
import { parseFixed } from "./fixed-point.ts";
import type { Level, Market } from "./market.ts";
import { createOrderBook, type DepthSnapshot, type DepthUpdate } from "./order-book.ts";

function level(price: string, size: string): Level {
  return [parseFixed(price) ?? -1n, parseFixed(size) ?? -1n];
}

function update(
  firstUpdateId: number,
  finalUpdateId: number,
  previousFinalUpdateId?: number,
  bids: Level[] = [],
  asks: Level[] = [],
): DepthUpdate {
  return { firstUpdateId, finalUpdateId, previousFinalUpdateId, bids, asks };
}

const snapshot: DepthSnapshot = {
  lastUpdateId: 100,
  bids: [level("99", "1"), level("98", "2"), level("97", "3")],
  asks: [level("101", "1"), level("102", "2"), level("103", "3")],
};

function liveBook(market: Market) {
  const book = createOrderBook(market, "BTCUSDT");
  book.applySnapshot(snapshot);
  return book;
}

describe("a book before its snapshot", () => {
  it("answers no prices and buffers updates", () => {
    const book = createOrderBook("spot", "BTCUSDT");
    expect(book.applyDepth(update(90, 101, undefined, [level("99", "5")]))).toBe("buffered");
    expect([book.state, book.bestBid(), book.bestAsk(), book.lastUpdateId]).toEqual([
      "awaiting_snapshot",
      undefined,
      undefined,
      undefined,
    ]);
    expect(book.walk("buy", 1n).filled).toBe(0n);
  });

  it("drops what the snapshot already contains and joins the rest on", () => {
    const book = createOrderBook("spot", "BTCUSDT");
    book.applyDepth(update(80, 90, undefined, [level("99", "7")]));
    book.applyDepth(update(91, 105, undefined, [level("99", "5")]));
    book.applyDepth(update(106, 107, undefined, [], [level("101", "0")]));
    expect(book.applySnapshot(snapshot)).toBe("live");
    expect([book.lastUpdateId, book.staleUpdates, book.gaps]).toEqual([107, 1, 0]);
    expect(book.top(1)).toEqual({ bids: [{ price: "99", size: "5" }], asks: [{ price: "102", size: "2" }] });
  });

  it("is desynced when the snapshot is older than the first buffered update, and recovers with a newer one", () => {
    const book = createOrderBook("spot", "BTCUSDT");
    book.applyDepth(update(150, 160));
    expect(book.applySnapshot(snapshot)).toBe("desynced");
    expect([book.gaps, book.bestBid()]).toEqual([1, undefined]);
    expect(book.applySnapshot({ ...snapshot, lastUpdateId: 155 })).toBe("live");
    expect([book.lastUpdateId, book.gaps, book.snapshots]).toEqual([160, 1, 2]);
  });
});

describe("a spot book", () => {
  it("joins an update whose range holds the id after the snapshot's", () => {
    expect(liveBook("spot").applyDepth(update(101, 101))).toBe("applied");
    expect(liveBook("spot").applyDepth(update(90, 101))).toBe("applied");
    expect(liveBook("spot").applyDepth(update(90, 100))).toBe("stale");
    expect(liveBook("spot").applyDepth(update(102, 110))).toBe("gap");
  });

  it("then wants each update to begin right after the one before", () => {
    const book = liveBook("spot");
    book.applyDepth(update(99, 110));
    expect(book.applyDepth(update(111, 120))).toBe("applied");
    expect(book.applyDepth(update(111, 120))).toBe("stale");
    expect(book.applyDepth(update(119, 130))).toBe("gap");
    expect([book.state, book.gaps, book.lastUpdateId]).toEqual(["desynced", 1, undefined]);
  });

  it("uses the update that tore the chain once a snapshot from before it arrives", () => {
    const book = liveBook("spot");
    book.applyDepth(update(101, 110));
    expect(book.applyDepth(update(121, 130, undefined, [level("99.5", "4")]))).toBe("gap");
    expect(book.applyDepth(update(131, 140))).toBe("buffered");
    expect(book.applySnapshot({ ...snapshot, lastUpdateId: 120 })).toBe("live");
    expect(book.lastUpdateId).toBe(140);
    expect(book.top(1).bids).toEqual([{ price: "99.5", size: "4" }]);
  });
});

describe("a USD-M book", () => {
  it("joins an update whose range holds the snapshot's own id", () => {
    expect(liveBook("usdm").applyDepth(update(100, 100, 95))).toBe("applied");
    expect(liveBook("usdm").applyDepth(update(90, 120, 85))).toBe("applied");
    expect(liveBook("usdm").applyDepth(update(90, 99, 85))).toBe("stale");
    expect(liveBook("usdm").applyDepth(update(105, 120, 103))).toBe("gap");
  });

  it("also joins an update that names the snapshot's id as the one before it", () => {
    expect(liveBook("usdm").applyDepth(update(105, 120, 100))).toBe("applied");
  });

  it("then goes by pu alone: ids may jump", () => {
    const book = liveBook("usdm");
    book.applyDepth(update(95, 110, 90));
    expect(book.applyDepth(update(150, 160, 110))).toBe("applied");
    expect(book.applyDepth(update(161, 170, 159))).toBe("gap");
    expect(book.state).toBe("desynced");
  });
});

describe("levels", () => {
  it("have absolute sizes, and zero removes them", () => {
    const book = liveBook("spot");
    book.applyDepth(update(101, 101, undefined, [level("99", "0"), level("98", "9")], [level("100.5", "4")]));
    expect(book.top(5)).toEqual({
      bids: [
        { price: "98", size: "9" },
        { price: "97", size: "3" },
      ],
      asks: [
        { price: "100.5", size: "4" },
        { price: "101", size: "1" },
        { price: "102", size: "2" },
        { price: "103", size: "3" },
      ],
    });
  });

  it("that were never there can be removed without harm", () => {
    const book = liveBook("spot");
    expect(book.applyDepth(update(101, 101, undefined, [level("55", "0")]))).toBe("applied");
    expect(book.levels).toBe(6);
  });

  it("are forgotten by a reset, which leaves the counters", () => {
    const book = liveBook("spot");
    book.applyDepth(update(120, 130));
    book.reset();
    expect([book.state, book.levels, book.gaps, book.snapshots]).toEqual(["awaiting_snapshot", 0, 1, 1]);
    book.applySnapshot(snapshot);
    // The update from before the reset is gone: it belonged to a connection that is.
    expect([book.state, book.lastUpdateId]).toEqual(["live", 100]);
  });
});

describe("a depth walk", () => {
  it("takes from the best level on and averages exactly", () => {
    const walk = liveBook("spot").walk("buy", parseFixed("2") ?? 0n);
    expect(walk.complete).toBe(true);
    expect(walk.notional).toBe(203n * 10n ** 16n);
    expect(walk.averagePrice).toBe(parseFixed("101.5"));
    expect(walk.worstPrice).toBe(parseFixed("102"));
    expect(walk.steps.map(({ size }) => size)).toEqual([parseFixed("1"), parseFixed("1")]);
  });

  it("rounds the average against the taker", () => {
    const third = (parseFixed("3") ?? 0n) as bigint;
    const book = liveBook("spot");
    // Buying 3: (101 + 2 * 102) / 3 = 101.666...; selling 3: (99 + 2 * 98) / 3 = 98.333...
    expect(book.walk("buy", third).averagePrice).toBe(parseFixed("101.66666667"));
    expect(book.walk("sell", third).averagePrice).toBe(parseFixed("98.33333333"));
  });

  it("stops at the limit price and at the end of the side", () => {
    const book = liveBook("spot");
    const limited = book.walk("buy", parseFixed("10") ?? 0n, parseFixed("102"));
    expect([limited.filled, limited.complete]).toEqual([parseFixed("3"), false]);
    const emptied = book.walk("sell", parseFixed("10") ?? 0n);
    expect([emptied.filled, emptied.worstPrice]).toEqual([parseFixed("6"), parseFixed("97")]);
    const none = book.walk("sell", parseFixed("1") ?? 0n, parseFixed("99.5"));
    expect([none.filled, none.averagePrice, none.worstPrice]).toEqual([0n, undefined, undefined]);
  });
});
