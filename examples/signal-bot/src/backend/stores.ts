// What the backend keeps things in: the tables in PostgreSQL and the queue in Redis.
import { observeRedis } from "@tracebook/node";
import type { Logger } from "pino";
import type { Database } from "./database.ts";
import { openDatabase } from "./database-connection.ts";
import { connectRedis } from "./redis-connection.ts";
import type { BackendSettings } from "./settings.ts";
import { createSignalQueue, type SignalQueue } from "./signal-queue.ts";

/** Both. */
export interface Stores {
  readonly database: Database;
  readonly queue: SignalQueue;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Opens both. Rejects with one line that says what to do when one of them cannot be had. */
export async function openStores({ databaseUrl, redisUrl }: BackendSettings, log: Logger): Promise<Stores> {
  const database = await openDatabase(databaseUrl, log);
  const redis = await connectRedis(redisUrl, log, observeRedis);
  return {
    database,
    queue: createSignalQueue(redis.lists, redis.waiting, log),
    async close() {
      await Promise.allSettled([redis.close(), database.close()]);
    },
  };
}
