import { ROOT_CONTEXT } from "@opentelemetry/api";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { OrderService } from "./order-service.ts";
import { startOrderWorker } from "./order-worker.ts";
import type { Signal } from "./signal.ts";
import type { QueuedSignal, SignalQueue } from "./signal-queue.ts";

/** A queue in memory, with the same promise: what is taken is done or put back. */
function memoryQueue(ids: readonly string[]) {
  const waiting = [...ids];
  const done: string[] = [];
  const queue: SignalQueue = {
    publish: () => Promise.resolve(),
    take: async () => {
      const signalId = waiting.shift();
      await new Promise((resolve) => setImmediate(resolve));
      if (signalId === undefined) return undefined;
      const taken: QueuedSignal = {
        signalId,
        signal: {} as Signal,
        parent: ROOT_CONTEXT,
        done: async () => void done.push(signalId),
        putBack: async () => void waiting.unshift(signalId),
      };
      return taken;
    },
    depth: () => Promise.resolve(waiting.length),
    close: () => Promise.resolve(),
  };
  return { queue, done };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

describe("the worker", () => {
  it("handles signals in their order, and one that failed again before the next", async () => {
    const { queue, done } = memoryQueue(["1", "2", "3"]);
    const handled: string[] = [];
    const orders: OrderService = {
      counts: { accepted: 0, rejected: 0, orders: { filled: 0, rejected: 0, failed: 0, duplicate: 0 } },
      handle: ({ signalId }) => {
        handled.push(signalId);
        return handled.filter((id) => id === "2").length === 1 && signalId === "2"
          ? Promise.reject(new Error("PostgreSQL is away"))
          : Promise.resolve();
      },
    };
    const worker = startOrderWorker(queue, orders, pino({ level: "silent" }));
    await until(() => done.length === 3);
    await worker.stop();
    expect(handled).toEqual(["1", "2", "2", "3"]);
    expect(done).toEqual(["1", "2", "3"]);
  });
});
