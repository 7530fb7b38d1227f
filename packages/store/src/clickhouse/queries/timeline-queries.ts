// Decisions, events and the ends of flows over time, by the counts that are kept.

import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText, stepOf } from "../../queries/query-values.ts";
import { MAX_SLICES, tooManySlices } from "../../queries/slice-limit.ts";
import { RESOLUTIONS } from "../../resolutions.ts";
import { OTHER } from "../../sqlite/count-keys.ts";
import type {
  DecisionSlice,
  DecisionTimelineFilter,
  EventSlice,
  EventTimelineFilter,
  FlowFilter,
  FlowOutcome,
  TimeRange,
} from "../../store-queries.ts";
import type { Connection } from "../connection.ts";
import { areAs, sliceOf, wholeMinutesOf } from "./asking.ts";

/** Types that are told apart: a chart has no room for more, and a sender may make up any number of them. */
const MAX_TYPES = 100;

export async function decisionTimeline(
  connection: Connection,
  filter: DecisionTimelineFilter,
  stepSeconds: number,
): Promise<readonly DecisionSlice[]> {
  const where = areAs({
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
  });
  const rows = await connection.lists(
    `SELECT ${sliceOf(stepSeconds)} AS slice, sumIf(count, verdict = 'ACCEPT'), sumIf(count, verdict != 'ACCEPT') FROM reason_rollups
     WHERE ${bucketsOf(filter, stepSeconds)} AND event_type = 'decision' AND ${where.sql} GROUP BY slice ORDER BY slice LIMIT ${MAX_SLICES + 1}`,
    where.parameters,
  );
  if (rows.length > MAX_SLICES) throw tooManySlices(filter, stepSeconds);
  return rows.map(([slice, accepted, rejected]) => ({
    bucket: Number(slice),
    accepted: Number(accepted),
    rejected: Number(rejected),
  }));
}

export async function eventTimeline(
  connection: Connection,
  filter: EventTimelineFilter,
  stepSeconds: number,
): Promise<readonly EventSlice[]> {
  const { sql, parameters } = areAs({ symbol: optionalText("symbol", filter.symbol) });
  const buckets = bucketsOf(filter, stepSeconds);
  const types = await connection.lists(
    `SELECT event_type, sum(count) AS c FROM event_rollups WHERE ${wholeMinutesOf(rangeOf(filter))} AND ${sql}
     GROUP BY event_type ORDER BY c DESC, event_type LIMIT ${MAX_TYPES}`,
    parameters,
  );
  const rows = await connection.lists(
    `SELECT ${sliceOf(stepSeconds)} AS slice, if(has({types:Array(String)}, event_type), event_type, '${OTHER}') AS type, sum(count)
     FROM event_rollups WHERE ${buckets} AND ${sql} GROUP BY slice, type ORDER BY slice LIMIT ${(MAX_SLICES + 1) * (MAX_TYPES + 1)}`,
    { ...parameters, types: types.map(([type]) => String(type)) },
  );
  const slices = new Map<number, Record<string, number>>();
  for (const [slice, type, count] of rows) {
    const counts = slices.get(Number(slice)) ?? Object.create(null);
    counts[String(type)] = Number(count);
    slices.set(Number(slice), counts);
  }
  if (slices.size > MAX_SLICES) throw tooManySlices(filter, stepSeconds);
  return [...slices].map(([bucket, counts]) => ({ bucket, counts: Object.fromEntries(Object.entries(counts)) }));
}

/** Most first. The range is widened to whole minutes. Cost: the counts of at most 46 hours, 118 minutes and the days between. */
export async function flowOutcomes(connection: Connection, filter: FlowFilter): Promise<readonly FlowOutcome[]> {
  const { sql, parameters } = areAs({
    flow: optionalText("flow", filter.flow),
    strategy: optionalText("strategy", filter.strategy),
    symbol: optionalText("symbol", filter.symbol),
  });
  const rows = await connection.rows<Omit<FlowOutcome, "count"> & { readonly total: string }>(
    `SELECT flow, stage, reason_code, strategy, symbol, sum(count) AS total FROM flow_rollups WHERE ${wholeMinutesOf(rangeOf(filter))} AND ${sql}
     GROUP BY flow, stage, reason_code, strategy, symbol ORDER BY total DESC, flow, stage, reason_code, strategy, symbol`,
    parameters,
  );
  return rows.map(({ total, ...row }) => ({ ...row, count: Number(total) }));
}

/** The range in whole buckets, none of them wider than a slice. */
function bucketsOf(range: TimeRange, stepSeconds: number): string {
  const step = stepOf("stepSeconds", stepSeconds);
  return wholeMinutesOf(rangeOf(range), RESOLUTIONS.filter((resolution) => step % resolution === 0).length);
}
