// What the alert engine reads of PostgreSQL: counts of events by the second, samples of metrics, what there is to make rules of.
import type { AlertFeed, EventCount, FeedWants } from "../../alert-feed.ts";
import { type CountRow, createCountPlan } from "../../alerts/event-counts.ts";
import { endOfPiece, type FeedPosition, fromCursor, toCursor } from "../../alerts/feed-cursor.ts";
import { type Parameters, Statements } from "../queries/statements.ts";
import type { SqlClient } from "../sql-client.ts";
import { createSampleQueries } from "./sample-queries.ts";

/**
 * Ids of both kinds are given under a lock that is held until what bears them can be seen (see event-functions.ts and metric-statements.ts),
 * and the highest are written by the same transaction: of what is up to them nothing comes later, however many write.
 */
const ENDS = `SELECT coalesce(max(id) FILTER (WHERE name = 'telemetry_events'), 0)::bigint AS event,
    coalesce(max(id) FILTER (WHERE name = 'metric_samples'), 0)::bigint AS sample
  FROM last_ids`;

const BY_ID = "id > $from::bigint AND id <= $to::bigint";
/** An index of events by id is one a day: among hundreds of days the search is for the days alone, where they are named. */
const RECENT = `${BY_ID} AND timestamp >= to_timestamp($past::float8) AND timestamp < to_timestamp($coming::float8)`;
const COUNT_RECENT = `SELECT count(*) AS count FROM telemetry_events WHERE ${RECENT}`;
const DAY_S = 86_400;

const BY_TIME =
  "timestamp >= to_timestamp($from::float8) AND timestamp < to_timestamp($to::float8) AND id <= $last::bigint";

/** Makes the feed; `client` need do no more than read. */
export function createPostgresFeed(client: SqlClient): AlertFeed {
  const statements = new Statements(client);
  const samples = createSampleQueries(statements);
  const end = async () => (await statements.get<FeedPosition>(ENDS))!;
  /** What is written is mostly of today. Ids have no gaps: where as many are of these days, there are no others. */
  const eventsSince = async (from: number, to: number, wants: FeedWants) => {
    const now = Date.now() / 1_000;
    const range = { from, to, past: now - DAY_S, coming: now + DAY_S };
    const recent = await statements.get<{ readonly count: number }>(COUNT_RECENT, range);
    const where = recent?.count === to - from ? RECENT : BY_ID;
    const [counts, records] = await Promise.all([
      countEvents(statements, wants, where, range),
      samples.recordsById(wants.metrics, where, range),
    ]);
    return { counts, records };
  };
  return {
    position: async () => toCursor(await end()),
    since: async (wants, cursor) => {
      const from = fromCursor(cursor);
      const last = await end();
      const to = endOfPiece(from, last);
      const [{ counts, records }, points] = await Promise.all([
        from.event < to.event ? eventsSince(from.event, to.event, wants) : { counts: [], records: [] },
        from.sample < to.sample ? samples.pointsById(wants.metrics, from.sample, to.sample) : [],
      ]);
      const isMore = to.event < last.event || to.sample < last.sample;
      return { counts, samples: [...records, ...points], cursor: toCursor(to), isMore, isByMinutes: false };
    },
    range: async (wants, from, to, upTo) => {
      const last = upTo === undefined ? await end() : fromCursor(upTo);
      const [counts, records, { points, isByMinutes }] = await Promise.all([
        countEvents(statements, wants, BY_TIME, { from, to, last: last.event }),
        samples.recordsByTime(wants.metrics, from, to, last.event),
        samples.pointsByTime(wants.metrics, from, to, last.sample),
      ]);
      return { counts, samples: [...records, ...points], cursor: toCursor(last), isMore: false, isByMinutes };
    },
    knownMetrics: () => samples.known(),
    knownEventTypes: async () => {
      const sql = `SELECT event_type AS type FROM event_rollups WHERE resolution = 86400 GROUP BY 1 ORDER BY event_type COLLATE "C"`;
      return (await statements.all<{ readonly type: string }>(sql)).map(({ type }) => type);
    },
  };
}

/** Counts the wanted events of a range. */
async function countEvents(
  statements: Statements,
  wants: FeedWants,
  where: string,
  range: Parameters,
): Promise<readonly EventCount[]> {
  const { types, fields, typesWithFields, toCount } = createCountPlan(wants);
  if (types.length === 0) return [];
  const values = fields.map((_, i) => `json_field_of(data_json, $field${i})`).join(", ");
  const list =
    fields.length === 0
      ? "NULL::text"
      : `CASE WHEN event_type = ANY ($typesWithFields::text[]) THEN json_build_array(${values})::text END`;
  const rows = await statements.all<CountRow>(
    `SELECT event_type AS type, floor(extract(epoch FROM timestamp))::bigint AS second, symbol, severity_number AS severity, ${list} AS fields,
       count(*) AS count
     FROM telemetry_events WHERE ${where} AND event_type = ANY ($types::text[]) GROUP BY 1, 2, 3, 4, 5`,
    { ...range, types, typesWithFields, ...Object.fromEntries(fields.map((field, i) => [`field${i}`, field])) },
  );
  return rows.map(toCount);
}
