// The connections to Redis: two, since one that waits for the next signal can do nothing else.
import type { Logger } from "pino";
import { createClient } from "redis";
import { factsOf } from "../shared/error-facts.ts";
import { createOutageLog } from "../shared/outage-log.ts";
import type { RedisLists, WaitingLists } from "./signal-queue.ts";

/** Both connections. Calls reject while Redis does not answer. */
export interface RedisConnection {
  readonly lists: RedisLists;
  readonly waiting: WaitingLists;
  close(): Promise<void>;
}

const CONNECT_MS = 5_000;
const MAX_PAUSE_MS = 2_000;

/**
 * Connects. Rejects with what to do when Redis cannot be had within five seconds: later it tries for ever to be connected again,
 * but a Redis that is not there at the start is a mistake somebody wants to hear of. `observe` is given each client before it connects.
 */
export async function connectRedis(url: URL, log: Logger, observe: (client: object) => void): Promise<RedisConnection> {
  let isConnected = false;
  let trouble: unknown = new Error("no answer");
  const redis = createClient({
    url: url.href,
    disableOfflineQueue: true,
    socket: {
      // Who was refused at the door will be refused again.
      reconnectStrategy: (retries, cause) =>
        !isConnected && isRefused(cause) ? cause : Math.min(50 * 2 ** Math.min(retries, 10), MAX_PAUSE_MS),
    },
  });
  const waiting = redis.duplicate();
  const clients = [redis, waiting];
  const outage = createOutageLog(log, "Redis is in trouble", "Redis is back");
  redis.on("error", (error: Error) => {
    trouble = error;
    if (isConnected) outage.failed(error);
  });
  redis.on("ready", outage.worked);
  waiting.on("error", (error: Error) => {
    // Later the other one tells of it: both talk to the same server. At the start either may be the first to hear why not.
    if (!isConnected) trouble = error;
  });
  for (const client of clients) observe(client);
  const late = setTimeout(() => clients.map((client) => client.destroy()), CONNECT_MS);
  try {
    await Promise.all(clients.map((client) => client.connect()));
  } catch (error) {
    for (const client of clients) client.destroy();
    throw explainRedisError(isRefused(error) ? error : trouble, url);
  } finally {
    clearTimeout(late);
  }
  isConnected = true;
  return {
    lists: redis,
    waiting,
    async close() {
      // The blocking read would be waited for.
      waiting.destroy();
      await redis.close();
    },
  };
}

/** One line for people about a Redis that cannot be used. Holds no password. */
export function explainRedisError(error: unknown, url: URL): Error {
  const { error_code: code = "", error_message: message } = factsOf(error);
  const explanations: Readonly<Record<string, string>> = {
    ECONNREFUSED: "is not there: start it, or correct host and port in REDIS_URL",
    ENOTFOUND: "has a host name that nobody knows: correct it in REDIS_URL",
    EAI_AGAIN: "has a host name that nobody knows: correct it in REDIS_URL",
  };
  const what =
    explanations[code] ??
    (isRefused(error)
      ? `lets nobody in with what REDIS_URL says (${message}): correct user and password`
      : undefined) ??
    (/no answer|time(d )?out|ETIMEDOUT/i.test(`${code} ${message}`)
      ? "gives no answer: is it the right host and port in REDIS_URL, and the way to it open?"
      : `cannot be used (${code || message}): is REDIS_URL right?`);
  return new Error(`Redis at ${url.host} ${what}`, { cause: error });
}

function isRefused(error: unknown): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password|Client sent AUTH))/i.test(factsOf(error).error_message);
}
