// Inserts that are written once, whatever becomes of the answer.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection, Insert } from "../connection.ts";

const PAUSES_MS = [100, 1_000] as const;

/**
 * Inserts, and where no answer came, or it was an error, once more: by its token the server knows an insert that it has done, in part or
 * as a whole, so that nothing is there twice, neither a row nor what is counted of it.
 */
export async function insertSurely(connection: Connection, insert: Omit<Insert, "token">): Promise<void> {
  if (insert.rows.length === 0) return;
  const token = randomUUID();
  for (const pauseMs of PAUSES_MS) {
    try {
      return await connection.insert({ ...insert, token });
    } catch {
      await pause(pauseMs);
    }
  }
  return connection.insert({ ...insert, token });
}
