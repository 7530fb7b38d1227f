// The statements that make the schema, for one node and for a cluster.
import { describe, expect, test } from "vitest";
import { createSchema, TABLES } from "./create-schema.ts";

const single = createSchema({ database: "tracebook" });
const cluster = createSchema({ database: "tracebook", cluster: "main", keepEventsDays: 90, keepTracesDays: 14 });

/** The columns of a table, as a statement has them. */
function columnsOf(statements: readonly string[], name: string): string | undefined {
  const head = new RegExp(`^CREATE TABLE IF NOT EXISTS tracebook\\.${name}( ON CLUSTER 'main')? \\(`);
  const statement = statements.find((one) => head.test(one));
  return statement?.slice(statement.indexOf("(") + 1, statement.indexOf("\n)\nENGINE"));
}

/** What the ClickHouse exporter of the Collector, v0.159.0 with `json: false`, inserts into: its internal/sqltemplates. */
const MAP = "Map(LowCardinality(String), String)";
const EXPORTED: Readonly<Record<string, readonly string[]>> = {
  otel_logs: [
    "Timestamp DateTime64(9)",
    ...["TraceId String", "SpanId String", "TraceFlags UInt8", "SeverityText LowCardinality(String)"],
    ...["SeverityNumber UInt8", "ServiceName LowCardinality(String)", "Body String"],
    ...["ResourceSchemaUrl LowCardinality(String)", `ResourceAttributes ${MAP}`],
    ...["ScopeSchemaUrl LowCardinality(String)", "ScopeName String", "ScopeVersion LowCardinality(String)"],
    ...[`ScopeAttributes ${MAP}`, `LogAttributes ${MAP}`, "EventName String"],
  ],
  otel_traces: [
    ...["Timestamp DateTime64(9)", "TraceId String", "SpanId String", "ParentSpanId String", "TraceState String"],
    ...["SpanName LowCardinality(String)", "SpanKind LowCardinality(String)", "ServiceName LowCardinality(String)"],
    ...[`ResourceAttributes ${MAP}`, "ScopeName String", "ScopeVersion String", `SpanAttributes ${MAP}`],
    ...["Duration UInt64", "StatusCode LowCardinality(String)", "StatusMessage String"],
    `Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes ${MAP})`,
    `Links Nested (TraceId String, SpanId String, TraceState String, Attributes ${MAP})`,
  ],
};

describe("a schema", () => {
  test("has every column that the exporter of the Collector inserts into, of the exporter's type", () => {
    for (const [table, columns] of Object.entries(EXPORTED)) {
      const own = columnsOf(single, table)?.split(/,?\n {2}/);
      for (const column of columns)
        expect(
          own?.some((one) => one === column || one.startsWith(`${column} `)),
          `${table}.${column}`,
        ).toBe(true);
    }
  });

  test("has the same columns on one node and in a cluster", () => {
    for (const { name } of TABLES) {
      const columns = columnsOf(single, name);
      expect(columns, name).toBeDefined();
      expect(columnsOf(cluster, `${name}_local`)).toBe(columns);
    }
  });

  test("replicates each table of a cluster by shard, and spreads it over the shards by a column that does not change", () => {
    for (const { name, engine, shardBy } of TABLES) {
      const local = cluster.find((one) =>
        one.startsWith(`CREATE TABLE IF NOT EXISTS tracebook.${name}_local ON CLUSTER 'main' (`),
      );
      expect(local).toContain(
        `ENGINE = Replicated${engine}('/clickhouse/tables/{shard}/{database}/{table}', '{replica}'`,
      );
      const all = cluster.find((one) =>
        one.startsWith(`CREATE TABLE IF NOT EXISTS tracebook.${name} ON CLUSTER 'main' AS`),
      );
      expect(all).toContain(`ENGINE = Distributed('main', 'tracebook', '${name}_local', ${shardBy})`);
      expect(shardBy).not.toContain("rand");
    }
  });

  test("counts where the rows are: what feeds a table of a cluster reads and writes the node's own", () => {
    const feeds = cluster.filter((one) => one.startsWith("CREATE MATERIALIZED VIEW"));
    expect(feeds.length).toBeGreaterThan(8);
    for (const feed of feeds) {
      expect(feed).toMatch(/ ON CLUSTER 'main' TO tracebook\.\w+_local AS/);
      expect(feed).toMatch(/FROM tracebook\.(otel_logs|otel_traces|metric_points)_local/);
    }
  });

  test("drops what is older than its retention, of counts as of rows, and nothing where none is given", () => {
    expect(single.join("\n")).not.toContain("TTL ");
    const ttlOf = (name: string) =>
      /^TTL (.*)$/m.exec(cluster.find((one) => one.includes(`.${name}_local ON CLUSTER 'main' (`)) ?? "")?.[1];
    expect(ttlOf("otel_logs")).toBe("TimestampTime + INTERVAL 90 DAY");
    expect(ttlOf("reason_rollups")).toMatch(/INTERVAL 90 DAY$/);
    expect(ttlOf("otel_traces")).toMatch(/INTERVAL 14 DAY$/);
    expect(ttlOf("metric_points")).toBeUndefined();
    expect(ttlOf("business_metrics")).toBeUndefined();
  });

  test("remembers inserts by their token, in every table that is fed", () => {
    for (const statement of cluster.filter((one) => one.includes("ENGINE = Replicated")))
      expect(statement).toContain("replicated_deduplication_window = 1000");
    for (const statement of single.filter((one) => one.includes("MergeTree(")))
      expect(statement).toContain("non_replicated_deduplication_window = 1000");
  });
});
