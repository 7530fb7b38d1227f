// Samples of metrics on PostgreSQL: points that came over OTLP, one by one or by minutes, and events that are records of metrics.
import type { KnownMetric, MetricSample } from "../../alert-feed.ts";
import { type PointRow, type RecordRow, toPointSample, toRecordSamples } from "../../alerts/metric-samples.ts";
import { timeText } from "../queries/sql-texts.ts";
import type { Parameters, Statements } from "../queries/statements.ts";

/** Of records, so many newest of each kind are looked at for what metrics there are. */
const MAX_KNOWN_SCAN = 20_000;
const MINUTE_S = 60;

const SERIES =
  "m.name, m.unit, m.labels_json AS labels, m.bounds_json AS bounds, i.service_name AS service, i.instance_id AS instance";
const JOINS = "JOIN metric_series AS m ON m.id = s.series LEFT JOIN instances AS i ON i.id = m.instance";
const WANTED = "m.name = ANY ($names::text[])";
const POINTS = `SELECT ${SERIES}, floor(extract(epoch FROM s.time))::bigint AS second, s.value, s.count, s.counts_json AS counts
  FROM metric_samples AS s ${JOINS} WHERE ${WANTED}`;
const POINTS_BY_ID = `${POINTS} AND s.id > $from::bigint AND s.id <= $to::bigint ORDER BY s.id`;
const POINTS_BY_TIME = `${POINTS} AND s.time >= to_timestamp($from::float8) AND s.time < to_timestamp($to::float8) AND s.id <= $last::bigint
  ORDER BY s.time, s.id`;
const MINUTES = `SELECT ${SERIES}, s.bucket + ${MINUTE_S - 1} AS second, s.value, s.count, s.counts_json AS counts
  FROM metric_points AS s ${JOINS} WHERE ${WANTED} AND s.bucket >= $from::bigint AND s.bucket < $to::bigint ORDER BY s.bucket, m.id`;
const SAMPLES_FROM = "SELECT value::bigint AS second FROM alert_engine_state WHERE name = 'samples_from'";

const RECORDS = `SELECT event_type AS type, ${timeText("timestamp")} AS timestamp, data_json AS data FROM telemetry_events
  WHERE event_type IN ('system_metric', 'business_metric')`;
const RECORDS_BY_TIME = `${RECORDS} AND timestamp >= to_timestamp($from::float8) AND timestamp < to_timestamp($to::float8)
  AND id <= $last::bigint ORDER BY telemetry_events.timestamp, id`;

const newestOf = (type: string) =>
  `SELECT * FROM (SELECT field_of(data_json, 'metric_name') AS metric, coalesce(field_of(data_json, 'metric_unit'), '') AS unit
     FROM telemetry_events WHERE event_type = '${type}' ORDER BY timestamp DESC, id DESC LIMIT ${MAX_KNOWN_SCAN}) AS newest`;
const KNOWN = `SELECT metric, unit FROM (
    SELECT name AS metric, unit FROM metric_series UNION ${newestOf("system_metric")} UNION ${newestOf("business_metric")}
  ) AS seen WHERE metric IS NOT NULL ORDER BY metric COLLATE "C", unit COLLATE "C"`;

/** Makes the questions. Seconds are since 1970. */
export function createSampleQueries(statements: Statements) {
  const points = async (sql: string, parameters: Parameters) =>
    (await statements.all<PointRow>(sql, parameters)).map(toPointSample);
  const records = async (sql: string, names: readonly string[], parameters: Parameters) =>
    names.length === 0 ? [] : toRecordSamples(await statements.all<RecordRow>(sql, parameters), names);
  return {
    pointsById: async (names: readonly string[], from: number, to: number): Promise<readonly MetricSample[]> =>
      names.length === 0 ? [] : points(POINTS_BY_ID, { names, from, to }),
    pointsByTime: async (names: readonly string[], from: number, to: number, last: number) => {
      if (names.length === 0) return { points: [], isByMinutes: false };
      const kept = await statements.get<{ readonly second: number }>(SAMPLES_FROM);
      const singleFrom = Math.max(from, kept?.second ?? Number.NEGATIVE_INFINITY);
      const whole = from < singleFrom ? await points(MINUTES, { names, from, to: Math.min(singleFrom, to) }) : [];
      const single = await points(POINTS_BY_TIME, { names, from: singleFrom, to, last });
      return { points: [...whole, ...single], isByMinutes: whole.length > 0 };
    },
    /** `where` says which events, by the parameters of `range`. */
    recordsById: (names: readonly string[], where: string, range: Parameters) =>
      records(`${RECORDS} AND ${where} ORDER BY id`, names, range),
    recordsByTime: (names: readonly string[], from: number, to: number, last: number) =>
      records(RECORDS_BY_TIME, names, { from, to, last }),
    known: () => statements.all<KnownMetric>(KNOWN),
  };
}
