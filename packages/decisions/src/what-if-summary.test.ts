// The sum of a what-if: counts, flips, exact sums by unit, samples, and its bounds.
import { describe, expect, it } from "vitest";
import { recordOf } from "../test/judge-inputs.ts";
import { createReJudge } from "./what-if.ts";
import type { WhatIfChange } from "./what-if-change.ts";
import { createWhatIfFold, type WhatIfRecord } from "./what-if-summary.ts";

const edge = (unit: string, gross: string, minThreshold: string) => recordOf({ edge: { unit, gross, minThreshold } });
const of = (symbol: string | null, strategy: string, record: WhatIfRecord): WhatIfRecord => ({
  ...record,
  symbol,
  strategy,
});

function fold(records: readonly WhatIfRecord[], change: WhatIfChange, samples?: number) {
  const judge = createReJudge(change);
  const all = createWhatIfFold({ samples });
  for (const record of records) all.add(record, judge(record));
  return all.summary();
}

describe("createWhatIfFold", () => {
  it("counts outcomes, and flips by reason code, symbol and strategy, most first", () => {
    const summary = fold(
      [
        of("ETH/USDT", "basis", edge("bps", "1.20", "1.50")),
        of("ETH/USDT", "basis", edge("bps", "1.30", "1.50")),
        of("BTC/USDT", "basis", edge("bps", "1.00", "0.50")),
        of(null, "trend", edge("bps", "9.00", "0.50")),
        of("BTC/USDT", "basis", edge("USD", "9.00", "0.50")),
        of("BTC/USDT", "basis", { ...edge("bps", "1", "2"), net_edge: "x" }),
      ],
      { edgeUnit: "bps", minThreshold: "1.20" },
    );
    expect(summary).toMatchObject({
      records: 6,
      outcomes: { unchanged: 1, accepts: 2, rejects: 1, other_unit: 1, not_judgeable: 1 },
      before: { accepted: 2, rejected: 2 },
      after: { accepted: 3, rejected: 1 },
      byReasonCode: [{ value: "insufficient_edge", accepts: 2, rejects: 1 }],
      bySymbol: [
        { value: "ETH/USDT", accepts: 2, rejects: 0 },
        { value: "BTC/USDT", accepts: 0, rejects: 1 },
      ],
      byStrategy: [{ value: "basis", accepts: 2, rejects: 1 }],
      netEdges: [{ edge_unit: "bps", accepts: "2.50", rejects: "1.00" }],
      otherUnits: [{ value: "USD", count: 1 }],
      firstProblem: expect.stringContaining('net_edge: "x"'),
    });
    expect(summary.samples.map(({ record, judged }) => [record.symbol, judged.outcome])).toEqual([
      ["ETH/USDT", "accepts"],
      ["ETH/USDT", "accepts"],
      ["BTC/USDT", "rejects"],
    ]);
  });

  it("sums exactly with 28 digits and more, and each unit for itself", () => {
    const gate = { name: "a", score: 1, threshold: 2 };
    const records = ["bps", "USD", "bps"].map((unit) =>
      recordOf({
        gates: [gate],
        edge: { unit, gross: "1234567890123456789012345678.000000000000000001", minThreshold: "0" },
      }),
    );
    expect(fold(records, { gates: { a: "1" } }).netEdges).toEqual([
      { edge_unit: "USD", accepts: "1234567890123456789012345678.000000000000000001", rejects: "0" },
      { edge_unit: "bps", accepts: "2469135780246913578024691356.000000000000000002", rejects: "0" },
    ]);
  });

  it("sums net edges as they would have been with other costs", () => {
    const record = recordOf({ edge: { unit: "bps", gross: "4", fees: "3", minThreshold: "2" } });
    expect(fold([record], { edgeUnit: "bps", feesEst: { times: "0.5" } }).netEdges[0]?.accepts).toBe("2.5");
  });

  it("keeps the first samples and no more, and none when none are asked for", () => {
    const records = Array.from({ length: 30 }, (_, index) => of(`S${index}`, "x", edge("bps", "1", "2")));
    const change = { edgeUnit: "bps", minThreshold: "0" };
    expect(fold(records, change).samples).toHaveLength(20);
    expect(fold(records, change, 3).samples.map(({ record }) => record.symbol)).toEqual(["S0", "S1", "S2"]);
    expect(fold(records, change, 0).samples).toEqual([]);
    expect(() => createWhatIfFold({ samples: -1 })).toThrow("samples: -1");
  });

  it("stays bounded when every record has a symbol of its own", () => {
    const records = Array.from({ length: 1_500 }, (_, index) => of(`S${index}`, "x", edge("bps", "1", "2")));
    const { bySymbol } = fold(records, { edgeUnit: "bps", minThreshold: "0" });
    expect(bySymbol).toHaveLength(1_001);
    expect(bySymbol[0]).toEqual({ value: "other", accepts: 500, rejects: 0 });
  });
});
