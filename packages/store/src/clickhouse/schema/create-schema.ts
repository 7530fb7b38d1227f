// The statements that make the schema: for one node, or for a cluster, from the same tables.
import { LOG_FEEDS, LOG_TABLES } from "./log-tables.ts";
import { METRIC_FEEDS, METRIC_TABLES } from "./metric-tables.ts";
import { ID } from "./pieces.ts";
import { RECORD_TABLES } from "./record-tables.ts";
import type { Feed, Table, View } from "./table.ts";
import { TRACE_FEEDS, TRACE_TABLES } from "./trace-tables.ts";
import { VIEWS } from "./views.ts";

/** How the schema is laid out. */
export interface SchemaLayout {
  readonly database: string;
  /** The name of a cluster of the server's configuration. Undefined: one node. */
  readonly cluster?: string | undefined;
  /** Days that rows are kept, counted from their own time; undefined: until they are cleaned up. */
  readonly keepEventsDays?: number | undefined;
  readonly keepTracesDays?: number | undefined;
  readonly keepMetricsDays?: number | undefined;
}

/** The version this code reads and writes. */
export const SCHEMA_VERSION = 1;
/** Tables that the alert engine reads as they are written: see alerts/feed-places.ts. */
const IN_ORDER: ReadonlySet<string> = new Set(["otel_logs", "metric_points"]);
/** Inserts that are remembered by their token: one that is sent again within so many is written once, and counted once. */
const REMEMBERED_INSERTS = 1_000;

export const TABLES: readonly Table[] = [...LOG_TABLES, ...TRACE_TABLES, ...METRIC_TABLES, ...RECORD_TABLES];
const FEEDS: readonly Feed[] = [...LOG_FEEDS, ...TRACE_FEEDS, ...METRIC_FEEDS];

/**
 * The statements, in order; each may be run again. In a cluster a table has its rows in `NAME_local` on every node, replicated by shard, and
 * `NAME` is all of them together.
 *
 * @example
 * for (const statement of createSchema({ database: "tracebook", keepEventsDays: 90 })) await client.command({ query: statement });
 */
export function createSchema(layout: SchemaLayout): readonly string[] {
  const { database, cluster } = layout;
  return [
    `CREATE DATABASE IF NOT EXISTS ${database}${onCluster(cluster)}`,
    ...TABLES.flatMap((table) => createTable(table, layout)),
    ...bringUpToDate(layout),
    ...FEEDS.map((feed) => createFeed(feed, layout)),
    ...VIEWS.map((view) => createView(view, layout)),
  ];
}

/** The table that has the rows. */
export function localName(name: string, cluster: string | undefined): string {
  return cluster === undefined ? name : `${name}_local`;
}

function createTable(table: Table, layout: SchemaLayout): readonly string[] {
  const { database, cluster } = layout;
  const local = localName(table.name, cluster);
  const lines = [...table.columns, ...(table.indexes ?? []).map((index) => `INDEX ${index}`)];
  const parts = [
    `CREATE TABLE IF NOT EXISTS ${database}.${local}${onCluster(cluster)} (\n  ${lines.join(",\n  ")}\n)`,
    `ENGINE = ${engineOf(table, cluster)}`,
    table.partitionBy === undefined ? "" : `PARTITION BY ${table.partitionBy}`,
    `ORDER BY ${table.orderBy}`,
    ttlOf(table, layout),
    `SETTINGS ${settingsOf(table, cluster)}`,
  ];
  const statement = parts.filter((part) => part !== "").join("\n");
  if (cluster === undefined) return [statement];
  return [
    statement,
    `CREATE TABLE IF NOT EXISTS ${database}.${table.name}${onCluster(cluster)} AS ${database}.${local}\nENGINE = Distributed('${cluster}', '${database}', '${local}', ${table.shardBy})`,
  ];
}

function engineOf({ engine, engineColumns }: Table, cluster: string | undefined): string {
  if (cluster === undefined) return `${engine}(${engineColumns ?? ""})`;
  const place = `'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'`;
  return `Replicated${engine}(${[place, ...(engineColumns === undefined ? [] : [engineColumns])].join(", ")})`;
}

function settingsOf({ name }: Table, cluster: string | undefined): string {
  const granularity = name === "otel_traces_trace_id_ts" ? 256 : 8_192;
  const window = `${cluster === undefined ? "non_replicated" : "replicated"}_deduplication_window = ${REMEMBERED_INSERTS}`;
  // What is read in the order of writing keeps the number of its insert when files are merged.
  const numbered = IN_ORDER.has(name) ? ", enable_block_number_column = 1" : "";
  return `index_granularity = ${granularity}, ttl_only_drop_parts = 1, ${window}${numbered}`;
}

function ttlOf({ kept, age }: Table, layout: SchemaLayout): string {
  const days = {
    events: layout.keepEventsDays,
    traces: layout.keepTracesDays,
    metrics: layout.keepMetricsDays,
    always: undefined,
  }[kept];
  return days === undefined || age === undefined ? "" : `TTL ${age} + INTERVAL ${days} DAY`;
}

/** What tables lack that were made before alerts were read of them. */
function bringUpToDate({ database, cluster }: SchemaLayout): readonly string[] {
  const on = onCluster(cluster);
  const tables = cluster === undefined ? ["metric_points"] : ["metric_points_local", "metric_points"];
  return [
    ...tables.map((name) => `ALTER TABLE ${database}.${name}${on} ADD COLUMN IF NOT EXISTS ${ID}`),
    ...[...IN_ORDER].map(
      (name) =>
        `ALTER TABLE ${database}.${localName(name, cluster)}${on} MODIFY SETTING enable_block_number_column = 1`,
    ),
  ];
}

function createFeed({ name, to, from, select }: Feed, { database, cluster }: SchemaLayout): string {
  const source = `${database}.${localName(from, cluster)}`;
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.${name}${onCluster(cluster)} TO ${database}.${localName(to, cluster)} AS\n${select.replace("{from}", source)}`;
}

function createView({ name, select }: View, { database, cluster }: SchemaLayout): string {
  const qualified = select.replace(
    / (FROM|JOIN) (otel_logs|otel_traces|telemetry_events|system_records|system_metrics|business_metrics|metric_rollups|metric_series)\b/g,
    ` $1 ${database}.$2`,
  );
  return `CREATE OR REPLACE VIEW ${database}.${name}${onCluster(cluster)} AS\n${qualified}`;
}

function onCluster(cluster: string | undefined): string {
  return cluster === undefined ? "" : ` ON CLUSTER '${cluster}'`;
}
