// What the database itself is, and who writes into it.
import { rangeOf } from "../../queries/event-scope.ts";
import type { StoreFacts, StoreSource, TimeRange } from "../../store-queries.ts";
import type { Connection } from "../connection.ts";
import { toMicros, toText } from "../micros.ts";
import { SCHEMA_VERSION } from "../schema/create-schema.ts";

/** Nobody looks at more; a service that gives itself a new id with each start has thousands. */
const MAX_SOURCES = 1_000;

/** Cost: the counts by the day, a row at each end of the events, and what the server knows of its files. */
export async function facts(connection: Connection): Promise<StoreFacts> {
  const one = async (sql: string) => (await connection.lists(sql))[0] ?? [];
  const [server, counts, spans, oldest, newest] = await Promise.all([
    one(
      "SELECT version(), (SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase())",
    ),
    one("SELECT sum(count), sumIf(count, event_type = 'decision') FROM event_rollups WHERE resolution = 86400"),
    one("SELECT count() FROM otel_traces"),
    one("SELECT time_micros FROM otel_logs ORDER BY time_micros, id LIMIT 1"),
    one("SELECT time_micros FROM otel_logs ORDER BY time_micros DESC, id DESC LIMIT 1"),
  ]);
  return {
    engine: "clickhouse",
    engineVersion: String(server[0]),
    schemaVersion: SCHEMA_VERSION,
    sizeBytes: Number(server[1] ?? 0),
    logBytes: 0,
    events: Number(counts[0]),
    decisions: Number(counts[1]),
    spans: Number(spans[0]),
    oldestTimestamp: oldest.length === 0 ? null : toText(oldest[0]!),
    newestTimestamp: newest.length === 0 ? null : toText(newest[0]!),
  };
}

/** The newest thousand. Cost: reads a row for each instance that ever wrote, and no rows of what it wrote. */
export async function sources(connection: Connection, range: TimeRange): Promise<readonly StoreSource[]> {
  const { start, end } = rangeOf(range);
  const rows = await connection.lists(
    `SELECT max(service_name) AS service, max(instance_id) AS instance, max(last_micros) AS last, sum(events), sum(spans), min(first_micros) AS first
     FROM instances GROUP BY instance_key
     HAVING ${start === undefined ? "1" : `last >= ${toMicros(start)}`} AND ${end === undefined ? "1" : `first <= ${toMicros(end)}`}
     ORDER BY last DESC, service, instance LIMIT ${MAX_SOURCES}`,
  );
  return rows.map(([service, instance, last, events, spans]) => ({
    service_name: service === "" ? null : String(service),
    instance_id: instance === "" ? null : String(instance),
    lastTimestamp: toText(last!),
    events: Number(events),
    spans: Number(spans),
  }));
}
