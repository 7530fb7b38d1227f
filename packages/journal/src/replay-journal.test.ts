import { createManualClock, eventKindOf, parseTimestamp, tradingEvents } from "@tracebook/core";
import { describe, expect, it } from "vitest";
import { createInstance, KINDS, NOON, openJournal, testFolder } from "../test/records.ts";
import { JournalError, type ReplayEvent, replayJournal } from "./index.ts";

/** Two instances that run at the same time, a second between their records in turn: a 1, b 1, a 2, b 2, ... */
async function recorded(count = 10) {
  const dir = testFolder();
  const writers = ["a", "b"].map((id) => openJournal({ dir, instance: createInstance(id, createManualClock(NOON)) }));
  for (const [at, { accept, clock }] of writers.entries())
    for (let i = 0; i < count; i++) {
      clock.advanceTo(NOON + (2 * i + at) * 1_000_000);
      accept(i % 2 === 0 ? KINDS.orderRequest : KINDS.riskPassed, { i });
    }
  for (const { journal } of writers) await journal.close();
  return dir;
}

async function play(options: Partial<Parameters<typeof replayJournal>[0]> & { source: string }) {
  const events: ReplayEvent[] = [];
  const times: number[] = [];
  const summary = await replayJournal({
    onEvent: (event) => {
      events.push(event);
      times.push(event.clock.epochMicros(event.clock.nowMs()));
    },
    ...options,
  });
  return { events, times, summary };
}

describe("a replay", () => {
  it("plays the same events in the same order, each at its time on the clock, every time alike", async () => {
    const source = await recorded();
    const runs = [await play({ source }), await play({ source })];
    for (const { events, times } of runs) {
      expect(events.map(({ record }) => `${record.instance_id} ${record.seq}`)).toEqual(
        Array.from({ length: 20 }, (_, i) => `${i % 2 === 0 ? "a" : "b"} ${Math.floor(i / 2) + 1}`),
      );
      expect(times).toEqual(events.map((event) => parseTimestamp(event.record.timestamp)));
      expect(events.map((event) => event.data["i"])).toEqual(events.map((event) => event.record.seq - 1));
    }
    expect(runs[0]!.events.map((event) => event.record)).toEqual(runs[1]!.events.map((event) => event.record));
  });

  it("gives the declarations of the events, and counts those that nobody declared", async () => {
    const { events, summary } = await play({ source: await recorded(), kindOf: eventKindOf });
    expect(events[0]!.kind).toBe(tradingEvents.orderRequest.kind);
    expect(summary.unknown).toBe(0);
    const { summary: without } = await play({
      source: await recorded(2),
      kindOf: (type) => (type === "x" ? KINDS.signal : undefined),
    });
    expect(without.unknown).toBe(4);
  });

  it("says what it played", async () => {
    const { summary } = await play({ source: await recorded(3), filter: { instanceId: "a" } });
    expect(summary).toMatchObject({
      records: 3,
      eventTypes: { order_request: 2, risk_passed: 1 },
      instances: { a: { first_seq: 1, last_seq: 3 } },
      firstTimestamp: "2026-11-20T12:00:00.000000Z",
      lastTimestamp: "2026-11-20T12:00:04.000000Z",
      aborted: false,
    });
  });

  it.each([
    [1, 19_000],
    [10, 1_900],
    [0.5, 38_000],
  ])("at speed %d waits as long as was recorded, divided by the speed", async (speed, expectedMs) => {
    let nowMs = 500;
    const waits: number[] = [];
    const wait = async (ms: number) => {
      waits.push(ms);
      nowMs += ms;
    };
    const { summary } = await play({ source: await recorded(), speed, monotonicMs: () => nowMs, wait });
    expect(summary.elapsedMs).toBeCloseTo(expectedMs, 3);
    expect(waits).toHaveLength(19);
  });

  it("makes up for a slow listener instead of waiting on top of it", async () => {
    let nowMs = 0;
    const { summary } = await play({
      source: await recorded(),
      speed: 1,
      monotonicMs: () => nowMs,
      wait: async (ms) => {
        nowMs += ms;
      },
      onEvent: () => {
        nowMs += 900;
      },
    });
    expect(summary.elapsedMs).toBeCloseTo(19_900, 3);
  });

  it("really waits on timers, for very little here", async () => {
    const { summary } = await play({ source: await recorded(), speed: 1_000 });
    // 20 ms; a timer may fire a millisecond early, and each wait is one.
    expect(summary.elapsedMs).toBeGreaterThan(10);
  });

  it("can be ended between two events and in the middle of a wait", async () => {
    const source = await recorded();
    const between = new AbortController();
    const { summary: first } = await play({
      source,
      signal: between.signal,
      onEvent: ({ record }) => {
        if (record.seq === 3) between.abort();
      },
    });
    expect(first).toMatchObject({ records: 5, aborted: true });
    const during = new AbortController();
    const playing = play({
      source,
      speed: 0.001,
      signal: during.signal,
      onEvent: () => void setImmediate(() => during.abort()),
    });
    expect((await playing).summary).toMatchObject({ records: 1, aborted: true });
  });

  it("keeps its clock from going back where the recorded one did", async () => {
    const line = (seq: number, timestamp: string) => ({
      seq,
      instance_id: "a",
      event_type: "x",
      timestamp,
      run_id: "",
      data: {},
    });
    const source = [line(1, "2026-11-20T12:00:05.000000Z"), line(2, "2026-11-20T12:00:01.000000Z"), line(3, "no time")];
    const times: number[] = [];
    await replayJournal({ source, onEvent: ({ clock }) => void times.push(clock.epochMicros(clock.nowMs()) - NOON) });
    expect(times).toEqual([5_000_000, 5_000_000, 5_000_000]);
  });

  it("waits for a listener that takes its time, and ends with what it throws", async () => {
    const source = await recorded(2);
    let active = 0;
    await replayJournal({
      source,
      onEvent: async () => {
        expect(++active).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        active--;
      },
    });
    const failing = replayJournal({
      source,
      onEvent: () => {
        throw new Error("strategy broke");
      },
    });
    await expect(failing).rejects.toThrow("strategy broke");
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a speed of %d", async (speed) => {
    await expect(replayJournal({ source: ".", speed, onEvent: () => undefined })).rejects.toThrow(RangeError);
  });

  it("of a journal that is not there fails with a code", async () => {
    await expect(play({ source: "/no/such/journal" })).rejects.toThrow(JournalError);
  });
});
