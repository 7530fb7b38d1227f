// Flows that entered = drops + good ends + what is not accounted for; and the answer is one clean sentence whatever the facts.
import fc from "fast-check";
import { expect, it } from "vitest";
import { REASON_CODES } from "./reason-code.ts";
import { explainNoTrade } from "./why-no-trade.ts";
import type { NoTradeFacts } from "./why-no-trade-facts.ts";

const codes = fc.oneof(fc.constantFrom(...Object.keys(REASON_CODES)), fc.constantFrom("funding_unsettled", "a\n"));
const tallies = fc
  .dictionary(codes, fc.nat(100_000), { maxKeys: 6 })
  .map((counts) => Object.entries(counts).map(([reason_code, count]) => ({ reason_code, count })));
const stages = fc.array(fc.record({ stage: fc.constantFrom("a", "b", "c"), drops: tallies }), { maxLength: 4 });
const range = { start: "2026-11-20T12:00:00Z", end: "2026-11-20T13:00:00Z", isUntilNow: true };

it("flows that entered = drops + good ends + what is not accounted for", () => {
  fc.assert(
    fc.property(stages, tallies, fc.nat(1_000), (ends, decisions, missing) => {
      const all = ends.flatMap(({ drops }) => drops);
      const isGood = (code: string) => code === "accepted" || code === "order_submitted";
      const total = all.reduce((sum, { count }) => sum + count, 0);
      const good = all.reduce((sum, { reason_code, count }) => sum + (isGood(reason_code) ? count : 0), 0);
      const facts: NoTradeFacts = {
        range,
        flow: "tick",
        entered: total + missing,
        stages: ends,
        decisions,
        edges: [],
        orders: good,
      };
      const { parts, sentence } = explainNoTrade(facts);
      const countOf = (kind: string) => parts.reduce((sum, part) => sum + (part.kind === kind ? part.count : 0), 0);
      expect(countOf("unaccounted")).toBe(missing);
      expect(countOf("dropped") + good + missing).toBe(countOf("entered"));
      expect(countOf("accepted") + countOf("rejected")).toBe(countOf("judged"));
      expect(sentence.includes("not accounted for")).toBe(missing > 0);
      expect(explainNoTrade(facts)).toEqual({ parts, sentence });
    }),
    { numRuns: 2_000 },
  );
});

it("one clean sentence, whatever the facts", () => {
  const counts = fc.oneof(fc.nat(), fc.double(), fc.constant(-1));
  const texts = fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), fc.constantFrom("-0.10", "bps", "tick"));
  const any = fc.array(fc.record({ reason_code: texts, count: counts }), { maxLength: 5 });
  const facts: fc.Arbitrary<NoTradeFacts> = fc.record({
    range: fc.record({ start: texts, end: texts, isUntilNow: fc.boolean() }),
    flow: texts,
    entered: counts,
    stages: fc.array(fc.record({ stage: texts, drops: any }), { maxLength: 3 }),
    decisions: any,
    edges: fc.array(fc.record({ edge_unit: texts, best_margin: texts, median_margin: texts }), { maxLength: 3 }),
    orders: counts,
  });
  fc.assert(
    fc.property(facts, (given) => {
      const { sentence } = explainNoTrade(given);
      expect(sentence).toMatch(/^(No order|[\d,]+ orders?)[^\p{Cc}\u2028\u2029\u202a-\u202e]*\.$/u);
      expect(sentence).not.toMatch(/undefined|NaN|Infinity/);
    }),
    { numRuns: 3_000 },
  );
});
