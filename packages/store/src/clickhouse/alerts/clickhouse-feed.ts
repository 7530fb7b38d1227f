// What the alert engine reads of ClickHouse: counts of events by the second, samples of metrics, what there is to make rules of.
import type { AlertFeed, EventCount, FeedPiece, FeedWants } from "../../alert-feed.ts";
import { createCountPlan } from "../../alerts/event-counts.ts";
import { type FeedPosition, fromCursor, toCursor } from "../../alerts/feed-cursor.ts";
import type { Connection } from "../connection.ts";
import { bucketOf } from "../schema/pieces.ts";
import { type FeedPlaces, feedPlacesOf } from "./feed-places.ts";
import { knownMetrics, pointSamples, recordSamples } from "./sample-queries.ts";

/** Rows of each table that one piece looks at; an insert is never divided. */
const MAX_ROWS = 20_000;

/** Makes the feed of a database. What it promises with several writers, {@link FeedPlaces} says. */
export async function createClickhouseFeed(connection: Connection, pollLagMs: number): Promise<AlertFeed> {
  const places = await feedPlacesOf(connection, pollLagMs);
  return {
    position: async () => toCursor(await places.ends()),
    since: (wants, cursor) => since(connection, places, wants, fromCursor(cursor)),
    range: async (wants, from, to, upTo) => {
      const last = upTo === undefined ? await places.ends() : fromCursor(upTo);
      const time = `time_micros >= ${from * 1e6} AND time_micros < ${to * 1e6}`;
      const events = `${time} AND ${places.place} <= ${last.event}`;
      const points = `${time} AND ${places.place} <= ${last.sample}`;
      const [counts, records, samples] = await Promise.all([
        countEvents(connection, wants, events),
        recordSamples(connection, wants.metrics, events, "time_micros"),
        pointSamples(connection, wants.metrics, points, "time_micros"),
      ]);
      const all = [...records, ...samples];
      // Points are kept one by one for as long as there are any.
      return { counts, samples: all, cursor: toCursor(last), isMore: false, isByMinutes: false };
    },
    knownMetrics: () => knownMetrics(connection),
    knownEventTypes: async () => {
      const rows = await connection.lists(
        "SELECT DISTINCT toString(event_type) AS type FROM event_rollups WHERE resolution = 86400 ORDER BY type",
      );
      return rows.map(([type]) => String(type));
    },
  };
}

async function since(
  connection: Connection,
  places: FeedPlaces,
  wants: FeedWants,
  from: FeedPosition,
): Promise<FeedPiece> {
  const last = await places.ends();
  const [event, sample] = await Promise.all([
    endOfPiece(connection, places, "otel_logs", from.event, last.event),
    endOfPiece(connection, places, "metric_points", from.sample, last.sample),
  ]);
  const between = (start: number, end: number) => `${places.behind(start)} AND ${places.place} <= ${end}`;
  const events = between(from.event, event);
  const [counts, records, points] = await Promise.all([
    event > from.event ? countEvents(connection, wants, events) : [],
    event > from.event ? recordSamples(connection, wants.metrics, events, places.place) : [],
    sample > from.sample ? pointSamples(connection, wants.metrics, between(from.sample, sample), places.place) : [],
  ]);
  const isMore = event < last.event || sample < last.sample;
  return { counts, samples: [...records, ...points], cursor: toCursor({ event, sample }), isMore, isByMinutes: false };
}

/** Where a piece that begins behind `from` ends. Files may have been dropped at the end: a position never goes back. */
async function endOfPiece(
  connection: Connection,
  { place, behind }: FeedPlaces,
  table: "otel_logs" | "metric_points",
  from: number,
  last: number,
): Promise<number> {
  if (last <= from) return from;
  const [row] = await connection.lists(
    `SELECT ${place} AS place FROM ${table} WHERE ${behind(from)} AND ${place} <= ${last} ORDER BY place LIMIT 1 OFFSET ${MAX_ROWS - 1}`,
  );
  return row === undefined ? last : Number(row[0]);
}

/** Counts the wanted events for which `where` holds. */
async function countEvents(connection: Connection, wants: FeedWants, where: string): Promise<readonly EventCount[]> {
  const { types, fields, typesWithFields, toCount } = createCountPlan(wants);
  if (types.length === 0) return [];
  const values = fields.map(
    (_, i) => `if(JSONHas(data, {field${i}:String}), JSONExtractRaw(data, {field${i}:String}), 'null')`,
  );
  const list =
    fields.length === 0
      ? "NULL"
      : `if(event_type IN {typesWithFields:Array(String)}, concat('[', arrayStringConcat([${values.join(", ")}], ','), ']'), NULL)`;
  const rows = await connection.lists(
    `SELECT toString(event_type) AS type, ${bucketOf("time_micros", "1")} AS second, toString(symbol) AS of_symbol, SeverityNumber AS severity,
       ${list} AS fields, count()
     FROM otel_logs WHERE ${where} AND event_type IN {types:Array(String)} GROUP BY type, second, of_symbol, severity, fields`,
    { types, typesWithFields, ...Object.fromEntries(fields.map((field, i) => [`field${i}`, field])) },
  );
  return rows.map(([type, second, symbol, severity, texts, count]) =>
    toCount({
      type: String(type),
      second: Number(second),
      symbol: symbol === "" ? null : String(symbol),
      severity: Number(severity),
      fields: texts === null || texts === undefined ? null : String(texts),
      count: Number(count),
    }),
  );
}
