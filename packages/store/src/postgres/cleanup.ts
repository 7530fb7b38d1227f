// Removes what is too old, in steps between which others write.
import { parseTimestamp, toTimestamp } from "@tracebook/core";
import { StoreError } from "../errors.ts";
import type { CleanUpOptions, CleanUpResult } from "../store.ts";
import { toInstant } from "./copy-text.ts";
import type { SqlClient } from "./sql-client.ts";

const HOUR_S = 3_600;
const DAY_S = 86_400;
const MINUTE_S = 60;

/**
 * Removes what is older than the times of `options`, rounded down to their minute, and what is kept of it: afterwards every count is that of
 * the rows that are left. Whole days are dropped; the rows of the day that a time lies in are removed an hour at a time. What a cleaning
 * that was ended has done is done. Rejects with `invalid_option`, and what the database says.
 */
export async function cleanUp(client: SqlClient, options: CleanUpOptions): Promise<CleanUpResult> {
  const cuts = {
    events: toCut("eventsOlderThan", options.eventsOlderThan),
    spans: toCut("tracesOlderThan", options.tracesOlderThan),
    metrics: toCut("metricsOlderThan", options.metricsOlderThan),
  };
  const result = { events: 0, decisions: 0, spans: 0, metricPoints: 0, freedBytes: 0 };
  for (const before of stepsTo(cuts.events)) {
    const row = await ask(client, "remove_events", before);
    result.events += row["events"]!;
    result.decisions += row["decisions"]!;
    result.freedBytes += row["freed_bytes"]!;
  }
  for (const before of stepsTo(cuts.spans)) {
    const row = await ask(client, "remove_spans", before);
    result.spans += row["spans"]!;
    result.freedBytes += row["freed_bytes"]!;
  }
  for (const before of stepsTo(cuts.metrics)) {
    const row = await ask(client, "remove_metrics", before);
    result.metricPoints += row["metric_points"]! + row["records"]!;
    result.freedBytes += row["freed_bytes"]!;
  }
  const { events, spans, metrics } = cuts;
  // Who has written nothing since any of them has nothing left.
  if (events !== undefined && spans !== undefined && metrics !== undefined)
    await client.rows("SELECT remove_instances($1::timestamptz)", [toText(Math.min(events, spans, metrics))]);
  return result;
}

async function ask(client: SqlClient, method: string, second: number): Promise<Record<string, number>> {
  const rows = await client.rows<Record<string, number>>(`SELECT * FROM ${method}($1::timestamptz)`, [toText(second)]);
  return rows[0]!;
}

/** First all whole days, then the hours of the last one, then its minutes. */
function* stepsTo(cut: number | undefined): Generator<number> {
  if (cut === undefined) return;
  for (let second = Math.floor(cut / DAY_S) * DAY_S; second < cut; second += HOUR_S) yield second;
  yield cut;
}

function toText(second: number): string {
  return toInstant(toTimestamp(second * 1e6));
}

/** The second at which the minute of a timestamp begins. */
function toCut(name: string, timestamp: string | undefined): number | undefined {
  if (timestamp === undefined) return undefined;
  const micros = parseTimestamp(timestamp);
  if (micros === undefined)
    throw new StoreError(
      "invalid_option",
      `${name} is ${JSON.stringify(timestamp)}, not a time as 2026-11-20T12:34:56.789012Z.`,
    );
  return Math.floor(micros / 1e6 / MINUTE_S) * MINUTE_S;
}
