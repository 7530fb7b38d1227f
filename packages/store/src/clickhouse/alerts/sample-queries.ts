// Samples of metrics: points that came over OTLP, and events of the catalogue that are records of metrics.
import type { KnownMetric, MetricSample } from "../../alert-feed.ts";
import { type RecordRow, toPointSample, toRecordSamples } from "../../alerts/metric-samples.ts";
import type { Column, Connection } from "../connection.ts";
import { toText } from "../micros.ts";
import { bucketOf } from "../schema/pieces.ts";

/** Events that are records of metrics. */
const RECORD_TYPES = "('system_metric', 'business_metric')";
/** Of records, so many newest are looked at for what metrics there are. */
const MAX_KNOWN_SCAN = 20_000;
const NAME = "JSONExtractString(data, 'metric_name')";

/** The points of the wanted metrics for which `where` holds, by `place` and time. */
export async function pointSamples(
  connection: Connection,
  names: readonly string[],
  where: string,
  place: string,
): Promise<readonly MetricSample[]> {
  if (names.length === 0) return [];
  const rows = await connection.lists(
    `SELECT toString(s.name), toString(s.unit), s.labels_json, s.type = 'histogram', toJSONString(s.bounds), toString(s.ServiceName), s.instance_id,
       ${bucketOf("p.time_micros", "1")}, p.value, p.amount, toJSONString(p.bucket_counts)
     FROM (SELECT series, time_micros, value, amount, bucket_counts, ${place} AS place FROM metric_points
       WHERE ${where} AND name IN {names:Array(String)}) AS p
     INNER JOIN (SELECT * FROM metric_series FINAL WHERE name IN {names:Array(String)}) AS s ON s.id = p.series
     ORDER BY p.place, p.time_micros, p.series`,
    { names },
  );
  return rows.map(toSample);
}

/** The records of the wanted metrics for which `where` holds, by `place` and time. */
export async function recordSamples(
  connection: Connection,
  names: readonly string[],
  where: string,
  place: string,
): Promise<readonly MetricSample[]> {
  if (names.length === 0) return [];
  const rows = await connection.lists(
    `SELECT toString(event_type), time_micros, data FROM otel_logs WHERE ${where} AND event_type IN ${RECORD_TYPES}
     ORDER BY ${place}, time_micros, id`,
  );
  const records = rows.map(([type, micros, data]) => ({ type, timestamp: toText(micros!), data }) as RecordRow);
  return toRecordSamples(records, names);
}

/** Metrics of which there are samples, or records among the newest. */
export async function knownMetrics(connection: Connection): Promise<readonly KnownMetric[]> {
  return connection.rows<KnownMetric>(
    `SELECT DISTINCT metric, unit FROM (
       SELECT toString(name) AS metric, toString(unit) AS unit FROM metric_series FINAL
       UNION ALL
       SELECT ${NAME}, JSONExtractString(data, 'metric_unit') FROM (SELECT data FROM otel_logs
         WHERE event_type IN ${RECORD_TYPES} ORDER BY time_micros DESC LIMIT ${MAX_KNOWN_SCAN}))
     WHERE metric != '' ORDER BY metric, unit`,
  );
}

function toSample(row: readonly Column[]): MetricSample {
  const [name, unit, labels, isHistogram, bounds, service, instance, second, value, amount, counts] = row;
  const hasBuckets = Number(isHistogram) === 1;
  return toPointSample({
    name: String(name),
    unit: String(unit),
    labels: String(labels),
    bounds: hasBuckets ? String(bounds) : null,
    service: service === "" ? null : String(service),
    instance: instance === "" ? null : String(instance),
    second: Number(second),
    value: Number(value),
    count: hasBuckets ? Number(amount) : null,
    counts: hasBuckets ? toNumbers(String(counts)) : null,
  });
}

/** 64-bit numbers are texts in the server's JSON. */
function toNumbers(list: string): string {
  return JSON.stringify((JSON.parse(list) as readonly (string | number)[]).map(Number));
}
