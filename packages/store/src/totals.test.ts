import { describe, expect, it } from "vitest";
import type { DecisionCount, StoreQueries, SymbolCounts } from "./store-queries.ts";
import { percentOf, symbolTotalsOf, totalsOf } from "./totals.ts";

const RANGE = { startTime: "2026-11-20T00:00:00.000000Z", endTime: "2026-11-21T00:00:00.000000Z" };

function queries(counts: Record<string, number>, decisions: readonly DecisionCount[] = []) {
  return {
    async countByType() {
      return counts;
    },
    async decisionReasons() {
      return decisions;
    },
  } satisfies Partial<StoreQueries>;
}

function decided(decision: string, reason_code: string, count: number): DecisionCount {
  return { decision, reason_code, count };
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
    const decisions = [decided("ACCEPT", "accepted", 1), decided("REJECT", "insufficient_edge", 2)];
    const totals = await totalsOf(queries(counts, decisions), RANGE);
    expect(totals).toEqual({
      scans: { total: 3 },
      signals: { total: 3, generated: 2, rejected: 1, signal_rate: 66.67 },
      errors: { total: 5 },
      decisions: { total: 3, accepted: 1, rejected: 2, accept_rate: 33.33 },
      orders: { requested: 6, results: 0 },
      events: { total: 21 },
    });
  });

  it("go by how decisions came out, whatever their reason code says, and what says neither did not go ahead", async () => {
    const decisions = [
      decided("ACCEPT", "edge_ok", 5),
      decided("ACCEPT", "accepted", 1),
      decided("REJECT", "accepted", 3),
      decided("", "accepted", 1),
    ];
    const totals = await totalsOf(queries({}, decisions), RANGE);
    expect(totals.decisions).toEqual({ total: 10, accepted: 6, rejected: 4, accept_rate: 60 });
  });

  it("of nothing are zeros, and so are rates", async () => {
    const totals = await totalsOf(queries({}), RANGE);
    expect([totals.signals.signal_rate, totals.decisions.accept_rate, totals.events.total]).toEqual([0, 0, 0]);
    expect([percentOf(0, 0), percentOf(1, 3), percentOf(1, 1)]).toEqual([0, 33.33, 100]);
  });

  it("are not misled by a type that is called as a property of every object", async () => {
    const counts = JSON.parse('{"__proto__": 7, "constructor": 1}') as Record<string, number>;
    expect((await totalsOf(queries(counts), RANGE)).events.total).toBe(8);
  });

  it("of symbols are one question, however many there are", async () => {
    const asked: unknown[] = [];
    const symbols = Array.from({ length: 200 }, (_, i): SymbolCounts => {
      const byType = { signal_generated: 1, signal_rejected: 3, error_occurred: i };
      return { symbol: `S${i}/USDT`, events: 9, byType, accepted: 2, rejected: 1 };
    });
    const symbolCounts: StoreQueries["symbolCounts"] = async (...args) => {
      asked.push(args);
      return symbols;
    };
    const totals = await symbolTotalsOf({ symbolCounts }, RANGE, 200);
    expect(asked).toEqual([[RANGE, 200]]);
    expect(totals).toHaveLength(200);
    expect(totals[7]).toEqual({
      symbol: "S7/USDT",
      events: 9,
      signals_generated: 1,
      signals_rejected: 3,
      signal_success_rate: 25,
      errors: 7,
      decisions_accepted: 2,
      decisions_rejected: 1,
    });
  });
});
