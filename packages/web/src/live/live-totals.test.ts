import fc from "fast-check";
import { expect, test } from "vitest";
import { type CountedTotals, countOn, successRate, type Totals } from "./live-totals.ts";
import { START_MICROS, testEvent } from "./test-event.ts";

const ZERO: Totals = {
  scans: 0,
  generated: 0,
  rejected: 0,
  accepts: 0,
  declines: 0,
  requests: 0,
  results: 0,
  errors: 0,
};
const ANSWERED = START_MICROS / 1_000 + 10_000;
const counted: CountedTotals = { totals: ZERO, endTime: testEvent(10_000).timestamp, answeredMs: ANSWERED };

test("every event that a tile counts is counted by its kind", () => {
  const events = [
    testEvent(10_001, { event_type: "scan_completed" }),
    testEvent(10_002, { event_type: "scan_started" }),
    testEvent(10_003, { event_type: "signal_generated" }),
    testEvent(10_004, { event_type: "signal_rejected" }),
    testEvent(10_005, { data: { decision: "ACCEPT" } }),
    testEvent(10_006, { data: { decision: "REJECT" } }),
    testEvent(10_007, { event_type: "order_request" }),
    testEvent(10_008, { event_type: "order_result" }),
    testEvent(10_009, { event_type: "error_occurred" }),
    testEvent(10_010, { event_type: "constructor" }),
  ];
  expect(countOn(ZERO, events, counted, ANSWERED)).toEqual({
    scans: 1,
    generated: 1,
    rejected: 1,
    accepts: 1,
    declines: 1,
    requests: 1,
    results: 1,
    errors: 1,
  });
});

test("an event that the server has counted is not counted again, unless it came too late to have been counted", () => {
  const before = [testEvent(9_999, { event_type: "signal_generated" })];
  expect(countOn(ZERO, before, counted, ANSWERED + 1_000)).toBe(ZERO);
  expect(countOn(ZERO, before, counted, ANSWERED + 1_001).generated).toBe(1);
});

test("success rate = generated / (generated + rejected) * 100, and there is none without signals", () => {
  expect(successRate({ generated: 0, rejected: 0 })).toBeUndefined();
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), (generated, rejected) => {
      fc.pre(generated + rejected > 0);
      const rate = successRate({ generated, rejected }) ?? Number.NaN;
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(100);
      expect((rate * (generated + rejected)) / 100).toBeCloseTo(generated, 6);
    }),
  );
});
