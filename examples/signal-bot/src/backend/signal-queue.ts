// The queue between taking signals in and acting on them, in Redis: nothing is lost when a worker dies in the middle.
import { extractContext, injectContext } from "@tracebook/node";
import { createClient } from "redis";
import type { Signal } from "./signal.ts";

type Context = ReturnType<typeof extractContext>;

/** A signal from the queue, with the trace it belongs to. */
export interface QueuedSignal {
  readonly signalId: string;
  readonly signal: Signal;
  readonly parent: Context;
  /** Takes it off the list of those that are being worked on. */
  done(): Promise<void>;
  /** Puts it back to the front of the queue. */
  putBack(): Promise<void>;
}

/** The queue. Calls reject while Redis does not answer. */
export interface SignalQueue {
  /** Adds a signal; the trace that is active goes with it. */
  publish(signalId: string, signal: Signal): Promise<void>;
  /** The oldest signal; undefined when none came within `waitSeconds`. */
  take(waitSeconds: number): Promise<QueuedSignal | undefined>;
  /** How many wait. */
  depth(): Promise<number>;
  close(): Promise<void>;
}

const WAITING = "signal-bot:signals";
const TAKEN = "signal-bot:signals:taken";
const CONNECT_MS = 5_000;

/**
 * Connects, and puts back what an earlier worker had taken and not finished. Rejects when Redis cannot be had. `observe` is given
 * each client before it connects.
 */
export async function openSignalQueue(
  url: string,
  onError: (error: Error) => void,
  observe: (client: object) => void,
): Promise<SignalQueue> {
  const redis = createClient({ url, disableOfflineQueue: true });
  let lastTrouble = "no answer";
  redis.on("error", (error: Error) => {
    lastTrouble = error.message.slice(0, 100);
    onError(error);
  });
  // A connection that waits for the next signal can do nothing else.
  const waiting = redis.duplicate();
  waiting.on("error", onError);
  for (const client of [redis, waiting]) observe(client);
  // Later it tries for ever to be connected again; but a Redis that is not there at the start is a mistake somebody wants to hear of.
  const late = setTimeout(() => [redis, waiting].map((client) => client.destroy()), CONNECT_MS);
  await Promise.all([redis.connect(), waiting.connect()])
    .catch(() => {
      for (const client of [redis, waiting]) if (client.isOpen) client.destroy();
      throw new Error(`Redis cannot be used at ${new URL(url).host}: ${lastTrouble}`);
    })
    .finally(() => clearTimeout(late));
  while ((await redis.lMove(TAKEN, WAITING, "RIGHT", "LEFT")) !== null);
  return {
    async publish(signalId, signal) {
      // Explicit, as always with payloads: Tracebook puts a trace into a message only where it is told to.
      await redis.rPush(WAITING, JSON.stringify(injectContext({ signalId, signal })));
    },
    async take(waitSeconds) {
      const text = await waiting.blMove(WAITING, TAKEN, "LEFT", "RIGHT", waitSeconds);
      if (text === null) return undefined;
      const message = JSON.parse(text) as { signalId: string; signal: Signal };
      return {
        ...message,
        parent: extractContext(message),
        done: async () => void (await redis.lRem(TAKEN, 1, text)),
        async putBack() {
          await redis.multi().lRem(TAKEN, 1, text).lPush(WAITING, text).exec();
        },
      };
    },
    depth: () => redis.lLen(WAITING),
    async close() {
      // The blocking read would be waited for.
      waiting.destroy();
      await redis.close();
    },
  };
}
