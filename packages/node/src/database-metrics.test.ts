import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startChild } from "../test/child.ts";
import { startOtlpSink } from "../test/otlp-sink.ts";
import { startPostgresWire } from "../test/postgres-wire.ts";

test("every query of pg is counted once, however it was made, inside a trace and outside, and its host sees no difference", async () => {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-queries-"));
  const server = await startPostgresWire();
  const sink = await startOtlpSink();
  try {
    const env = { TELEMETRY_ENABLED: "true", TELEMETRY_OTLP_ENDPOINT: sink.url, TELEMETRY_DIR: dir };
    const child = startChild("queries.ts", {
      args: [String(server.port)],
      env: { ...env, BOT_METRICS_ENABLED: "false", TELEMETRY_SAMPLE_RATIO: "1" },
    });
    const { points, timed, results } = await child.result<{
      points: { labels: Record<string, string>; value: number }[];
      timed: number;
      results: string[];
    }>();
    const counts = points.map(
      ({ labels: { operation, table, status }, value }) => `${operation} ${table} ${status} ${value}`,
    );
    expect(counts.sort()).toEqual([
      "delete orders success 1",
      "insert fills success 1",
      "select candles error 1",
      "select candles success 1",
      "select events error 1",
      "select events success 1",
      "select fills error 1",
      "select in_flow success 1",
      "select orders error 1",
      "select orders success 2",
      "update orders success 1",
    ]);
    expect(timed).toBe(12);
    expect(results).toEqual([
      ...["it fails", "it fails", "none, its own again", "it fails, its own again"],
      "Client was passed a null or undefined query",
    ]);
    // One span, for the query in the flow: being counted makes none.
    expect(sink.spans.filter(({ name }) => name.startsWith("pg.query")).map(({ name }) => name)).toEqual([
      "pg.query:SELECT bot",
    ]);
  } finally {
    await sink.close();
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
});
