// The answer to "why no trade?": one sentence for every way in which there can be none.
import { describe, expect, it } from "vitest";
import { REASON_CODES } from "./reason-code.ts";
import { explainNoTrade } from "./why-no-trade.ts";
import type { NoTradeFacts, ReasonTally } from "./why-no-trade-facts.ts";

const HOUR = { start: "2026-11-20T12:00:00.000000Z", end: "2026-11-20T13:00:00.000000Z", isUntilNow: true };
const NOTHING: NoTradeFacts = {
  range: HOUR,
  flow: "tick",
  entered: 0,
  stages: [],
  decisions: [],
  edges: [],
  orders: 0,
};
const IN_THE_LAST_HOUR = "in the last 60 minutes";

const tally = (counts: Readonly<Record<string, number>>): ReasonTally[] =>
  Object.entries(counts).map(([reason_code, count]) => ({ reason_code, count }));
const stage = (name: string, counts: Readonly<Record<string, number>>) => ({ stage: name, drops: tally(counts) });
const sentenceOf = (facts: Partial<NoTradeFacts>) => explainNoTrade({ ...NOTHING, ...facts }).sentence;

describe("why no trade?", () => {
  it("says that nothing came in at all", () => {
    expect(sentenceOf({})).toBe(`No order ${IN_THE_LAST_HOUR}: no tick came in and nothing was judged.`);
  });

  it("says that every flow showed no signal", () => {
    const stages = [stage("book_to_signal", { no_signal: 12_345 })];
    expect(sentenceOf({ entered: 12_345, stages })).toBe(
      `No order ${IN_THE_LAST_HOUR}: all 12,345 ticks showed no signal.`,
    );
    expect(sentenceOf({ entered: 1, stages: [stage("book_to_signal", { no_signal: 1 })] })).toBe(
      `No order ${IN_THE_LAST_HOUR}: the only tick showed no signal.`,
    );
  });

  it("tells the funnel, the edge and a code of the host's own", () => {
    const judged = { insufficient_edge: 231, funding_unsettled: 14 };
    const sentence = sentenceOf({
      entered: 12_345,
      stages: [stage("book_to_signal", { no_signal: 12_100 }), stage("signal_to_risk", judged)],
      decisions: tally(judged),
      edges: [{ edge_unit: "bps", best_margin: "-0.10" }],
    });
    expect(sentence).toBe(
      `No order ${IN_THE_LAST_HOUR}: of 12,345 ticks 12,100 showed no signal; 245 were judged and all were rejected, 231 of ` +
        "them because the net edge was below the threshold (best: 0.10 bps short); funding_unsettled refused 14.",
    );
  });

  it("says how far all edges were from the threshold, in each unit", () => {
    const sentence = sentenceOf({
      entered: 500,
      stages: [stage("signal_to_risk", { insufficient_edge: 500 })],
      decisions: tally({ insufficient_edge: 500 }),
      edges: [
        { edge_unit: "bps", best_margin: "-0.10", median_margin: "-0.80", near_misses: 12, within_percent: "10" },
        { edge_unit: "USD", best_margin: "-12345.60" },
      ],
    });
    expect(sentence).toBe(
      `No order ${IN_THE_LAST_HOUR}: all 500 ticks were judged and all were rejected because the net edge was below the ` +
        "threshold (best: 0.10 bps short, median: 0.80 bps short, 12 within 10 %; best: 12,345.60 USD short).",
    );
  });

  it("tells gates and vetoes most first, three of them one by one", () => {
    const refused = { cooldown: 3, gate_failed: 200, spread_too_wide: 80, halted: 2, risk_limit: 15 };
    expect(sentenceOf({ entered: 300, stages: [stage("signal_to_risk", refused)], decisions: tally(refused) })).toBe(
      `No order ${IN_THE_LAST_HOUR}: all 300 ticks were judged and all were rejected, 200 of them because a gate did not ` +
        "pass; 80 because the spread was too wide; 15 because a risk limit was reached; 5 for 2 other reasons.",
    );
  });

  it("tells flows that failed, gave no reason or one that nobody knows", () => {
    const stages = [stage("ws_to_book", { error: 90 }), stage("book_to_signal", { no_reason: 7, other: 3 })];
    expect(sentenceOf({ entered: 100, stages })).toBe(
      `No order ${IN_THE_LAST_HOUR}: of 100 ticks 90 failed with an error, 7 ended without a reason, 3 ended for a reason ` +
        "outside of the vocabulary.",
    );
  });

  it("says how many flows are not accounted for", () => {
    const stages = [stage("book_to_signal", { no_signal: 90 })];
    expect(sentenceOf({ entered: 100, stages })).toBe(
      `No order ${IN_THE_LAST_HOUR}: of 100 ticks 90 showed no signal; 10 are not accounted for.`,
    );
    expect(sentenceOf({ entered: 3 })).toBe(`No order ${IN_THE_LAST_HOUR}: of 3 ticks 3 are not accounted for.`);
  });

  it("tells what became of trades that were accepted and are no orders", () => {
    const sentence = sentenceOf({
      entered: 100,
      stages: [
        stage("book_to_signal", { no_signal: 90 }),
        stage("signal_to_risk", { insufficient_edge: 3 }),
        stage("risk_to_send", { order_failed: 3, dry_run: 4 }),
      ],
      decisions: tally({ accepted: 7, insufficient_edge: 3 }),
    });
    expect(sentence).toBe(
      `No order ${IN_THE_LAST_HOUR}: of 100 ticks 90 showed no signal; 10 were judged: 7 accepted (none became an order) and 3 ` +
        "rejected because the net edge was below the threshold; 4 stopped because orders were not to be sent, 3 stopped " +
        "because the order could not be sent.",
    );
  });

  it("counts decisions where there are no flows", () => {
    expect(sentenceOf({ decisions: tally({ insufficient_edge: 1_200, gate_failed: 3 }) })).toBe(
      `No order ${IN_THE_LAST_HOUR}: 1,203 decisions were made and all were rejected, 1,200 of them because the net edge was ` +
        "below the threshold; 3 because a gate did not pass.",
    );
    expect(sentenceOf({ decisions: tally({ halted: 1 }) })).toBe(
      `No order ${IN_THE_LAST_HOUR}: 1 decision was made and rejected because trading was halted.`,
    );
  });
});

describe("when there were orders", () => {
  it("says how many, and where most of the others stopped", () => {
    const sentence = sentenceOf({
      entered: 12_345,
      orders: 38,
      stages: [
        stage("book_to_signal", { no_signal: 12_100 }),
        stage("signal_to_risk", { insufficient_edge: 190, risk_limit: 17 }),
      ],
      decisions: tally({ accepted: 38, insufficient_edge: 190, risk_limit: 17 }),
    });
    expect(sentence).toBe(
      `38 orders ${IN_THE_LAST_HOUR}: of 12,345 ticks most others stopped at book_to_signal because the strategy saw nothing ` +
        "to trade (12,100); 245 were judged: 38 accepted and 207 rejected, 190 of them because the net edge was below the " +
        "threshold; 17 because a risk limit was reached.",
    );
  });

  it("does not call a third of the others most of them", () => {
    const stages = [stage("a", { no_signal: 4, error: 3 }), stage("b", { cooldown: 3 })];
    expect(sentenceOf({ entered: 11, orders: 1, stages })).toContain("1 order");
    expect(sentenceOf({ entered: 11, orders: 1, stages })).toContain("the largest group of the others stopped at a");
  });

  it("says so when every flow became one", () => {
    expect(sentenceOf({ entered: 5, orders: 5 })).toBe(`5 orders ${IN_THE_LAST_HOUR}: every tick became one.`);
  });
});

describe("the words", () => {
  it("has words for every built-in reason code, and none of them is the code itself", () => {
    for (const code of Object.keys(REASON_CODES)) {
      if (code === "accepted" || code === "order_submitted") continue;
      const asDrop = sentenceOf({ entered: 2, stages: [stage("a", { [code]: 1 })] });
      const asReject = sentenceOf({ decisions: tally({ [code]: 1 }) });
      expect(asDrop + asReject).not.toMatch(new RegExp(`with ${code}|${code} refused|stopped ${code}`));
    }
  });

  it.each([
    ["2026-11-20T12:59:00Z", true, "in the last minute"],
    ["2026-11-20T11:30:00Z", true, "in the last 90 minutes"],
    ["2026-11-19T13:00:00Z", true, "in the last 24 hours"],
    ["2026-11-13T13:00:00Z", true, "in the last 7 days"],
    ["2026-11-20T12:15:00Z", false, "from 2026-11-20 12:15 to 13:00 UTC"],
    ["2026-11-19T22:15:00Z", false, "from 2026-11-19 22:15 to 2026-11-20 13:00 UTC"],
  ])("says the range that begins %s", (start, isUntilNow, words) => {
    const range = { start, end: HOUR.end, isUntilNow };
    expect(sentenceOf({ range })).toBe(`No order ${words}: no tick came in and nothing was judged.`);
  });

  it("leaves out a range that is none, margins that are none and counts that are none", () => {
    const sentence = sentenceOf({
      range: { start: "soon", end: "later", isUntilNow: true },
      entered: Number.NaN,
      orders: -1,
      decisions: tally({ insufficient_edge: 2, halted: 0.5 }),
      edges: [{ edge_unit: "bps", best_margin: "much", median_margin: "0.10" }],
    });
    expect(sentence).toBe(
      "No order: 2 decisions were made and all were rejected because the net edge was below the threshold.",
    );
  });

  it("lets no name act on the reader", () => {
    const evil = "a\u001b[31m\n";
    const { sentence, parts } = explainNoTrade({
      ...NOTHING,
      flow: evil,
      entered: 9,
      orders: 1,
      stages: [stage(evil, { [evil]: 5 })],
      decisions: tally({ [evil]: 5, insufficient_edge: 2 }),
      edges: [{ edge_unit: evil, best_margin: "-1" }],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    expect(sentence + parts.map(({ text }) => text).join("")).not.toMatch(/[\u0000-\u001f]/);
    expect(sentence).toContain("of 9 flows");
  });
});

describe("the parts", () => {
  it("has every reason at every stage, and what is missing from the whole", () => {
    const { parts } = explainNoTrade({
      ...NOTHING,
      entered: 20,
      orders: 2,
      stages: [stage("a", { no_signal: 10, accepted: 2 }), stage("b", { no_signal: 1, insufficient_edge: 4 })],
      decisions: tally({ accepted: 2, insufficient_edge: 4 }),
    });
    const counts = parts.map(({ kind, count, reason_code, stage: at }) => [kind, count, reason_code, at]);
    expect(counts).toEqual([
      ["orders", 2, undefined, undefined],
      ["entered", 20, undefined, undefined],
      ["dropped", 10, "no_signal", "a"],
      ["dropped", 4, "insufficient_edge", "b"],
      ["dropped", 1, "no_signal", "b"],
      ["judged", 6, undefined, undefined],
      ["accepted", 2, undefined, undefined],
      ["rejected", 4, "insufficient_edge", undefined],
      ["unaccounted", 3, undefined, undefined],
    ]);
  });
});
