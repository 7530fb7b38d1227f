// Takes signals off the queue one after the other, for as long as the process lives; comes back after Redis or PostgreSQL was away.
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { factsOf } from "../shared/error-facts.ts";
import { createOutageLog } from "../shared/outage-log.ts";
import { HopelessSignal } from "./hopeless-signal.ts";
import type { OrderService } from "./order-service.ts";
import type { QueuedSignal, SignalQueue } from "./signal-queue.ts";

/** A running worker. */
export interface OrderWorker {
  /** Takes no further signal; resolves when the current one is handled. */
  stop(): Promise<void>;
}

/** What the worker works with. */
export interface OrderWorkerParts {
  readonly queue: Pick<SignalQueue, "take" | "recover">;
  readonly orders: Pick<OrderService, "handle">;
  readonly log: Logger;
  /** Waits; the signal ends it early, by rejecting. Default: the timer. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const WAIT_SECONDS = 1;
/** Between two tries that fail: twice as long each time. */
const PAUSE_MS = 250;
const MAX_PAUSE_MS = 4_000;

/** Starts to work. */
export function startOrderWorker({ queue, orders, log, pause = pauseBy }: OrderWorkerParts): OrderWorker {
  const stopping = new AbortController();
  const { signal } = stopping;
  const outage = createOutageLog(log, "the worker could not go on and tries again", "the worker goes on");
  const work = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        // Nothing is in hand here. What is on the list of taken ones all the same is there because an answer was lost.
        if (failures > 0) await queue.recover();
        const queued = await queue.take(WAIT_SECONDS);
        if (queued !== undefined) await handle(queued, orders, log);
        failures = 0;
        outage.worked();
      } catch (error) {
        if (signal.aborted) return;
        outage.failed(error);
        const pauseMs = Math.min(PAUSE_MS * 2 ** failures++, MAX_PAUSE_MS);
        await pause(pauseMs, signal).catch(() => {});
      }
    }
  };
  const working = work();
  return {
    stop() {
      stopping.abort();
      return working;
    },
  };
}

async function handle(queued: QueuedSignal, orders: Pick<OrderService, "handle">, log: Logger): Promise<void> {
  try {
    await orders.handle(queued);
  } catch (error) {
    const facts = { ...factsOf(error), signal_id: queued.signalId };
    if (error instanceof HopelessSignal) {
      await queued.park();
      const { cause } = error;
      return log.error(
        { ...facts, ...(cause === undefined ? undefined : factsOf(cause)) },
        `a signal was set aside: ${error.message}`,
      );
    }
    log.warn(facts, "a signal goes back into the queue");
    await queued.putBack();
    throw error;
  }
  await queued.done();
}

function pauseBy(ms: number, signal: AbortSignal): Promise<unknown> {
  return sleep(ms, undefined, { signal });
}
