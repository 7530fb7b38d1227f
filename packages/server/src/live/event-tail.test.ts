import type { StoredEvent } from "@tracebook/store";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../../test/test-desk.ts";
import { EventTail, type TailBatch } from "./event-tail.ts";

/** A store of so many events, which may be replaced by a smaller one. */
function createTail(count: number, maxBehind = 20_000, pageLimit = Number.POSITIVE_INFINITY) {
  const state = {
    ids: Array.from({ length: count }, (_, i) => i + 1),
    hasReaders: true,
    fails: 0,
    replaced: [] as number[],
  };
  const batches: TailBatch[] = [];
  const tail = new EventTail({
    store: {
      recentEvents: async (limit, sinceId = 0) => {
        if (state.fails-- > 0) throw new Error("busy");
        return state.ids
          .filter((id) => id > sinceId)
          .slice(0, Math.min(limit, pageLimit))
          .map((id) => ({ id }) as StoredEvent);
      },
    },
    onBatch: (batch) => batches.push(batch),
    onReplaced: (newestId) => state.replaced.push(newestId),
    hasReaders: () => state.hasReaders,
    paceMs: 1,
    maxBehind,
  });
  onTestFinished(() => tail.close());
  const ids = () => batches.flatMap(({ events }) => events.map((event) => event.id));
  const write = (more: number) => {
    const next = (state.ids.at(-1) ?? 0) + 1;
    for (let i = 0; i < more; i++) state.ids.push(next + i);
    tail.hear({ lastEventId: state.ids.at(-1) ?? 0 });
  };
  return { tail, state, batches, ids, write };
}

test("it reads behind the last id, page by page, each event once", async () => {
  const { tail, ids, write } = createTail(10);
  await tail.skipToNewest();
  write(1_200);
  write(1);
  await until(() => ids().length === 1_211 || ids().length === 1_201);
  await until(() => tail.lastId === 1_211);
  expect(new Set(ids()).size).toBe(ids().length);
});

test("pages that end early, since their data is large, are no end: it reads on without being told again", async () => {
  const { tail, ids, write } = createTail(0, 20_000, 3);
  write(10);
  await until(() => tail.lastId === 10);
  expect(ids()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a writer's word that comes late is no other database", async () => {
  const { tail, state, ids, write } = createTail(0);
  write(5);
  await until(() => tail.lastId === 5);
  tail.hear({ lastEventId: 3 });
  write(1);
  await until(() => tail.lastId === 6);
  expect(ids()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(state.replaced).toEqual([]);
});

test("a database that begins anew is gone on with from its newest event", async () => {
  const { tail, state, ids, write } = createTail(0);
  write(50);
  await until(() => tail.lastId === 50);
  state.ids = [1, 2, 3];
  tail.hear({ lastEventId: 3 });
  await until(() => state.replaced.length === 1);
  expect([state.replaced, tail.lastId]).toEqual([[3], 3]);
  write(2);
  await until(() => tail.lastId === 5);
  expect(ids().slice(50)).toEqual([4, 5]);
});

test("too far behind it goes on to the newest, and says how many it has passed over", async () => {
  const { batches, ids, write } = createTail(0, 1_000);
  write(5_000);
  await until(() => ids().at(-1) === 5_000);
  expect(batches[0]?.passedOver).toBe(4_500);
  expect(ids().length + batches.reduce((sum, batch) => sum + batch.passedOver, 0)).toBe(5_000);
});

test("while nobody watches nothing is read, and nothing is missed by who comes then", async () => {
  const { tail, state, ids, write } = createTail(0);
  state.hasReaders = false;
  write(100);
  expect([tail.lastId, ids()]).toEqual([100, []]);
  // Somebody else has written.
  state.ids.push(101, 102);
  await tail.look();
  expect(tail.lastId).toBe(102);
  state.hasReaders = true;
  write(1);
  await until(() => tail.lastId === 103);
  expect(ids()).toEqual([103]);
});

test("a store that cannot answer is asked again", async () => {
  const { tail, state, ids, write } = createTail(0);
  state.fails = 1;
  write(2);
  await until(() => state.fails <= 0);
  await until(async () => {
    await tail.look();
    return ids().length === 2;
  });
  expect(ids()).toEqual([1, 2]);
});
