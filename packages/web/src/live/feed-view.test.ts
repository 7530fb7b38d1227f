import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredEvent } from "../api/client.ts";
import { createEventList } from "./event-list.ts";
import { createFeedView, type FeedView } from "./feed-view.ts";
import { foldKeyOf } from "./fold-key.ts";
import { START_MICROS, testEvent } from "./test-event.ts";
import { createTextNumbers } from "./text-numbers.ts";

function listOf(events: readonly StoredEvent[], maxTexts = 100, maxRows = 1_000) {
  let last = 0;
  const list = createEventList({
    maxRows,
    maxSize: 1e9,
    newKey: () => --last,
    nowMicros: () => START_MICROS + 100_000_000,
    folds: createTextNumbers(maxTexts),
  });
  list.addNew(events, 0);
  return list;
}

const rejected = (id: number, reason_code = "insufficient_edge", symbol = "BTC/USDT") =>
  testEvent(id, { symbol, data: { decision: "REJECT", reason_code } });
const shownOf = (view: FeedView) =>
  Array.from({ length: view.length }, (_, index) => {
    const shown = view.at(index);
    return [shown?.row.event?.id ?? -1, shown?.count];
  });

test("rejections in a row for the same reason are one row, with their number and the newest of them", () => {
  const list = listOf([
    rejected(1),
    rejected(2),
    rejected(3),
    testEvent(4, { event_type: "order_request" }),
    rejected(5),
  ]);
  expect(shownOf(createFeedView(list, true))).toEqual([
    [5, 1],
    [4, 1],
    [3, 3],
  ]);
  expect(shownOf(createFeedView(list, false)).length).toBe(5);
});

test("another reason or another symbol is another row", () => {
  const list = listOf([rejected(1), rejected(2, "cooldown"), rejected(3, "cooldown", "ETH/USDT")]);
  expect(createFeedView(list, true).length).toBe(3);
});

test("what was accepted, orders, errors and what only its host knows is never folded", () => {
  const accepted = { data: { decision: "ACCEPT", reason_code: "accepted" } };
  expect(foldKeyOf(testEvent(1, accepted))).toBe("");
  for (const event_type of ["order_request", "order_result", "error_occurred", "log", "custom", "constructor"])
    expect(foldKeyOf(testEvent(1, { event_type })), event_type).toBe("");
});

test("an event is found in the row that stands for it", () => {
  const view = createFeedView(listOf([rejected(1), rejected(2), rejected(3, "cooldown"), rejected(4)]), true);
  expect([1, 2, 3, 4, 99].map((id) => view.indexOf(id))).toEqual([2, 2, 1, 0, -1]);
});

test("rows stand for every event, and only for those that say the same", () => {
  const reasons = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 60 });
  fc.assert(
    fc.property(reasons, fc.integer({ min: 1, max: 5 }), (codes, maxTexts) => {
      const list = listOf(
        codes.map((code, i) => rejected(i + 1, code)),
        maxTexts,
      );
      const view = createFeedView(list, true);
      const counts = shownOf(view).map(([, count]) => count ?? 0);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(codes.length);
      for (const [i] of codes.entries()) {
        const shown = view.at(view.indexOf(i + 1))?.row.event;
        expect(shown?.data["reason_code"]).toBe(codes[i]);
      }
    }),
  );
});

test("whatever comes in whatever pieces, rows are folded as if all of them had been looked at, and each is found", () => {
  const event = fc.record({
    id: fc.integer({ min: 1, max: 60 }),
    code: fc.constantFrom("a", "b", ""),
    isOdd: fc.boolean(),
  });
  const batch = fc.record({ isOlder: fc.boolean(), skipped: fc.nat({ max: 2 }), events: fc.array(event) });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 10 }), fc.integer({ min: 1, max: 40 }), (batches, maxRows) => {
      const list = listOf([], 100, maxRows);
      for (const { isOlder, skipped, events } of batches) {
        const made = events.map(({ id, code, isOdd }) =>
          code === "" ? testEvent(id, { event_type: "order_request" }) : rejected(isOdd ? id : id * 100, code),
        );
        if (isOlder) list.addOlder(made);
        else list.addNew(made, skipped);
        const rows = Array.from({ length: list.length }, (_, index) => list.row(index));
        const starts = rows.flatMap((row, i) => (row?.fold === 0 || row?.fold !== rows[i - 1]?.fold ? [i] : []));
        const view = createFeedView(list, true);
        const shown = Array.from({ length: view.length }, (_, index) => view.at(index));
        expect(shown.map((one) => one?.row)).toEqual(starts.map((start) => rows[start]));
        expect(shown.reduce((sum, one) => sum + (one?.count ?? 0), 0)).toBe(rows.length);
        expect(view.at(view.length)).toBeUndefined();
        for (const [i, row] of rows.entries()) {
          expect(list.indexOf(row?.key ?? 0)).toBe(i);
          expect(view.indexOf(row?.key ?? 0)).toBe(starts.filter((start) => start <= i).length - 1);
        }
      }
    }),
  );
});
