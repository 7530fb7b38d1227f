import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createMemoryRedis } from "../../test/memory-redis.ts";
import { HopelessSignal } from "./hopeless-signal.ts";
import { startOrderWorker } from "./order-worker.ts";
import type { Signal } from "./signal.ts";
import { createSignalQueue, FAILED, TAKEN } from "./signal-queue.ts";

const signal: Signal = {
  alertId: "a",
  source: "webhook",
  strategy: "breakout",
  symbol: "BTC-USDT",
  action: "buy",
  quantity: "0.01",
  price: "64200.5",
  sentEpochMs: 1_800_000_000_000,
};

/** A worker on a queue in memory whose orders do what `handle` says, with no pause between tries. */
async function setUp(ids: readonly string[], handle: (signalId: string, times: number) => Promise<void>) {
  const redis = createMemoryRedis();
  const lines: { level: number; msg: string }[] = [];
  const log = pino({ level: "debug" }, { write: (line) => void lines.push(JSON.parse(line)) });
  const queue = createSignalQueue(redis, redis, log);
  for (const id of ids) await queue.publish(id, signal);
  const handled: string[] = [];
  const pauses: number[] = [];
  const start = () =>
    startOrderWorker({
      queue,
      log,
      orders: {
        handle: ({ signalId }) => {
          handled.push(signalId);
          return handle(signalId, handled.filter((id) => id === signalId).length);
        },
      },
      pause: async (ms) => void pauses.push(ms),
    });
  return { redis, queue, handled, pauses, lines, start, errors: () => lines.filter(({ level }) => level >= 50) };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

const away = (): Promise<never> => Promise.reject(new Error("PostgreSQL is away"));

describe("the worker", () => {
  it("handles signals in their order, and one that failed again before the next", async () => {
    const { handled, redis, start } = await setUp(["1", "2", "3"], async (id, times) => {
      if (id === "2" && times === 1) await away();
    });
    const worker = start();
    await until(() => handled.length === 4);
    await worker.stop();
    expect(handled).toEqual(["1", "2", "2", "3"]);
    expect(redis.lists.get(TAKEN)).toEqual([]);
  });

  it("waits longer with each try that fails, up to a limit, and tells of an outage once", async () => {
    const { handled, pauses, lines, errors, start } = await setUp(["1", "2"], async (id, times) => {
      if (id === "1" && times <= 7) await away();
    });
    const worker = start();
    await until(() => handled.includes("2"));
    await worker.stop();
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    expect(errors().map(({ msg }) => msg)).toEqual(["the worker could not go on and tries again"]);
    expect(lines.filter(({ msg }) => msg === "the worker goes on")).toHaveLength(1);
  });

  it("sets a hopeless signal aside, says so, and goes on with the next", async () => {
    const { redis, handled, errors, start } = await setUp(["1", "2"], async (id) => {
      if (id === "1") throw new HopelessSignal("the database knows no such signal");
    });
    const worker = start();
    await until(() => handled.includes("2"));
    await worker.stop();
    expect(redis.lists.get(FAILED)).toHaveLength(1);
    expect(handled).toEqual(["1", "2"]);
    expect(errors().map(({ msg }) => msg)).toEqual(["a signal was set aside: the database knows no such signal"]);
  });

  it("comes back to a signal that Redis had handed out when its answer was lost", async () => {
    const { redis, handled, start } = await setUp(["1"], async () => {});
    redis.loseNextAnswer();
    const worker = start();
    await until(() => handled.length > 0 && redis.lists.get(TAKEN)?.length === 0);
    await worker.stop();
    expect(handled).toEqual(["1"]);
  });

  it("comes back to a signal that was done when Redis could not say so: the second time does nothing", async () => {
    const { redis, handled, start } = await setUp(["1"], async (_id, times) => {
      if (times === 1) redis.loseNextAnswer();
    });
    const worker = start();
    await until(() => handled.length > 0 && redis.lists.get(TAKEN)?.length === 0);
    await worker.stop();
    expect(redis.lists.get(TAKEN)).toEqual([]);
  });

  it("logs of an error its code and message, and nothing else it holds", async () => {
    const { handled, lines, start } = await setUp(["1"], async (_id, times) => {
      if (times > 1) return;
      throw Object.assign(new Error("terminated"), { code: "57P01", detail: "a row", parameters: ["secret"] });
    });
    const worker = start();
    await until(() => handled.length === 2);
    await worker.stop();
    expect(lines[0]).toMatchObject({ error_code: "57P01", error_message: "terminated", signal_id: "1" });
    expect(JSON.stringify(lines)).not.toMatch(/a row|secret/);
  });
});
