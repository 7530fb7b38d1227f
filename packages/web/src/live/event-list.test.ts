import fc from "fast-check";
import { expect, test } from "vitest";
import { microsTimestamp } from "../format/timestamp-micros.ts";
import { createEventList, type EventList } from "./event-list.ts";
import { START_MICROS, testEvent } from "./test-event.ts";
import { createTextNumbers } from "./text-numbers.ts";

function makeList(maxRows = 1_000, maxSize = 1e9): EventList {
  let last = 0;
  return createEventList({
    maxRows,
    maxSize,
    newKey: () => --last,
    nowMicros: () => START_MICROS + 100_000_000,
    folds: createTextNumbers(),
  });
}

function ids(list: EventList): (number | string)[] {
  return Array.from({ length: list.length }, (_, index) => {
    const row = list.row(index);
    return row?.event?.id ?? `gap ${row?.skipped}`;
  });
}

const at = (second: number) => ({ timestamp: microsTimestamp(START_MICROS + second * 1_000_000) });

test("the newest event is on top, and history goes in below", () => {
  const list = makeList();
  list.addOlder([testEvent(5), testEvent(4)]);
  list.addNew([testEvent(6), testEvent(7)], 0);
  list.addOlder([testEvent(3), testEvent(2)]);
  expect(ids(list)).toEqual([7, 6, 5, 4, 3, 2]);
  expect(list.indexOf(7)).toBe(0);
  expect(list.indexOf(2)).toBe(5);
  expect(list.indexOf(99)).toBe(-1);
});

test("an event is there once, however often it comes and by whatever way", () => {
  const list = makeList();
  list.addNew([testEvent(1), testEvent(2), testEvent(2)], 0);
  list.addOlder([testEvent(2), testEvent(1), testEvent(1)]);
  expect(ids(list)).toEqual([2, 1]);
});

test("events of several services stand by their time, whichever arrives first", () => {
  const list = makeList();
  list.addNew([testEvent(1, at(10)), testEvent(2, at(12))], 0);
  list.addNew([testEvent(3, at(9)), testEvent(4, at(11))], 0);
  expect(ids(list)).toEqual([2, 4, 1, 3]);
});

test("an event that is more than a minute late stands where it arrived, so that it is seen", () => {
  const list = makeList();
  list.addNew([testEvent(1, at(100))], 0);
  list.addNew([testEvent(2, at(30)), testEvent(3, at(41))], 0);
  expect(ids(list)).toEqual([2, 1, 3]);
});

test("a clock that is ahead does not keep its events above those that come after them", () => {
  const list = makeList();
  list.addOlder([testEvent(1, at(5_000))]);
  list.addNew([testEvent(2, at(100)), testEvent(3, at(3_600))], 0);
  list.addNew([testEvent(4, at(100))], 0);
  expect(ids(list)).toEqual([4, 3, 2, 1]);
});

test("an event without a time stands where it arrived, and has a key of its own", () => {
  const list = makeList();
  list.addNew([testEvent(1, at(1))], 0);
  list.addNew([testEvent(0, { timestamp: "" }), testEvent(0, { timestamp: "yesterday" })], 0);
  list.addNew([testEvent(2, at(2))], 0);
  expect(ids(list)).toEqual([2, 1, 0, 0]);
  expect(new Set(Array.from({ length: 4 }, (_, index) => list.row(index)?.key)).size).toBe(4);
});

test("what was skipped is said before what came after it, once a second at most", () => {
  const list = makeList();
  list.addNew([testEvent(1, at(1))], 0);
  list.addNew([testEvent(2, at(2))], 30);
  list.addNew([testEvent(3, at(2.5))], 12);
  list.addNew([testEvent(4, at(4))], 7);
  expect(ids(list)).toEqual([4, "gap 7", 3, 2, "gap 42", 1]);
});

test("the list keeps the newest rows, and counts those that it lets go", () => {
  const list = makeList(3);
  list.addNew(
    [1, 2, 3, 4, 5].map((id) => testEvent(id)),
    0,
  );
  expect(ids(list)).toEqual([5, 4, 3]);
  expect(list.dropped).toBe(2);
  list.addOlder([testEvent(2)]);
  expect(ids(list)).toEqual([5, 4, 3]);
});

test("large events are bounded by their size, not by their number", () => {
  const list = makeList(1_000, 50_000);
  list.addNew(
    Array.from({ length: 20 }, (_, i) => testEvent(i + 1, { data: { text: "x".repeat(10_000) } })),
    0,
  );
  expect(ids(list)).toEqual([20, 19, 18, 17]);
});

test("rows move from one list to another whole, and leave nothing behind", () => {
  const [waiting, list] = [makeList(), makeList()];
  list.addNew([testEvent(1)], 0);
  waiting.addNew([testEvent(3), testEvent(2)], 0);
  list.absorb(waiting);
  expect(ids(list)).toEqual([3, 2, 1]);
  expect(waiting.length).toBe(0);
  waiting.addNew([testEvent(2)], 0);
  expect(waiting.length).toBe(1);
});

test("one list takes in another, the same whichever of them is longer and wherever they meet", () => {
  const ranges = fc.record({ first: fc.nat({ max: 40 }), count: fc.nat({ max: 40 }) });
  fc.assert(
    fc.property(ranges, ranges, fc.integer({ min: 1, max: 50 }), (ours, theirs, maxRows) => {
      const idsOf = ({ first, count }: typeof ours) => Array.from({ length: count }, (_, i) => first + i + 1);
      const [list, other] = [makeList(maxRows), makeList(maxRows)];
      list.addNew(
        idsOf(ours).map((id) => testEvent(id)),
        0,
      );
      other.addNew(
        idsOf(theirs).map((id) => testEvent(id)),
        0,
      );
      list.absorb(other);
      const all = [...new Set([...idsOf(ours), ...idsOf(theirs)])].toSorted((a, b) => b - a);
      expect(ids(list)).toEqual(all.slice(0, maxRows));
      for (const [i, id] of ids(list).entries()) expect(list.indexOf(id as number)).toBe(i);
      expect(list.dropped > 0).toBe(all.length > maxRows || ours.count > maxRows || theirs.count > maxRows);
      expect(other.length).toBe(0);
      list.addNew([testEvent(200)], 0);
      expect(list.row(0)?.key).toBe(200);
    }),
  );
});

test("whatever comes in whatever pieces, rows are in order and the newest are kept", () => {
  const event = fc.record({ id: fc.integer({ min: 1, max: 60 }), second: fc.integer({ min: 0, max: 50 }) });
  const batch = fc.record({ isOlder: fc.boolean(), events: fc.array(event, { maxLength: 12 }) });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 8 }), fc.integer({ min: 1, max: 30 }), (batches, maxRows) => {
      const list = makeList(maxRows);
      const times = new Map<number, number>();
      for (const { isOlder, events } of batches) {
        // An id has one time, as in the store.
        const made = events.map(({ id, second }) => {
          if (!times.has(id)) times.set(id, second);
          return testEvent(id, at(times.get(id) as number));
        });
        if (isOlder) list.addOlder(made);
        else list.addNew(made, 0);
      }
      const rows = Array.from({ length: list.length }, (_, index) => list.row(index));
      const order = rows.map((row) => row?.at ?? 0);
      expect(order).toEqual(order.toSorted((a, b) => b - a));
      expect(new Set(rows.map((row) => row?.key)).size).toBe(rows.length);
      expect(rows.length).toBe(Math.min(maxRows, rows.length + list.dropped));
    }),
  );
});
