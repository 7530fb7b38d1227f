import { expect, test } from "vitest";
import { createArrivals } from "./arrivals.ts";
import { createTestClock } from "./test-clock.ts";
import { testEvent } from "./test-event.ts";

function begin(maxEvents = 100) {
  const clock = createTestClock();
  const flushed: { readonly ids: readonly number[]; readonly skipped: number }[] = [];
  const arrivals = createArrivals({
    clock,
    everyMs: 100,
    maxEvents,
    onFlush: (events, skipped) => flushed.push({ ids: events.map(({ id }) => id), skipped }),
  });
  return {
    clock,
    flushed,
    add: (ids: number[], skipped = 0) => arrivals.add({ events: ids.map((id) => testEvent(id)), skipped }),
    arrivals,
  };
}

test("what comes after a pause is handed on at once", () => {
  const { clock, flushed, add } = begin();
  add([1]);
  clock.advance(0);
  expect(flushed).toEqual([{ ids: [1], skipped: 0 }]);
});

test("however fast events come, they are handed on once in a while, all of them in order", () => {
  const { clock, flushed, add } = begin();
  for (let id = 1; id <= 40; id++) {
    add([id], 1);
    clock.advance(10);
  }
  clock.advance(100);
  expect(flushed.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(flushed.reduce((sum, { skipped }) => sum + skipped, 0)).toBe(40);
  expect(flushed.length).toBe(5);
});

test("more than can wait is given up from the oldest on, and counted", () => {
  const { clock, flushed, add } = begin(3);
  add([1, 2, 3, 4, 5], 2);
  clock.advance(100);
  expect(flushed).toEqual([{ ids: [3, 4, 5], skipped: 4 }]);
});

test("what was cleared does not come", () => {
  const { clock, flushed, add, arrivals } = begin();
  add([1], 5);
  arrivals.clear();
  clock.advance(1_000);
  expect(flushed).toEqual([]);
});
