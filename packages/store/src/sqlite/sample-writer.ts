// Keeps every point of a metric by itself for two days: rules look at seconds, where `metric_points` has minutes.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Increase } from "./series-state.ts";

/** How long a sample is kept. */
const KEEP_S = 48 * 3_600;
/** However young: of more the oldest are removed, so that nobody can fill the disk with points. */
const MAX_SAMPLES = 5_000_000;
/** After so many points as many old ones are removed at most, twice over: it catches up, and no request waits for long. */
const TRIM_EVERY = 1_024;

/** Writes into `metric_samples`. All methods are part of the caller's transaction. */
export class SampleWriter {
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #noteTrim: StatementSync;
  #sinceTrim = 0;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      "INSERT INTO metric_samples (series, time_micros, value, count, counts_json) VALUES (?, ?, ?, ?, ?)",
    );
    this.#trim = database.prepare(
      `DELETE FROM metric_samples WHERE id IN (SELECT id FROM metric_samples ORDER BY id LIMIT ${2 * TRIM_EVERY})
         AND (time_micros < ? OR id <= (SELECT max(id) FROM metric_samples) - ${MAX_SAMPLES})
       RETURNING CAST(time_micros AS REAL) AS time`,
    );
    // The minutes that are begun by it are no longer whole: single samples count from the next one on.
    this.#noteTrim = database.prepare(
      `INSERT INTO alert_engine_state (name, value) VALUES ('samples_from', ?)
       ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))`,
    );
  }

  /** Writes a level, or what came since the last point. */
  write(series: number, timeMicros: number, { value, count, counts }: Increase): void {
    this.#insert.run(series, timeMicros, value, toInteger(count), counts === undefined ? null : JSON.stringify(counts));
    this.#sinceTrim++;
  }

  /** Removes some of what is too old. */
  flush(): void {
    if (this.#sinceTrim < TRIM_EVERY) return;
    this.#sinceTrim = 0;
    const removed = this.#trim.all(Math.floor((Date.now() / 1_000 - KEEP_S) * 1e6)) as { readonly time: number }[];
    if (removed.length === 0) return;
    const newest = removed.reduce((latest, { time }) => Math.max(latest, time), 0);
    this.#noteTrim.run(String((Math.floor(newest / 6e7) + 1) * 60));
  }
}

/** A count of a histogram, which anybody may say is half of one. */
function toInteger(count: number | undefined): number | null {
  if (count === undefined) return null;
  return Math.min(Math.max(Math.round(count), 0), Number.MAX_SAFE_INTEGER);
}
