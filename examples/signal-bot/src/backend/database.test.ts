import { describe, expect, it } from "vitest";
import { createDatabase } from "./database.ts";
import type { Signal } from "./signal.ts";

const signal: Signal = {
  alertId: "a-1",
  source: "webhook",
  strategy: "breakout",
  symbol: "BTC-USDT",
  action: "buy",
  quantity: "0.01",
  price: "64200.5",
  sentEpochMs: 1_800_000_000_123,
};
/** As the driver hands it out. */
const row = {
  id: "7",
  alert_id: "a-1",
  source: "webhook",
  strategy: "breakout",
  symbol: "BTC-USDT",
  action: "buy",
  quantity: "0.01",
  price: "64200.5",
  outcome: null,
  sent_epoch_ms: "1800000000123",
};

/** Tables whose queries get these rows, one after the other. */
function answering(...answers: readonly object[][]) {
  const asked: (readonly [string, unknown])[] = [];
  const database = createDatabase({
    query: async (sql: string, values?: unknown) => {
      asked.push([sql.replace(/\s+/g, " ").trim(), values]);
      return { rows: answers[asked.length - 1] ?? [] };
    },
  } as never);
  return { database, asked };
}

describe("the tables", () => {
  it("keep a new signal with every field, and say that it is new", async () => {
    const { database, asked } = answering([{ id: "7" }]);
    expect(await database.addSignal(signal)).toEqual({ signalId: "7", signal, outcome: undefined, isNew: true });
    expect(asked[0]?.[1]).toEqual([
      "a-1",
      "webhook",
      "breakout",
      "BTC-USDT",
      "buy",
      "0.01",
      "64200.5",
      1_800_000_000_123,
    ]);
  });

  it("tell of a signal that is known what came first, and what came of it", async () => {
    const later = { ...signal, sentEpochMs: signal.sentEpochMs + 5_000 };
    for (const outcome of [null, "order_submitted"]) {
      const { database } = answering([], [{ ...row, outcome }]);
      expect(await database.addSignal(later)).toEqual({
        signalId: "7",
        signal,
        outcome: outcome ?? undefined,
        isNew: false,
      });
    }
  });

  it("give unfinished signals back as they were taken in", async () => {
    const { database, asked } = answering([row]);
    expect(await database.unfinishedSignals()).toEqual([{ signalId: "7", signal, outcome: undefined }]);
    expect(asked[0]?.[0]).toContain("where outcome is null order by id");
  });

  it.each([
    [
      { outcome: null, client_order_id: null, status: null, reason_code: null },
      { outcome: undefined, order: undefined },
    ],
    [
      { outcome: null, client_order_id: "sb-1", status: "requested", reason_code: null },
      { outcome: undefined, order: { clientOrderId: "sb-1", status: "requested" } },
    ],
    [
      { outcome: "order_rejected", client_order_id: "sb-1", status: "rejected", reason_code: "order_rejected" },
      { outcome: "order_rejected", order: { clientOrderId: "sb-1", status: "rejected", reasonCode: "order_rejected" } },
    ],
  ])("have of a signal in the state %j the state %j", async (given, state) => {
    expect(await answering([given]).database.stateOf("7", "a-1")).toEqual(state);
  });

  it("know a signal by its number and its alert together", async () => {
    const { database, asked } = answering([]);
    expect(await database.stateOf("7", "another")).toBeUndefined();
    expect(asked[0]).toEqual([
      expect.stringMatching(/signals\.id = \$1 and signals\.alert_id = \$2$/),
      ["7", "another"],
    ]);
  });

  it("set an outcome once, and spell an order's side as the exchange does", async () => {
    const { database, asked } = answering();
    await database.setOutcome("7", "stale_data");
    await database.addOrder({ signalId: "7", clientOrderId: "sb-1" }, { ...signal, action: "sell" });
    expect(asked).toEqual([
      [expect.stringMatching(/and outcome is null$/), ["7", "stale_data"]],
      [expect.stringContaining("'requested'"), ["7", "sb-1", "BTC-USDT", "SELL", "0.01"]],
    ]);
  });
});
