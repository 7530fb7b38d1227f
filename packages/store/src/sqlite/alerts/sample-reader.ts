// Reads samples of metrics: points that came over OTLP, one by one or by minutes, and events of the catalogue that are records of metrics.
import type { DatabaseSync } from "node:sqlite";
import type { KnownMetric } from "../../alert-feed.ts";
import { type PointRow, type RecordRow, toPointSample, toRecordSamples } from "../../alerts/metric-samples.ts";

/** Events that are records of metrics. */
const RECORD_TYPES = "('system_metric', 'business_metric')";
/** Of records, so many newest are looked at for what metrics there are. */
const MAX_KNOWN_SCAN = 20_000;
const MINUTE_S = 60;

const SERIES = `m.name, m.unit, m.labels_json AS labels, m.bounds_json AS bounds, i.service_name AS service, i.instance_id AS instance`;
const JOINS = "JOIN metric_series AS m ON m.id = s.series LEFT JOIN instances AS i ON i.id = m.instance";
const WANTED = "IN (SELECT value FROM json_each(?))";
const POINT = `${SERIES}, CAST(floor(s.time_micros / 1e6) AS INTEGER) AS second, s.value, s.count, s.counts_json AS counts`;

/** Makes the reader. */
export function createSampleReader(database: DatabaseSync) {
  const pointsById = database.prepare(
    `SELECT ${POINT} FROM metric_samples AS s ${JOINS} WHERE s.id > ? AND s.id <= ? AND m.name ${WANTED} ORDER BY s.id`,
  );
  const pointsByTime = database.prepare(
    `SELECT ${POINT} FROM metric_series AS m JOIN metric_samples AS s ON s.series = m.id
       LEFT JOIN instances AS i ON i.id = m.instance
     WHERE m.name ${WANTED} AND s.time_micros >= ? AND s.time_micros < ? AND s.id <= ? ORDER BY s.time_micros, s.id`,
  );
  const minutes = database.prepare(
    `SELECT ${SERIES}, s.bucket + ${MINUTE_S - 1} AS second, s.value, s.count, s.counts_json AS counts
     FROM metric_series AS m JOIN metric_points AS s ON s.series = m.id LEFT JOIN instances AS i ON i.id = m.instance
     WHERE m.name ${WANTED} AND s.bucket >= ? AND s.bucket < ? ORDER BY s.bucket, m.id`,
  );
  const record = "SELECT event_type AS type, timestamp, data_json AS data FROM telemetry_events";
  const recordsById = database.prepare(
    `${record} WHERE id > ? AND id <= ? AND +event_type IN ${RECORD_TYPES} ORDER BY id`,
  );
  const recordsByTime = database.prepare(
    `${record} WHERE event_type IN ${RECORD_TYPES} AND timestamp >= ? AND timestamp < ? AND +id <= ? ORDER BY timestamp, id`,
  );
  const samplesFrom = database.prepare("SELECT value FROM alert_engine_state WHERE name = 'samples_from'");
  const toRecords = (rows: unknown[], names: readonly string[]) => toRecordSamples(rows as RecordRow[], names);
  const toPoints = (rows: unknown[]) => (rows as PointRow[]).map(toPointSample);
  return {
    pointsById: (names: readonly string[], from: number, to: number) =>
      names.length === 0 || from >= to ? [] : toPoints(pointsById.all(from, to, JSON.stringify(names))),
    pointsByTime(names: readonly string[], from: number, to: number, lastId: number) {
      if (names.length === 0) return { points: [], isByMinutes: false };
      const wanted = JSON.stringify(names);
      const singleFrom = Math.max(from, Number(samplesFrom.get()?.["value"] ?? Number.NEGATIVE_INFINITY));
      const whole = from < singleFrom ? toPoints(minutes.all(wanted, from, Math.min(singleFrom, to))) : [];
      const single = toPoints(pointsByTime.all(wanted, singleFrom * 1e6, to * 1e6, lastId));
      return { points: [...whole, ...single], isByMinutes: whole.length > 0 };
    },
    recordsById: (names: readonly string[], from: number, to: number) =>
      names.length === 0 || from >= to ? [] : toRecords(recordsById.all(from, to), names),
    recordsByTime: (names: readonly string[], from: string, to: string, lastId: number) =>
      names.length === 0 ? [] : toRecords(recordsByTime.all(from, to, lastId), names),
    known(): KnownMetric[] {
      return database
        .prepare(
          `SELECT DISTINCT metric, unit FROM (
             SELECT name AS metric, unit FROM metric_series UNION
             SELECT * FROM (SELECT data_json ->> '$.metric_name', coalesce(data_json ->> '$.metric_unit', '') FROM telemetry_events
               WHERE event_type IN ${RECORD_TYPES} AND json_valid(data_json) ORDER BY timestamp DESC LIMIT ${MAX_KNOWN_SCAN}))
           WHERE metric IS NOT NULL ORDER BY metric, unit`,
        )
        .all()
        .map((row) => ({ metric: String(row["metric"]), unit: String(row["unit"]) }));
    },
  };
}
