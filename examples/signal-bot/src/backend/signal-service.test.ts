import { pino } from "pino";
import { describe, expect, it } from "vitest";
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

/** A table in memory that knows alerts by their id, and a queue that can be away. */
function memory() {
  const table = new Map<string, string>();
  const queued: string[] = [];
  const state = { isQueueAway: false };
  const service = createSignalService({
    database: {
      addSignal: async ({ alertId }) => {
        if (table.has(alertId)) return undefined;
        table.set(alertId, `${table.size + 1}`);
        return table.get(alertId);
      },
      removeSignal: async (id) => {
        for (const [alertId, known] of table) if (known === id) table.delete(alertId);
      },
    },
    queue: {
      publish: async (id) => {
        if (state.isQueueAway) throw new Error("Redis is away");
        queued.push(id);
      },
    },
    log: pino({ level: "silent" }),
  });
  return { service, queued, state };
}

describe("taking a signal in", () => {
  it("queues it once, however often it is sent", async () => {
    const { service, queued } = memory();
    expect(await service.ingest(alert, "webhook")).toEqual({ kind: "queued", signalId: "1" });
    expect(await service.ingest(alert, "webhook")).toEqual({ kind: "duplicate" });
    expect(queued).toEqual(["1"]);
  });

  it("says what is wrong with one that cannot be read, and keeps nothing of it", async () => {
    const { service, queued } = memory();
    expect(await service.ingest({ ...alert, price: "free" }, "bot")).toMatchObject({ kind: "malformed" });
    expect(queued).toEqual([]);
  });

  it("fails while the queue is away, and takes the same signal when it is back", async () => {
    const { service, queued, state } = memory();
    state.isQueueAway = true;
    await expect(service.ingest(alert, "webhook")).rejects.toThrow("Redis is away");
    state.isQueueAway = false;
    expect(await service.ingest(alert, "webhook")).toMatchObject({ kind: "queued" });
    expect(queued).toHaveLength(1);
  });
});
