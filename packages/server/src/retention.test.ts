import { toTimestamp } from "@tracebook/core";
import type { CleanUpOptions, CleanUpResult } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { numberedEvents } from "../test/numbered-events.ts";
import { testFolder } from "../test/test-desk.ts";
import { Retention } from "./retention.ts";

const DAY_MS = 86_400_000;
const NONE: CleanUpResult = { events: 0, decisions: 0, spans: 0, metricPoints: 0, freedBytes: 0 };

test("what is older than it is kept goes, and health says how much and when", async () => {
  const store = await openSqliteStore({ path: `${testFolder()}/t.db` });
  onTestFinished(() => store.close());
  const nowMs = Date.now();
  const daysAgo = (days: number) => toTimestamp((nowMs - days * DAY_MS) * 1_000);
  await store.writeEvents(numberedEvents(3, { timestamp: daysAgo(100) }));
  await store.writeEvents(numberedEvents(2, { timestamp: daysAgo(80) }));
  const retention = new Retention(store, { events: 90, traces: "forever", metrics: 180 }, () => nowMs);
  onTestFinished(() => retention.close());
  expect(retention.state()[0]).toEqual({ what: "events", keep_days: 90, last_cleanup: null, last_removed: 0 });
  await retention.cleanUp();
  expect(await store.countEvents({})).toBe(2);
  expect(retention.state()).toEqual([
    { what: "events", keep_days: 90, last_cleanup: toTimestamp(nowMs * 1_000), last_removed: 3 },
    { what: "traces", keep_days: null, last_cleanup: null, last_removed: 0 },
    { what: "metrics", keep_days: 180, last_cleanup: toTimestamp(nowMs * 1_000), last_removed: 0 },
  ]);
});

test("each kind has its own age, and for ever is never", async () => {
  const asked: CleanUpOptions[] = [];
  const cleanUp = (options: CleanUpOptions) => {
    asked.push(options);
    return Promise.resolve(NONE);
  };
  const nowMs = Date.UTC(2026, 10, 20);
  const retention = new Retention({ cleanUp }, { events: "forever", traces: 30, metrics: 180 }, () => nowMs);
  onTestFinished(() => retention.close());
  await retention.cleanUp();
  expect(asked).toEqual([
    {
      eventsOlderThan: undefined,
      tracesOlderThan: "2026-10-21T00:00:00.000000Z",
      metricsOlderThan: "2026-05-24T00:00:00.000000Z",
    },
  ]);
});

test("a cleaning that fails is a problem until one does not, and those who ask meanwhile share it", async () => {
  let failure: Error | undefined = new Error("the disk is gone");
  let calls = 0;
  const cleanUp = () => {
    calls++;
    return failure === undefined ? Promise.resolve(NONE) : Promise.reject(failure);
  };
  const retention = new Retention({ cleanUp }, { events: 1, traces: 1, metrics: 1 }, Date.now);
  onTestFinished(() => retention.close());
  await Promise.all([retention.cleanUp(), retention.cleanUp()]);
  expect([calls, retention.problem]).toEqual([1, "cleaning up has failed: the disk is gone"]);
  failure = undefined;
  await retention.cleanUp();
  expect(retention.problem).toBeUndefined();
});
