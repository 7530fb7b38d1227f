// The queue between taking signals in and acting on them, in Redis: nothing is lost when a worker dies in the middle.
import { extractContext, injectContext } from "@tracebook/node";
import type { Logger } from "pino";
import { parseObject } from "../shared/http-body.ts";
import { isSignal, type Signal } from "./signal.ts";

type Context = ReturnType<typeof extractContext>;

/** A signal from the queue, with the trace it belongs to. One of the three calls ends its time in hand. */
export interface QueuedSignal {
  readonly signalId: string;
  readonly signal: Signal;
  readonly parent: Context;
  /** Takes it off the list of those that are being worked on. */
  done(): Promise<void>;
  /** Puts it back to the front of the queue. */
  putBack(): Promise<void>;
  /** Sets it aside, for people to look at. */
  park(): Promise<void>;
}

/** The queue, for one worker. Calls reject while Redis does not answer. */
export interface SignalQueue {
  /** Adds a signal; the trace that is active goes with it. */
  publish(signalId: string, signal: Signal): Promise<void>;
  /** The oldest signal; undefined when none came within `waitSeconds`. */
  take(waitSeconds: number): Promise<QueuedSignal | undefined>;
  /**
   * Puts back what was taken and not finished: by a worker that died, or by a call whose answer was lost. To be called while
   * nothing is in hand.
   */
  recover(): Promise<void>;
  /** How many wait. */
  depth(): Promise<number>;
}

/** The part of a Redis client that is used. */
export interface RedisLists {
  rPush(key: string, value: string): Promise<number>;
  lRem(key: string, count: number, value: string): Promise<number>;
  lLen(key: string): Promise<number>;
  lMove(from: string, to: string, fromSide: "RIGHT", toSide: "LEFT"): Promise<string | null>;
  multi(): RedisTransaction;
}

/** Commands that are carried out together. */
export interface RedisTransaction {
  lRem(key: string, count: number, value: string): RedisTransaction;
  lPush(key: string, value: string): RedisTransaction;
  rPush(key: string, value: string): RedisTransaction;
  lTrim(key: string, from: number, to: number): RedisTransaction;
  exec(): Promise<unknown>;
}

/** A connection of its own, which waits for the next signal and can do nothing else meanwhile. */
export interface WaitingLists {
  blMove(from: string, to: string, fromSide: "LEFT", toSide: "RIGHT", waitSeconds: number): Promise<string | null>;
}

/** Where signals wait, where they are while they are worked on, and where those are that nothing can be done with. */
export const WAITING = "signal-bot:signals";
export const TAKEN = `${WAITING}:taken`;
export const FAILED = `${WAITING}:failed`;
/** The oldest go first: nobody looks at more. */
const MAX_FAILED = 1_000;

/** Makes the queue on two connections. */
export function createSignalQueue(redis: RedisLists, waiting: WaitingLists, log: Pick<Logger, "error">): SignalQueue {
  const park = async (text: string): Promise<void> => {
    await redis.multi().lRem(TAKEN, 1, text).rPush(FAILED, text).lTrim(FAILED, -MAX_FAILED, -1).exec();
  };
  return {
    async publish(signalId, signal) {
      // Explicit, as always with payloads: Tracebook puts a trace into a message only where it is told to.
      await redis.rPush(WAITING, JSON.stringify(injectContext({ signalId, signal })));
    },
    async take(waitSeconds) {
      const text = await waiting.blMove(WAITING, TAKEN, "LEFT", "RIGHT", waitSeconds);
      if (text === null) return undefined;
      const message = parseMessage(text);
      if (message === undefined) {
        await park(text);
        log.error(`a message that is no signal was set aside in ${FAILED}`);
        return undefined;
      }
      return {
        ...message,
        parent: extractContext(message),
        done: async () => void (await redis.lRem(TAKEN, 1, text)),
        putBack: async () => void (await redis.multi().lRem(TAKEN, 1, text).lPush(WAITING, text).exec()),
        park: () => park(text),
      };
    },
    async recover() {
      while ((await redis.lMove(TAKEN, WAITING, "RIGHT", "LEFT")) !== null);
    },
    depth: () => redis.lLen(WAITING),
  };
}

interface Message {
  readonly signalId: string;
  readonly signal: Signal;
}

function parseMessage(text: string): Message | undefined {
  const given = parseObject(text);
  if (given === undefined) return undefined;
  const { signalId, signal } = given;
  return typeof signalId === "string" && isSignal(signal) ? { ...given, signalId, signal } : undefined;
}
