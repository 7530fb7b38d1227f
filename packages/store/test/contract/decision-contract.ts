// Decisions of a store: pages, reasons, units, margins.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventInput } from "../../src/store-input.ts";
import type { DecisionFilter } from "../../src/store-queries.ts";
import type { StoredDecision } from "../../src/stored-event.ts";
import { ReferenceStore } from "../reference-store.ts";
import { decisionFilter, events } from "../store-arbitraries.ts";
import { createEvent } from "../store-events.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

function decisionOf(seq: number, data: EventInput["data"]): EventInput {
  return createEvent({
    eventType: "decision",
    seq,
    timestamp: `2026-11-20T12:34:56.${String(seq).padStart(6, "0")}Z`,
    data,
  });
}

/** A decision without its id, which other stores give otherwise. */
function withoutId<T extends StoredDecision>({ event_id: _, ...rest }: T) {
  return rest;
}

export function describeDecisions(open: OpenStore, runs: number): void {
  describe("decisions", () => {
    test("have their decimals as text, exact, and their event under the same id", () =>
      withStore(open, async (store) => {
        const net_edge = "0.1234567890123456789012345678";
        await store.writeEvents([
          decisionOf(1, {
            decision: "ACCEPT",
            reason_code: "accepted",
            strategy: "basis",
            edge_unit: "bps",
            net_edge,
            min_threshold: "0.1",
          }),
        ]);
        const [found] = await store.findDecisions({}, 10);
        expect(found).toMatchObject({
          decision: "ACCEPT",
          strategy: "basis",
          symbol: "BTC/USDT",
          run_id: "run-1",
          net_edge,
        });
        expect(await store.decision(found?.event_id ?? 0)).toEqual(found);
        expect((await store.event(found?.event_id ?? 0))?.data["net_edge"]).toBe(net_edge);
        expect(await store.decision(1e9)).toBeUndefined();
      }));

    test("have their gates and their sentence, or say that they cannot be read", () =>
      withStore(open, async (store) => {
        const gates = [
          { gate_name: "min_confluence", passed: true, score: "82", threshold: "70" },
          {
            gate_name: "max_spread",
            passed: false,
            score: "0.40",
            threshold: "0.25",
            comparison: "<=",
            reason_code: "spread",
          },
          { gate_name: "book_ready", passed: true, details: { age_ms: 3 } },
        ];
        await store.writeEvents([
          decisionOf(1, { decision: "REJECT", reason: "spread 0.40 is above 0.25", gates }),
          decisionOf(2, { decision: "ACCEPT" }),
          decisionOf(3, { decision: "REJECT", reason: 7, gates: [gates[0]!, "…[cut 2]"] }),
          decisionOf(4, { decision: "REJECT", unreadable: "is a field like any other" }),
        ]);
        const [fourth, third, second, first] = await store.judgedDecisions({}, 10);
        const none = { score: null, threshold: null, comparison: null, reason_code: null };
        expect(first).toMatchObject({ reason: "spread 0.40 is above 0.25", gates_unreadable: false });
        expect(first?.gates).toEqual([
          { ...none, ...gates[0] },
          { ...none, ...gates[1] },
          { ...none, gate_name: "book_ready", passed: true },
        ]);
        expect(second).toMatchObject({ decision: "ACCEPT", reason: null, gates: [], gates_unreadable: false });
        expect(third).toMatchObject({ reason: "7", gates: [], gates_unreadable: true });
        expect(fourth).toMatchObject({ gates: [], gates_unreadable: false });
      }));

    test("pages that go on where the last one ended have each decision once", () =>
      withStore(open, async (store) => {
        // Two of them at a time.
        await store.writeEvents(
          Array.from({ length: 20 }, (_, i) => ({ ...decisionOf((i >> 1) + 1, { decision: "REJECT" }), seq: i + 1 })),
        );
        const ids: number[] = [];
        for (
          let page = await store.findDecisions({}, 3);
          page.length > 0;
          page = await store.findDecisions({}, 3, ids.at(-1))
        )
          ids.push(...page.map((decision) => decision.event_id));
        expect(new Set(ids).size).toBe(20);
        expect(await store.findDecisions({}, 3, 1e9)).toEqual([]);
      }));

    test("margins are in bins of a width that a person would choose, the threshold a boundary, outliers in the end bins", () =>
      withStore(open, async (store) => {
        const margins = [...Array.from({ length: 400 }, (_, i) => (i - 200) / 100), -1_000_000, 1_000_000];
        await store.writeEvents([
          ...margins.map((margin, i) =>
            decisionOf(i + 1, {
              decision: margin >= 0 ? "ACCEPT" : "REJECT",
              edge_unit: "bps",
              net_edge: margin.toFixed(2),
              min_threshold: "0",
            }),
          ),
          decisionOf(900, { decision: "ACCEPT", edge_unit: "USD", net_edge: "5", min_threshold: "1" }),
          decisionOf(901, { decision: "REJECT", edge_unit: "bps" }),
        ]);
        const { bins, ...rest } = await store.marginHistogram({ edgeUnit: "bps" }, 8);
        expect(rest).toEqual({ edgeUnit: "bps", count: 402, binWidth: 0.5 });
        expect(bins).toEqual([
          { from: -2, accepted: 0, rejected: 51 },
          { from: -1.5, accepted: 0, rejected: 50 },
          { from: -1, accepted: 0, rejected: 50 },
          { from: -0.5, accepted: 0, rejected: 50 },
          { from: 0, accepted: 50, rejected: 0 },
          { from: 0.5, accepted: 50, rejected: 0 },
          { from: 1, accepted: 50, rejected: 0 },
          { from: 1.5, accepted: 51, rejected: 0 },
        ]);
        expect(await store.edgeUnits({})).toEqual(["bps", "USD"]);
        expect(await store.marginHistogram({ edgeUnit: "EUR" }, 8)).toMatchObject({ count: 0, bins: [] });
      }));

    test("are counted by how they came out, whatever their reason code says of it", () =>
      withStore(open, async (store) => {
        const data = [
          { decision: "ACCEPT", reason_code: "edge_ok" },
          { decision: "ACCEPT", reason_code: "edge_ok" },
          { decision: "ACCEPT", reason_code: "edge_ok" },
          { decision: "REJECT", reason_code: "accepted" },
          { decision: "REJECT", reason_code: "accepted" },
          { decision: "ACCEPT", reason_code: "accepted" },
          { decision: "maybe", reason_code: "x" },
        ];
        await store.writeEvents(data.map((one, i) => decisionOf(i + 1, one)));
        const counts = [
          { decision: "ACCEPT", reason_code: "edge_ok", count: 3 },
          { decision: "REJECT", reason_code: "accepted", count: 2 },
          { decision: "ACCEPT", reason_code: "accepted", count: 1 },
          { decision: "", reason_code: "x", count: 1 },
        ];
        expect(await store.decisionReasons({})).toEqual(counts);
        const edge = { startTime: "2026-11-20T12:34:56.000001Z", endTime: "2026-11-20T12:34:56.000007Z" };
        expect(await store.decisionReasons(edge)).toEqual(counts);
        const [ofSymbol] = await store.symbolCounts({}, 10);
        expect(ofSymbol).toMatchObject({ symbol: "BTC/USDT", events: 7, accepted: 4, rejected: 3 });
        expect(await store.symbolCounts(edge, 10)).toEqual([ofSymbol]);
      }));

    test("of a reason that is rare, or that there is none of, are found whatever else there is", () =>
      withStore(open, async (store) => {
        const days = ["2026-11-19", "2026-11-20", "2026-11-21"];
        await store.writeEvents(
          days.flatMap((day, i) =>
            [1, 2, 3].map((second): EventInput => {
              const data = { decision: "REJECT", reason_code: second === 2 && i < 2 ? "rare" : "common" };
              return { ...decisionOf(i * 3 + second, data), timestamp: `${day}T12:34:0${second}.000000Z` };
            }),
          ),
        );
        const timesOf = async (filter: DecisionFilter, limit: number, beforeId?: number) =>
          (await store.findDecisions(filter, limit, beforeId)).map(({ timestamp }) => timestamp.slice(0, 10));
        expect(await timesOf({ reasonCode: "rare" }, 100)).toEqual(["2026-11-20", "2026-11-19"]);
        const [newest] = await store.findDecisions({ reasonCode: "rare" }, 1);
        expect(await timesOf({ reasonCode: "rare" }, 100, newest?.event_id)).toEqual(["2026-11-19"]);
        const upTo = { reasonCode: "rare", endTime: "2026-11-20T12:34:01.500000Z" };
        expect(await timesOf(upTo, 100)).toEqual(["2026-11-19"]);
        expect(await timesOf({ ...upTo, startTime: "2026-11-20T00:00:00.000000Z" }, 100)).toEqual([]);
        expect(await timesOf({ reasonCode: "rare", symbol: "ETH/USDT" }, 100)).toEqual([]);
        expect(await timesOf({ reasonCode: "never" }, 100)).toEqual([]);
        expect(await timesOf({ reasonCode: "common" }, 100)).toHaveLength(7);
      }));

    test("pages, reasons and units are those of looking at everything", () =>
      fc.assert(
        fc.asyncProperty(
          events,
          fc.array(fc.tuple(decisionFilter, fc.integer({ min: 1, max: 9 })), { minLength: 8, maxLength: 8 }),
          async (some, questions) =>
            withStore(open, async (store) => {
              const reference = new ReferenceStore();
              const decisions = some.map((event, i) => (i % 4 === 0 ? event : { ...event, eventType: "decision" }));
              await store.writeEvents(decisions);
              reference.writeEvents(decisions);
              for (const [filter, limit] of questions) {
                const { startTime, endTime, symbol, strategy } = filter;
                const page = await store.findDecisions(filter, limit);
                const expected = reference.findDecisions(filter, limit);
                expect(page.map(withoutId)).toEqual(expected.map(withoutId));
                const judged = await store.judgedDecisions(filter, limit);
                expect(judged.map(withoutId)).toEqual(reference.judgedDecisions(filter, limit).map(withoutId));
                expect(judged.map((one) => one.event_id)).toEqual(page.map((one) => one.event_id));
                if (page.length > 0) {
                  const next = await store.findDecisions(filter, limit, page.at(-1)!.event_id);
                  const expectedNext = reference.findDecisions(filter, limit, expected.at(-1)!.event_id);
                  expect(next.map(withoutId)).toEqual(expectedNext.map(withoutId));
                  const nextJudged = await store.judgedDecisions(filter, limit, page.at(-1)!.event_id);
                  expect(nextJudged.map((one) => one.event_id)).toEqual(next.map((one) => one.event_id));
                }
                expect(await store.decisionReasons({ startTime, endTime, symbol, strategy })).toEqual(
                  reference.decisionReasons({ startTime, endTime, symbol, strategy }),
                );
                expect(await store.edgeUnits(filter)).toEqual(reference.edgeUnits(filter));
              }
            }),
        ),
        { numRuns: runs },
      ));
  });
}
