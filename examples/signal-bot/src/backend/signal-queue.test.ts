import { describe, expect, it } from "vitest";
import { createMemoryRedis } from "../../test/memory-redis.ts";
import type { Signal } from "./signal.ts";
import { createSignalQueue, FAILED, TAKEN, WAITING } from "./signal-queue.ts";

const signal: Signal = {
  alertId: "a-1",
  source: "webhook",
  strategy: "breakout",
  symbol: "BTC-USDT",
  action: "buy",
  quantity: "0.01",
  price: "64200.5",
  sentEpochMs: 1_800_000_000_000,
};

function setUp() {
  const redis = createMemoryRedis();
  const errors: string[] = [];
  const queue = createSignalQueue(redis, redis, { error: (line: string) => void errors.push(line) } as never);
  const lengths = () => [WAITING, TAKEN, FAILED].map((key) => redis.lists.get(key)?.length ?? 0);
  const take = async () => {
    const taken = await queue.take(1);
    if (taken === undefined) throw new Error("nothing is there");
    return taken;
  };
  return { redis, queue, errors, lengths, take };
}

describe("the queue of signals", () => {
  it("gives them out in their order, as they were put in, and forgets what is done", async () => {
    const { queue, lengths, take } = setUp();
    await queue.publish("1", signal);
    await queue.publish("2", { ...signal, alertId: "a-2" });
    expect(await queue.depth()).toBe(2);
    const first = await take();
    expect(first).toMatchObject({ signalId: "1", signal });
    expect(lengths()).toEqual([1, 1, 0]);
    await first.done();
    expect((await take()).signalId).toBe("2");
    expect(await queue.take(1)).toBeUndefined();
  });

  it("puts what could not be handled back to its front", async () => {
    const { queue, lengths, take } = setUp();
    for (const id of ["1", "2"]) await queue.publish(id, signal);
    await (await take()).putBack();
    expect(lengths()).toEqual([2, 0, 0]);
    expect((await take()).signalId).toBe("1");
  });

  it("sets aside what nothing can help", async () => {
    const { queue, lengths, take } = setUp();
    await queue.publish("1", signal);
    await (await take()).park();
    expect(lengths()).toEqual([0, 0, 1]);
  });

  it.each([
    "not json",
    "[]",
    "{}",
    '{"signalId":7,"signal":{}}',
    '{"signalId":"7"}',
    JSON.stringify({ signalId: "7", signal: { ...signal, quantity: "-1" } }),
    JSON.stringify({ signalId: "7", signal: { ...signal, symbol: "toString" } }),
  ])("sets %s aside, says so once, and goes on with the next", async (text) => {
    const { redis, queue, errors, lengths, take } = setUp();
    await redis.rPush(WAITING, text);
    await queue.publish("1", signal);
    expect(await queue.take(1)).toBeUndefined();
    expect(lengths()).toEqual([1, 0, 1]);
    expect(errors).toHaveLength(1);
    expect((await take()).signalId).toBe("1");
  });

  it("keeps a bounded number of those", async () => {
    const { redis, queue } = setUp();
    for (let i = 0; i < 1_010; i++) {
      await redis.rPush(WAITING, `no signal ${i}`);
      await queue.take(1);
    }
    expect(redis.lists.get(FAILED)).toHaveLength(1_000);
    expect(redis.lists.get(FAILED)?.at(-1)).toBe("no signal 1009");
  });

  it("recovers what was taken and whose answer was lost, in its order", async () => {
    const { redis, queue, lengths, take } = setUp();
    for (const id of ["1", "2", "3"]) await queue.publish(id, signal);
    await take();
    redis.loseNextAnswer();
    await expect(queue.take(1)).rejects.toThrow("Socket closed");
    expect(lengths()).toEqual([1, 2, 0]);
    await queue.recover();
    expect(lengths()).toEqual([3, 0, 0]);
    for (const id of ["1", "2", "3"]) expect((await take()).signalId).toBe(id);
  });
});
