// Answers what the alert engine asks: counts of events by the second, samples of metrics, what there is to make rules of.
import type { DatabaseSync } from "node:sqlite";
import type { AlertFeed, EventCount, FeedPiece, FeedWants } from "../../alert-feed.ts";
import { type CountRow, createCountPlan } from "../../alerts/event-counts.ts";
import { endOfPiece, type FeedPosition, fromCursor, toCursor } from "../../alerts/feed-cursor.ts";
import { createSampleReader } from "./sample-reader.ts";

/** As it is in the reader's thread. */
export type SqliteAlertFeed = {
  [Name in keyof AlertFeed]: (...args: Parameters<AlertFeed[Name]>) => Awaited<ReturnType<AlertFeed[Name]>>;
};

/** Makes the questions. */
export function createAlertFeedQueries(database: DatabaseSync): SqliteAlertFeed {
  const samples = createSampleReader(database);
  const counts = createCountReader(database);
  const ends = database.prepare(
    `SELECT coalesce((SELECT max(id) FROM telemetry_events), 0) AS event,
       coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'metric_samples'), 0) AS sample`,
  );
  const end = (): FeedPosition => ends.get() as unknown as FeedPosition;
  return {
    position: () => toCursor(end()),
    since: (wants, cursor) => {
      const from = fromCursor(cursor);
      const last = end();
      const to = endOfPiece(from, last);
      return {
        counts: counts(wants, BY_ID, [from.event, to.event]),
        samples: [
          ...samples.recordsById(wants.metrics, from.event, to.event),
          ...samples.pointsById(wants.metrics, from.sample, to.sample),
        ],
        cursor: toCursor(to),
        isMore: to.event < last.event || to.sample < last.sample,
        isByMinutes: false,
      };
    },
    range: (wants, from, to, upTo) => {
      const last = upTo === undefined ? end() : fromCursor(upTo);
      const { points, isByMinutes } = samples.pointsByTime(wants.metrics, from, to, last.sample);
      return {
        counts: counts(wants, BY_TIME, [toText(from), toText(to), last.event]),
        samples: [...samples.recordsByTime(wants.metrics, toText(from), toText(to), last.event), ...points],
        cursor: toCursor(last),
        isMore: false,
        isByMinutes,
      } satisfies FeedPiece;
    },
    knownMetrics: () => samples.known(),
    knownEventTypes: () =>
      database
        .prepare("SELECT DISTINCT event_type AS type FROM event_rollups WHERE resolution = 86400 ORDER BY event_type")
        .all()
        .map((row) => String(row["type"])),
  };
}

// The plus keeps SQLite from another index than the one that the range is for.
const BY_ID = "id > ? AND id <= ? AND +event_type";
const BY_TIME = "timestamp >= ? AND timestamp < ? AND +id <= ? AND event_type";

/** Reads counts of the wanted events. A field that is wanted of one type is read of those types only that want any. */
function createCountReader(database: DatabaseSync) {
  return (wants: FeedWants, where: string, bounds: readonly (string | number)[]): EventCount[] => {
    if (wants.events.length === 0) return [];
    const { types, fields, typesWithFields, toCount } = createCountPlan(wants);
    const values = fields.map(() => "json_extract(data_json, ?)").join(", ");
    const list =
      fields.length === 0
        ? "NULL"
        : `CASE WHEN event_type IN (SELECT value FROM json_each(?)) AND json_valid(data_json) THEN json_array(${values}) END`;
    const rows = database
      .prepare(
        `SELECT event_type AS type, substr(timestamp, 1, 19) AS second, symbol, severity_number AS severity, ${list} AS fields,
           count(*) AS count
         FROM telemetry_events WHERE ${where} IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3, 4, 5`,
      )
      .all(
        ...(fields.length === 0 ? [] : [JSON.stringify(typesWithFields), ...fields.map(toPath)]),
        ...bounds,
        JSON.stringify(types),
      ) as unknown as SecondTextRow[];
    return rows.map((row) => toCount({ ...row, second: toSecond(row.second) }));
  };
}

/** The second as the text that a timestamp begins with. */
type SecondTextRow = Omit<CountRow, "second"> & { readonly second: string };

/** A JSON path to a field of the data, whatever it is called; a quote within it SQLite cannot name. */
function toPath(field: string): string {
  return `$."${field.replaceAll('"', "")}"`;
}

/** `2026-11-20T12:34:56.000000Z`, which sorts among timestamps. */
function toText(second: number): string {
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}.000000Z`;
}

/** Of `2026-11-20T12:34:56`. */
function toSecond(text: string): number {
  return Date.parse(`${text}Z`) / 1_000;
}
