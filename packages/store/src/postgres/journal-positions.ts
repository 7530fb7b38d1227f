// Until when the database has everything that an instance has recorded: what its journal has of the time after that is looked for in it.
import { parseTimestamp, toTimestamp } from "@tracebook/core";
import type { EventInput } from "../store-input.ts";
import { toInstant } from "./copy-text.ts";
import { toText } from "./instance-numbers.ts";
import type { SqlClient } from "./sql-client.ts";

/** How long positions stay where they are while nothing is wrong: a restart begins so much earlier. */
const NOTE_EVERY_MS = 60_000;

/** A position of a clock that was wrong says nothing. */
const READ = `SELECT instance_id, (extract(epoch FROM complete_until) * 1000000)::bigint AS micros FROM journal_positions
  WHERE complete_until <= now()`;
/** Of several writers of an instance each knows its own part; what was brought in from a journal is all of it. */
const NOTE = `INSERT INTO journal_positions AS kept (instance_id, complete_until)
  SELECT * FROM unnest($1::text[], $2::timestamptz[]) AS given (instance_id, complete_until) ORDER BY 1
  ON CONFLICT (instance_id) DO UPDATE SET complete_until = CASE WHEN kept.complete_until > now() THEN excluded.complete_until
    ELSE greatest(kept.complete_until, excluded.complete_until) END`;

/** The positions of instances, by their clocks. */
export class JournalPositions {
  readonly #newest = new Map<string, number>();
  #notedMs = Number.NEGATIVE_INFINITY;

  /** Those that are known, in microseconds since 1970. An instance that has none may have anything in its journal that is nowhere else. */
  async read(client: SqlClient): Promise<ReadonlyMap<string, number>> {
    const rows = await client.rows<{ instance_id: string; micros: number }>(READ);
    return new Map(rows.map(({ instance_id, micros }) => [instance_id, micros]));
  }

  /** Events that the database has. */
  saw(events: readonly EventInput[]): void {
    for (const { source, timestamp } of events) {
      const key = keyOf(source.instanceId);
      const micros = parseTimestamp(timestamp) ?? Number.NEGATIVE_INFINITY;
      if (key !== "" && micros > (this.#newest.get(key) ?? Number.NEGATIVE_INFINITY)) this.#newest.set(key, micros);
    }
  }

  /** True when it is time to {@link note} what was seen. */
  isDue(nowMs: number): boolean {
    return this.#newest.size > 0 && nowMs - this.#notedMs >= NOTE_EVERY_MS;
  }

  /** Writes down that nothing is missing of the instances that were seen, as far as they were. */
  async note(client: SqlClient, nowMs: number): Promise<void> {
    this.#notedMs = nowMs;
    if (this.#newest.size === 0) return;
    const seen = [...this.#newest];
    await client.rows(NOTE, [seen.map(([key]) => key), seen.map(([, micros]) => toInstant(toTimestamp(micros)))]);
    this.forget();
  }

  /** What was seen is no position: something before it may be missing. */
  forget(): void {
    this.#newest.clear();
  }
}

/** The instance as the database knows it. */
export function keyOf(instanceId: string): string {
  return toText(instanceId);
}
