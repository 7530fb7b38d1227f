import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMarketView } from "./market-view.ts";
import { depthFrame, fixed, levels, snapshotAt, tickerFrame } from "./testing/market-frames.ts";

function readyView() {
  const view = createMarketView("spot", "BTCUSDT");
  view.applySnapshot(
    snapshotAt(
      100,
      [
        ["99", "1"],
        ["98", "2"],
      ],
      [
        ["101", "1"],
        ["102", "2"],
        ["103", "5"],
      ],
    ),
  );
  return view;
}

describe("a market view", () => {
  test("is ready once the book is live and both sides have a price", () => {
    const view = createMarketView("spot", "BTCUSDT");
    expect(view.isReady).toBe(false);
    view.applyBookTicker(tickerFrame("spot", 90, ["99", "1"], ["101", "1"]), 1);
    expect(view.isReady).toBe(false);
    view.applySnapshot(snapshotAt(100, [["99", "1"]], []));
    expect(view.isReady).toBe(false);
    view.applyDepth(depthFrame("spot", { first: 101, final: 101 }, [], [["101", "1"]]), 2);
    expect(view.isReady).toBe(true);
    expect(view.updatedAtMs).toBe(2);
  });

  test("takes the best prices from whichever message is newer", () => {
    const view = readyView();
    expect(view.applyBookTicker(tickerFrame("spot", 105, ["99.5", "3"], ["100.5", "4"]), 1)).toBe(true);
    expect(view.quote.bidPrice).toBe(fixed("99.5"));
    // Older than the ticker: the book moves on, the best price stays.
    view.applyDepth(depthFrame("spot", { first: 101, final: 104 }, [["99.2", "1"]]), 2);
    expect(view.quote.bidPrice).toBe(fixed("99.5"));
    view.applyDepth(depthFrame("spot", { first: 105, final: 110 }, [["99.7", "1"]]), 3);
    expect(view.quote.bidPrice).toBe(fixed("99.7"));
    expect(view.applyBookTicker(tickerFrame("spot", 109, ["90", "1"], ["110", "1"]), 4)).toBe(false);
    expect(view.quote.bidPrice).toBe(fixed("99.7"));
  });

  test("fetches from the best level alone without looking at the book", () => {
    const view = readyView();
    expect(view.fetchable("buy", fixed("1"))).toEqual({
      filled: fixed("1"),
      notional: fixed("1") * fixed("101"),
      worstPrice: fixed("101"),
    });
  });

  test("walks from the newest best level on, past book levels that are gone", () => {
    const view = readyView();
    view.applyBookTicker(tickerFrame("spot", 105, ["99", "1"], ["102", "0.5"]), 1);
    // 101 is gone, 102 holds 0.5 and not 2: the rest comes from 103.
    expect(view.fetchable("buy", fixed("2"))).toEqual({
      filled: fixed("2"),
      notional: fixed("0.5") * fixed("102") + fixed("1.5") * fixed("103"),
      worstPrice: fixed("103"),
    });
  });

  test("says how little there is when the book ends", () => {
    const view = readyView();
    expect(view.fetchable("sell", fixed("10"))).toEqual({
      filled: fixed("3"),
      notional: fixed("1") * fixed("99") + fixed("2") * fixed("98"),
      worstPrice: fixed("98"),
    });
  });

  test("forgets everything on reset, so that lower update ids of a new connection count", () => {
    const view = readyView();
    view.reset();
    expect(view.isReady).toBe(false);
    expect(view.fetchable("buy", fixed("1")).filled).toBe(0n);
    view.applySnapshot(snapshotAt(5, [["1", "1"]], [["2", "1"]]));
    expect(view.quote.askPrice).toBe(fixed("2"));
  });
});

describe("fetchable", () => {
  const level = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 9 }));
  const scenario = fc.record({
    asks: fc.uniqueArray(level, { selector: ([price]) => price, minLength: 1, maxLength: 12 }),
    best: level,
    quantity: fc.integer({ min: 1, max: 60 }),
    withTicker: fc.boolean(),
  });

  test("equals taking unit after unit from the levels that are left", () => {
    fc.assert(
      fc.property(scenario, ({ asks, best, quantity, withTicker }) => {
        const view = createMarketView("spot", "BTCUSDT");
        const plain = asks.map(([price, size]) => [String(price), String(size)] as const);
        view.applySnapshot({ lastUpdateId: 1, bids: levels([["0.5", "1"]]), asks: levels(plain) });
        if (withTicker)
          view.applyBookTicker(tickerFrame("spot", 2, ["0.5", "1"], [String(best[0]), String(best[1])]), 1);
        const left = withTicker ? [best, ...asks.filter(([price]) => price > best[0])] : [...asks];
        const units = left
          .sort(([one], [other]) => one - other)
          .flatMap(([price, size]) => Array<number>(size).fill(price));
        const taken = units.slice(0, quantity);
        expect(view.fetchable("buy", fixed(String(quantity)))).toEqual({
          filled: fixed(String(taken.length)),
          notional: taken.reduce((sum, price) => sum + fixed(String(price)) * fixed("1"), 0n),
          worstPrice: fixed(String(taken.at(-1))),
        });
      }),
    );
  });
});
