// Takes signals off the queue one after the other, for as long as the process lives; comes back after Redis or PostgreSQL was away.
import type { Logger } from "pino";
import type { OrderService } from "./order-service.ts";
import type { QueuedSignal, SignalQueue } from "./signal-queue.ts";

/** A running worker. */
export interface OrderWorker {
  /** Takes no further signal; resolves when the current one is handled. */
  stop(): Promise<void>;
}

const WAIT_SECONDS = 1;
const PAUSE_MS = 250;

/** Starts to work. */
export function startOrderWorker(queue: SignalQueue, orders: OrderService, log: Logger): OrderWorker {
  let isStopping = false;
  let wake: () => void = () => {};
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const work = async (): Promise<void> => {
    while (!isStopping) {
      try {
        const queued = await queue.take(WAIT_SECONDS);
        if (queued !== undefined) await handle(queued, orders, log);
      } catch (error) {
        if (isStopping) return;
        log.warn({ err: error }, "the worker could not go on and tries again");
        await pause();
      }
    }
  };
  const working = work();
  return {
    stop() {
      isStopping = true;
      wake();
      return working;
    },
  };
}

async function handle(queued: QueuedSignal, orders: OrderService, log: Logger): Promise<void> {
  try {
    await orders.handle(queued);
  } catch (error) {
    log.warn({ err: error, signal_id: queued.signalId }, "a signal goes back into the queue");
    await queued.putBack();
    throw error;
  }
  await queued.done();
}
