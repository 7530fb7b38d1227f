import { describe, expect, it } from "vitest";
import type { StoreQueries } from "./store-queries.ts";
import { percentOf, symbolTotalsOf, totalsOf } from "./totals.ts";

const RANGE = { startTime: "2026-11-20T00:00:00.000000Z", endTime: "2026-11-21T00:00:00.000000Z" };

function queries(counts: Record<string, number>, reasons: Record<string, number>, asked: unknown[] = []) {
  return {
    async countByType(filter: unknown) {
      asked.push(filter);
      return counts;
    },
    async decisionReasons() {
      return Object.entries(reasons).map(([reason_code, count]) => ({ reason_code, reason: "", count }));
    },
    async facets() {
      return { eventTypes: [], symbols: [{ value: "BTC/USDT", count: 9 }], runs: [] };
    },
  } satisfies Partial<StoreQueries>;
}

describe("totals", () => {
  it("count scans that were completed, signals, errors, decisions by whether they went ahead, and orders", async () => {
    const counts = {
      scan_started: 4,
      scan_completed: 3,
      signal_generated: 2,
      signal_rejected: 1,
      error_occurred: 5,
      order_request: 6,
    };
    const totals = await totalsOf(queries(counts, { accepted: 1, insufficient_edge: 2 }), RANGE);
    expect(totals).toEqual({
      scans: { total: 3 },
      signals: { total: 3, generated: 2, rejected: 1, signal_rate: 66.67 },
      errors: { total: 5 },
      decisions: { total: 3, accepted: 1, rejected: 2, accept_rate: 33.33 },
      orders: { requested: 6, results: 0 },
      events: { total: 21 },
    });
  });

  it("of nothing are zeros, and so are rates", async () => {
    const totals = await totalsOf(queries({}, {}), RANGE);
    expect([totals.signals.signal_rate, totals.decisions.accept_rate, totals.events.total]).toEqual([0, 0, 0]);
    expect([percentOf(0, 0), percentOf(1, 3), percentOf(1, 1)]).toEqual([0, 33.33, 100]);
  });

  it("are not misled by a type that is called as a property of every object", async () => {
    const counts = JSON.parse('{"__proto__": 7, "constructor": 1}') as Record<string, number>;
    expect((await totalsOf(queries(counts, {}), RANGE)).events.total).toBe(8);
  });

  it("of a symbol ask for that symbol", async () => {
    const asked: unknown[] = [];
    const [first] = await symbolTotalsOf(queries({ signal_generated: 1 }, { accepted: 2 }, asked), RANGE, 10);
    expect(first).toMatchObject({ symbol: "BTC/USDT", events: 9, signals_generated: 1, decisions_accepted: 2 });
    expect(asked).toEqual([{ ...RANGE, symbol: "BTC/USDT" }]);
  });
});
