// Sees to it that the days of what is written have their parts.
import { COMING_DAYS, PAST_DAYS } from "./day-parts.ts";
import type { SqlClient } from "./sql-client.ts";

const DAY_MS = 86_400_000;
/** A part that could not be made, since somebody reads the default part for long: its rows go there until the next try. */
const AGAIN_MS = 60_000;
const DAY_LENGTH = "2026-11-20".length;

/** Remembers which parts are there. */
export class DayGuard {
  readonly #nextTry = new Map<string, number>();

  /** Makes the parts of `tables` for the days of `timestamps`, those that are to have one. Not part of a transaction. */
  async ensure(client: SqlClient, tables: readonly string[], timestamps: Iterable<string>): Promise<void> {
    const nowMs = Date.now();
    const first = dayOf(nowMs - PAST_DAYS * DAY_MS);
    const last = dayOf(nowMs + COMING_DAYS * DAY_MS);
    const days = new Set<string>();
    for (const timestamp of timestamps) {
      const day = timestamp.slice(0, DAY_LENGTH);
      if (day >= first && day <= last) days.add(day);
    }
    for (const day of days) for (const table of tables) await this.#add(client, table, day, nowMs);
  }

  /** Forgets what it knows: parts were dropped, or it is another server. */
  forget(): void {
    this.#nextTry.clear();
  }

  async #add(client: SqlClient, table: string, day: string, nowMs: number): Promise<void> {
    const key = `${table} ${day}`;
    if (nowMs < (this.#nextTry.get(key) ?? 0)) return;
    const [row] = await client.rows<{ added: boolean }>("SELECT add_day($1, $2::date) AS added", [table, day]);
    this.#nextTry.set(key, row?.added === true ? Number.POSITIVE_INFINITY : nowMs + AGAIN_MS);
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, DAY_LENGTH);
}
