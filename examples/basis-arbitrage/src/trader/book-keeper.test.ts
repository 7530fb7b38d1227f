import { describe, expect, test } from "vitest";
import type { Market } from "../market/market.ts";
import type { DepthSnapshot } from "../market/order-book.ts";
import { createBookKeeper } from "./book-keeper.ts";
import { createHeldTime } from "./testing/held-time.ts";
import { depthFrame, fixed, snapshotAt, tickerFrame } from "./testing/market-frames.ts";

/** A keeper whose snapshot requests wait until the test answers them. */
function heldKeeper(market: Market = "spot") {
  const time = createHeldTime();
  const asked: PromiseWithResolvers<DepthSnapshot>[] = [];
  const failures: unknown[] = [];
  const keeper = createBookKeeper({
    market,
    symbol: "BTCUSDT",
    startTimer: time.startTimer,
    firstRetryMs: 100,
    maxRetryMs: 400,
    onSyncFailure: (_, error) => failures.push(error),
    fetchSnapshot: () => {
      const request = Promise.withResolvers<DepthSnapshot>();
      asked.push(request);
      return request.promise;
    },
  });
  const answer = async (snapshot: DepthSnapshot) => {
    asked.at(-1)?.resolve(snapshot);
    await settle();
  };
  const fail = async () => {
    asked.at(-1)?.reject(new Error("no route"));
    await settle();
  };
  return { keeper, time, asked, answer, fail, failures };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const SNAPSHOT = snapshotAt(10, [["99", "1"]], [["101", "1"]]);

describe("a book keeper", () => {
  test("asks for the snapshot with the first buffered update, not before, and never twice at once", () => {
    const { keeper, asked } = heldKeeper();
    keeper.applyBookTicker(tickerFrame("spot", 5, ["99", "1"], ["101", "1"]), 1);
    expect(asked).toHaveLength(0);
    for (let id = 8; id < 12; id++) keeper.applyDepth(depthFrame("spot", { first: id, final: id }), id);
    expect(asked).toHaveLength(1);
    expect(keeper.state).toBe("syncing");
  });

  test("joins the snapshot to the buffered updates", async () => {
    const { keeper, answer } = heldKeeper();
    keeper.applyDepth(depthFrame("spot", { first: 8, final: 10 }, [["98", "7"]]), 1);
    keeper.applyDepth(depthFrame("spot", { first: 11, final: 12 }, [["99.5", "2"]]), 2);
    await answer(SNAPSHOT);
    expect(keeper.state).toBe("ready");
    expect(keeper.view.quote.bidPrice).toBe(fixed("99.5"));
    expect(keeper.view.book.staleUpdates).toBe(1);
    expect(keeper.counts).toEqual({ snapshotRequests: 1, snapshotFailures: 0, snapshotsTooOld: 0, resyncs: 0 });
  });

  test("starts over on a gap, counts it, and shows no prices meanwhile", async () => {
    const { keeper, asked, answer } = heldKeeper();
    keeper.applyDepth(depthFrame("spot", { first: 9, final: 11 }), 1);
    await answer(SNAPSHOT);
    expect(keeper.applyDepth(depthFrame("spot", { first: 13, final: 14 }), 2)).toBe("gap");
    expect(keeper.state).toBe("syncing");
    expect(keeper.counts.resyncs).toBe(1);
    expect(asked).toHaveLength(2);
    keeper.applyDepth(depthFrame("spot", { first: 15, final: 16 }, [["99.9", "1"]]), 3);
    await answer(snapshotAt(14, [["99.8", "1"]], [["101", "1"]]));
    expect(keeper.state).toBe("ready");
    expect(keeper.view.quote.bidPrice).toBe(fixed("99.9"));
  });

  test("follows USD-M by the previous update's id", async () => {
    const { keeper, answer } = heldKeeper("usdm");
    keeper.applyDepth(depthFrame("usdm", { first: 8, final: 12, previous: 7 }), 1);
    await answer(SNAPSHOT);
    expect(keeper.state).toBe("ready");
    expect(keeper.applyDepth(depthFrame("usdm", { first: 20, final: 25, previous: 12 }), 2)).toBe("applied");
    expect(keeper.applyDepth(depthFrame("usdm", { first: 26, final: 30, previous: 26 }), 3)).toBe("gap");
  });

  test("asks again with growing delays when the request fails", async () => {
    const { keeper, time, asked, fail, answer, failures } = heldKeeper();
    keeper.applyDepth(depthFrame("spot", { first: 9, final: 11 }), 1);
    const delays: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      await fail();
      keeper.applyDepth(depthFrame("spot", { first: 12 + attempt, final: 12 + attempt }), 2);
      delays.push(...time.waiting);
      time.advance(400);
    }
    expect(delays).toEqual([100, 200, 400, 400]);
    expect(asked).toHaveLength(5);
    expect(failures).toHaveLength(4);
    await answer(SNAPSHOT);
    expect(keeper.state).toBe("ready");
    expect(keeper.counts).toEqual({ snapshotRequests: 5, snapshotFailures: 4, snapshotsTooOld: 0, resyncs: 0 });
  });

  test("asks again when the snapshot is too old to join, without a storm of requests", async () => {
    const { keeper, time, asked, answer } = heldKeeper();
    keeper.applyDepth(depthFrame("spot", { first: 20, final: 21 }), 1);
    await answer(SNAPSHOT);
    expect(keeper.counts.snapshotsTooOld).toBe(1);
    keeper.applyDepth(depthFrame("spot", { first: 22, final: 23 }), 2);
    expect(asked).toHaveLength(1);
    time.advance(100);
    expect(asked).toHaveLength(2);
    await answer(snapshotAt(20, [["99", "1"]], [["101", "1"]]));
    expect(keeper.state).toBe("ready");
  });

  test("slows down when each snapshot is followed by a gap at once", async () => {
    const { keeper, time, asked, answer } = heldKeeper();
    keeper.applyDepth(depthFrame("spot", { first: 10, final: 10 }), 1);
    await answer(SNAPSHOT);
    expect(keeper.applyDepth(depthFrame("spot", { first: 50, final: 51 }), 2)).toBe("gap");
    expect(asked).toHaveLength(1);
    expect(time.waiting).toEqual([100]);
  });

  test("ignores an answer that belongs to a connection that was lost", async () => {
    const { keeper, asked, answer } = heldKeeper();
    keeper.applyDepth(depthFrame("spot", { first: 9, final: 11 }), 1);
    keeper.disconnected();
    await answer(SNAPSHOT);
    expect(keeper.state).toBe("syncing");
    keeper.applyDepth(depthFrame("spot", { first: 3, final: 4 }), 2);
    expect(asked).toHaveLength(2);
    await answer(snapshotAt(3, [["9", "1"]], [["11", "1"]]));
    expect(keeper.state).toBe("ready");
  });

  test("asks for nothing after it was closed", async () => {
    const { keeper, time, asked, fail } = heldKeeper();
    keeper.applyDepth(depthFrame("spot", { first: 9, final: 11 }), 1);
    await fail();
    keeper.close();
    expect(time.waiting).toEqual([]);
    keeper.applyDepth(depthFrame("spot", { first: 12, final: 12 }), 2);
    expect(asked).toHaveLength(1);
  });
});
