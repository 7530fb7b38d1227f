// Keeps every point of a metric by itself for two days: rules look at seconds, where `metric_points` has minutes.
import { toTimestamp } from "@tracebook/core";
import { toInstant } from "./copy-text.ts";
import type { BatchSample } from "./metric-batch.ts";
import type { SqlValue } from "./sql-client.ts";
import type { WriterParts } from "./writer-parts.ts";

/** After so many samples the server looks for what is too old, and before the first of a process. */
const TRIM_EVERY = 10_000;
const DAY_MS = 86_400_000;

/**
 * Ids are given, and seen, in one order: it is part of a transaction under the lock of metrics (see metric-statements.ts), and the row of the
 * last id is its own until the end.
 */
const INSERT_SAMPLES = `WITH last AS (
    UPDATE last_ids SET id = id + cardinality($1::integer[]) WHERE name = 'metric_samples' RETURNING id - cardinality($1::integer[]) AS id
  ) INSERT INTO metric_samples (id, series, time, value, count, counts_json)
  SELECT last.id + g.place, g.series, g.time, g.value, g.count, g.counts FROM last,
    unnest($1::integer[], $2::timestamptz[], $3::double precision[], $4::bigint[], $5::text[])
      WITH ORDINALITY AS g (series, time, value, count, counts, place)`;

/** Writes into `metric_samples`. */
export class SampleWriter {
  readonly #parts: WriterParts;
  #sinceTrim = TRIM_EVERY;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Makes room, and the parts of the days that are kept; what is older is soon removed from the default part. Not part of a transaction. */
  async prepare(timestamps: readonly string[]): Promise<void> {
    const { connection, days } = this.#parts;
    if (this.#sinceTrim >= TRIM_EVERY) {
      await connection.rows("SELECT trim_samples()");
      this.#sinceTrim = 0;
    }
    const oldest = toTimestamp((Date.now() - 2 * DAY_MS) * 1_000);
    const kept = timestamps.filter((timestamp) => timestamp >= oldest);
    await days.ensure(connection, ["metric_samples"], kept);
  }

  /** Part of the transaction in which the points are written. */
  async write(samples: readonly BatchSample[]): Promise<void> {
    this.#sinceTrim += samples.length;
    const columns: readonly SqlValue[] = [
      samples.map(({ series }) => series.id!),
      samples.map(({ timeMicros }) => toInstant(toTimestamp(timeMicros))),
      samples.map(({ value }) => value),
      samples.map(({ count }) => count),
      samples.map(({ counts }) => (counts === null ? null : JSON.stringify(counts))),
    ];
    await this.#parts.connection.rows(INSERT_SAMPLES, columns);
  }
}
