import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { Signal } from "./signal.ts";
import { createSignalService } from "./signal-service.ts";

const alert = {
  alert_id: "a-1",
  strategy: "breakout",
  symbol: "BTC-USDT",
  action: "sell",
  quantity: "0.01",
  price: "64000",
  time: "2026-11-20T12:00:00Z",
};

interface Kept {
  readonly signalId: string;
  readonly signal: Signal;
  outcome: string | undefined;
}

/** A table in memory that knows alerts by their id, and a queue that can be away. */
function memory() {
  const table: Kept[] = [];
  const queued: (readonly [string, Signal])[] = [];
  const state = { isQueueAway: false };
  const service = createSignalService({
    database: {
      addSignal: async (signal) => {
        const known = table.find((kept) => kept.signal.alertId === signal.alertId);
        if (known !== undefined) return { ...known, isNew: false };
        const kept = { signalId: `${table.length + 1}`, signal, outcome: undefined };
        table.push(kept);
        return { ...kept, isNew: true };
      },
      unfinishedSignals: async () => table.filter(({ outcome }) => outcome === undefined),
    },
    queue: {
      publish: async (...message) => {
        if (state.isQueueAway) throw new Error("Redis is away");
        queued.push(message);
      },
    },
    log: pino({ level: "silent" }),
  });
  return { service, table, queued, state };
}

describe("taking a signal in", () => {
  it("that has come to something says that it is known, however often it is sent", async () => {
    const { service, table, queued } = memory();
    expect(await service.ingest(alert, "webhook")).toEqual({ kind: "queued", signalId: "1" });
    for (const kept of table) kept.outcome = "order_submitted";
    expect(await service.ingest(alert, "webhook")).toEqual({ kind: "duplicate" });
    expect(queued).toHaveLength(1);
  });

  it("says what is wrong with one that cannot be read, and keeps nothing of it", async () => {
    const { service, table, queued } = memory();
    expect(await service.ingest({ ...alert, price: "free" }, "bot")).toMatchObject({ kind: "malformed" });
    expect([table, queued]).toEqual([[], []]);
  });

  it("fails while the queue is away, and queues the same signal, as it came first, when it is sent again", async () => {
    const { service, table, queued, state } = memory();
    state.isQueueAway = true;
    await expect(service.ingest(alert, "webhook")).rejects.toThrow("Redis is away");
    expect(table).toHaveLength(1);
    state.isQueueAway = false;
    const later = { ...alert, time: "2026-11-20T12:05:00Z" };
    expect(await service.ingest(later, "webhook")).toEqual({ kind: "queued", signalId: "1" });
    expect(queued).toEqual([["1", expect.objectContaining({ sentEpochMs: Date.UTC(2026, 10, 20, 12) })]]);
  });

  it("is made up for at the next start by whatever has come to nothing", async () => {
    const { service, table, queued, state } = memory();
    await service.ingest({ ...alert, alert_id: "over" }, "webhook");
    for (const kept of table) kept.outcome = "stale_data";
    state.isQueueAway = true;
    await expect(service.ingest(alert, "webhook")).rejects.toThrow("Redis is away");
    state.isQueueAway = false;
    await service.requeue();
    expect(queued.map(([signalId]) => signalId)).toEqual(["1", "2"]);
  });
});
