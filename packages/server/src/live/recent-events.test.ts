import type { StoredEvent } from "@tracebook/store";
import { expect, test } from "vitest";
import { RecentEvents } from "./recent-events.ts";

/** A store whose readings end when they are told to, with what was written when they began. */
function createSlowStore() {
  const written: StoredEvent[] = [];
  const endings: (() => void)[] = [];
  return {
    write: (id: number) => void written.unshift({ id } as StoredEvent),
    end: () => endings.shift()?.(),
    readings: () => endings.length,
    recentEvents: () => {
      const seen = [...written];
      return new Promise<readonly StoredEvent[]>((resolve) => {
        endings.push(() => resolve(seen));
      });
    },
  };
}

const idsOf = (events: readonly StoredEvent[]) => events.map(({ id }) => id);

test("whoever asks while a reading is under way is given what was written before", async () => {
  const store = createSlowStore();
  const recent = new RecentEvents(store);
  store.write(1);
  recent.markStale();
  const asked = recent.current();
  store.end();
  expect(idsOf(await asked)).toEqual([1]);
  recent.close();
});

test("a reading that began before the last write is followed by one more, which those who ask share", async () => {
  const store = createSlowStore();
  const recent = new RecentEvents(store);
  store.write(1);
  recent.markStale();
  store.write(2);
  recent.markStale();
  const asked = [recent.current(), recent.current()];
  store.end();
  await expect.poll(() => store.readings()).toBe(1);
  store.end();
  expect((await Promise.all(asked)).map(idsOf)).toEqual([
    [2, 1],
    [2, 1],
  ]);
  recent.close();
});

test("those who ask wait for two readings at most, however much is written meanwhile", async () => {
  const store = createSlowStore();
  const recent = new RecentEvents(store);
  recent.markStale();
  const asked = recent.current();
  for (let id = 1; id <= 2; id++) {
    store.write(id);
    recent.markStale();
    store.end();
    await expect.poll(() => store.readings() > 0 || id === 2).toBe(true);
  }
  expect(idsOf(await asked).length).toBeGreaterThan(0);
  recent.close();
});
