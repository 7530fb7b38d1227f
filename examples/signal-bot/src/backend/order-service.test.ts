import { ROOT_CONTEXT } from "@opentelemetry/api";
import { pino } from "pino";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryDatabase } from "../../test/memory-database.ts";
import { clientOrderIdOf } from "./client-order-id.ts";
import type { OrderReport, OrderToPlace, UnknownEnd } from "./exchange-client.ts";
import { HopelessSignal } from "./hopeless-signal.ts";
import { createOrderService, type OrderService } from "./order-service.ts";
import { createPositions } from "./positions.ts";
import type { Signal } from "./signal.ts";

/** What is put on the record. */
const recorded = vi.hoisted(() => ({
  decisions: vi.fn(),
  requests: vi.fn(),
  results: vi.fn(),
  rejects: vi.fn(),
  trades: vi.fn(),
  fills: vi.fn(() => true),
}));
vi.mock("@tracebook/node", async (original) => {
  const actual = await original<typeof import("@tracebook/node")>();
  return {
    ...actual,
    decisions: { record: recorded.decisions },
    tradingEvents: {
      orderRequest: { emit: recorded.requests },
      orderResult: { emit: recorded.results },
      signalRejected: { emit: recorded.rejects },
    },
    tradingMetrics: { trades: { add: recorded.trades }, recordFill: recorded.fills, position: () => undefined },
  };
});

const NOW = 1_800_000_000_000;
const signal: Signal = {
  alertId: "alert-1",
  source: "webhook",
  strategy: "breakout",
  symbol: "ETH-USDT",
  action: "buy",
  quantity: "0.1",
  price: "3000",
  sentEpochMs: NOW,
};
const filled: OrderReport = {
  status: "filled",
  exchangeOrderId: "17",
  fills: [{ price: "3001", quantity: "0.1", fee: "0.15" }],
  venueCode: 0,
  httpStatus: 200,
};
const silence: UnknownEnd = { status: "unknown", reason: "no answer: TimeoutError" };

/** A service whose exchange gives these answers, the last of them for ever, and what is on the record of it. */
function setUp(answers: readonly (OrderReport | UnknownEnd)[] = [filled], given: Signal = signal) {
  const database = createMemoryDatabase([["1", given]]);
  const positions = createPositions();
  const placed: OrderToPlace[] = [];
  const clock = { nowEpochMs: NOW };
  const exchange = {
    place: async (order: OrderToPlace) => {
      placed.push(order);
      return answers[Math.min(placed.length, answers.length) - 1] ?? silence;
    },
  };
  const create = (): OrderService =>
    createOrderService({
      database,
      exchange,
      positions,
      log: pino({ level: "silent" }),
      nowEpochMs: () => clock.nowEpochMs,
    });
  const deliver = (service: OrderService = orders, from: Signal = given): Promise<void> =>
    service.handle({ signalId: "1", signal: from, parent: ROOT_CONTEXT });
  const orders = create();
  return { database, positions, placed, clock, orders, create, deliver };
}

const counts = () => Object.fromEntries(Object.entries(recorded).map(([name, spy]) => [name, spy.mock.calls.length]));
const ORDER_ONCE = { decisions: 1, requests: 1, results: 1, rejects: 0, trades: 1, fills: 1 };
const NOTHING = { decisions: 0, requests: 0, results: 0, rejects: 0, trades: 0, fills: 0 };

beforeEach(() => {
  for (const spy of Object.values(recorded)) spy.mockClear();
});

describe("a signal that comes once", () => {
  it("is judged, recorded, placed and kept", async () => {
    const { database, positions, placed, orders, deliver } = setUp();
    await deliver();
    expect(counts()).toEqual(ORDER_ONCE);
    expect(placed).toEqual([
      { clientOrderId: clientOrderIdOf("alert-1"), symbol: "ETH-USDT", side: "BUY", quantity: "0.1" },
    ]);
    expect(database.signals.get("1")).toMatchObject({ outcome: "order_submitted", order: { status: "filled" } });
    expect(positions.quantity("ETH-USDT")).toBe(10_000_000n);
    expect(orders.counts).toEqual({
      accepted: 1,
      rejected: 0,
      orders: { filled: 1, rejected: 0, failed: 0, duplicate: 0 },
    });
  });

  it("is on the record as requested before it leaves, and not before the database has it", async () => {
    const { database, deliver } = setUp();
    database.failNext("addOrder", "before");
    await expect(deliver()).rejects.toThrow("PostgreSQL is away");
    expect(counts()).toEqual(NOTHING);
    await deliver();
    expect(counts()).toEqual(ORDER_ONCE);
  });

  it("and is refused, by the risk check or by the exchange, keeps why", async () => {
    const late = setUp([filled], { ...signal, sentEpochMs: NOW - 31_000 });
    await late.deliver();
    expect(late.database.signals.get("1")).toMatchObject({ outcome: "stale_data", order: undefined });
    expect(late.placed).toEqual([]);
    const refused = setUp([{ status: "rejected", fills: [], reasonCode: "insufficient_balance", reason: "no margin" }]);
    await refused.deliver();
    expect(refused.database.signals.get("1")).toMatchObject({ outcome: "insufficient_balance" });
    expect(refused.orders.counts.orders.rejected).toBe(1);
  });
});

describe("a signal that comes again", () => {
  it("after its order was filled changes nothing, however late it is", async () => {
    const { database, positions, placed, clock, orders, create, deliver } = setUp();
    await deliver();
    clock.nowEpochMs += 3_600_000;
    await deliver();
    // Another process, after a crash, knows only what the database knows.
    await deliver(create());
    expect(counts()).toEqual(ORDER_ONCE);
    expect(placed).toHaveLength(1);
    expect(positions.quantity("ETH-USDT")).toBe(10_000_000n);
    expect(database.signals.get("1")?.outcome).toBe("order_submitted");
    expect(orders.counts).toMatchObject({ accepted: 1, rejected: 0, orders: { filled: 1, duplicate: 1 } });
  });

  it("after it was rejected is not judged again, although it would be accepted now", async () => {
    const { database, clock, orders, create, deliver } = setUp([filled], { ...signal, sentEpochMs: NOW + 60_000 });
    await deliver();
    clock.nowEpochMs += 60_000;
    await deliver();
    await deliver(create());
    expect(counts()).toEqual({ ...NOTHING, decisions: 1, rejects: 1 });
    expect(database.signals.get("1")).toMatchObject({ outcome: "stale_data", order: undefined });
    expect(orders.counts).toMatchObject({ accepted: 0, rejected: 1 });
  });

  it("after a crash with its order under way is placed under the same id, neither judged nor requested again", async () => {
    const { database, placed, clock, create, deliver } = setUp();
    await database.addOrder({ signalId: "1", clientOrderId: "sb-of-an-earlier-version" }, signal);
    clock.nowEpochMs += 3_600_000;
    await deliver(create());
    expect(counts()).toEqual({ ...ORDER_ONCE, decisions: 0, requests: 0 });
    expect(placed.map(({ clientOrderId }) => clientOrderId)).toEqual(["sb-of-an-earlier-version"]);
    expect(database.signals.get("1")).toMatchObject({ outcome: "order_submitted", order: { status: "filled" } });
  });

  it("with the outcome missing that its order has, as an earlier version may have left it, gets the outcome", async () => {
    const { database, deliver } = setUp();
    await database.addOrder({ signalId: "1", clientOrderId: "sb-1" }, signal);
    await database.endOrder({ signalId: "1", clientOrderId: "sb-1" }, filled);
    const kept = database.signals.get("1");
    if (kept !== undefined) kept.outcome = undefined;
    await deliver();
    expect(counts()).toEqual(NOTHING);
    expect(kept?.outcome).toBe("order_submitted");
  });

  it("after it was given up, with its order open, is left alone", async () => {
    const { database, placed, deliver } = setUp();
    await database.addOrder({ signalId: "1", clientOrderId: "sb-1" }, signal);
    await database.setOutcome("1", "error");
    await deliver();
    expect([placed, counts()]).toEqual([[], NOTHING]);
    expect(database.signals.get("1")).toMatchObject({ outcome: "error", order: { status: "requested" } });
  });

  it.each([
    ["addOrder", "before"],
    ["addOrder", "after"],
    ["endOrder", "before"],
    ["endOrder", "after"],
    ["stateOf", "before"],
  ] as const)("because PostgreSQL went away at %s, %s it was done, is on the record once", async (call, when) => {
    const { database, positions, orders, deliver } = setUp();
    database.failNext(call, when);
    await expect(deliver()).rejects.toThrow("PostgreSQL is away");
    await deliver();
    expect(counts()).toEqual(ORDER_ONCE);
    expect(positions.quantity("ETH-USDT")).toBe(10_000_000n);
    expect(orders.counts).toEqual({
      accepted: 1,
      rejected: 0,
      orders: { filled: 1, rejected: 0, failed: 0, duplicate: 0 },
    });
  });

  it.each(["before", "after"] as const)(
    "because its rejection was not kept, %s it was, is on the record once",
    async (when) => {
      const { database, orders, deliver } = setUp([filled], { ...signal, quantity: "5" });
      database.failNext("setOutcome", when);
      await expect(deliver()).rejects.toThrow("PostgreSQL is away");
      await deliver();
      expect(counts()).toEqual({ ...NOTHING, decisions: 1, rejects: 1 });
      expect(orders.counts.rejected).toBe(1);
    },
  );
});

describe("an exchange that gives no answer", () => {
  it("is asked again under the same id, until it tells the end", async () => {
    const { database, placed, orders, deliver } = setUp([silence, silence, filled]);
    for (let i = 0; i < 2; i++) await expect(deliver()).rejects.toThrow(/end of order sb-.* is not known: no answer/);
    expect(database.signals.get("1")).toMatchObject({ outcome: undefined, order: { status: "requested" } });
    await deliver();
    expect(new Set(placed.map(({ clientOrderId }) => clientOrderId)).size).toBe(1);
    expect(counts()).toEqual(ORDER_ONCE);
    expect(orders.counts.orders).toMatchObject({ filled: 1, failed: 0 });
  });

  it("is not asked for ever: the signal is given up, its order stays open, and another process asks once more", async () => {
    const { database, placed, orders, create, deliver } = setUp([silence, silence, silence, silence, silence, filled]);
    for (let i = 0; i < 4; i++) await expect(deliver()).rejects.not.toBeInstanceOf(HopelessSignal);
    await expect(deliver()).rejects.toBeInstanceOf(HopelessSignal);
    expect(placed).toHaveLength(5);
    expect(database.signals.get("1")).toMatchObject({ outcome: undefined, order: { status: "requested" } });
    expect(orders.counts.orders.failed).toBe(1);
    await deliver(create());
    expect(database.signals.get("1")).toMatchObject({ outcome: "order_submitted", order: { status: "filled" } });
  });
});

describe("a signal that nothing can help", () => {
  it("because another database knew it is given up", async () => {
    const { orders, deliver } = setUp();
    await expect(deliver(orders, { ...signal, alertId: "another" })).rejects.toBeInstanceOf(HopelessSignal);
    expect(counts()).toEqual(NOTHING);
    expect(orders.counts.orders.failed).toBe(1);
  });

  it.each(["23505", "22003"])(
    "because the database refuses what it is, code %s, is given up, once and for all",
    async (code) => {
      const { database, deliver } = setUp();
      database.failNext("addOrder", "before", Object.assign(new Error("no"), { code }));
      await expect(deliver()).rejects.toBeInstanceOf(HopelessSignal);
      expect(counts()).toEqual(NOTHING);
      expect(database.signals.get("1")?.outcome).toBe("error");
    },
  );
});

it("the ids of orders differ as their alerts do, also where these are long and begin alike", () => {
  const long = "x".repeat(63);
  const ids = [`${long}1`, `${long}2`, "a", "A"].map(clientOrderIdOf);
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id).toMatch(/^sb-[0-9a-f]{32}$/);
  expect(clientOrderIdOf("a")).toBe(clientOrderIdOf("a"));
});
