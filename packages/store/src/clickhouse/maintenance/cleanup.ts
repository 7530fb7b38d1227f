// Removes what is too old: whole days, which are files of their own.
import { parseTimestamp } from "@tracebook/core";
import { StoreError } from "../../errors.ts";
import type { CleanUpOptions, CleanUpResult } from "../../store.ts";
import type { Connection } from "../connection.ts";
import { localName, TABLES } from "../schema/create-schema.ts";

/**
 * Removes events, spans and points of metrics of the days before the day of a time, and what is counted of them: afterwards every count is
 * that of the rows that are left. Days are files: to drop one takes no time, while to remove rows from within one would write it anew.
 * Rejects with `invalid_option`.
 */
export async function cleanUp(
  connection: Connection,
  cluster: string | undefined,
  options: CleanUpOptions,
): Promise<CleanUpResult> {
  const cleaning = new Cleaning(connection, cluster);
  const events = toDay("eventsOlderThan", options.eventsOlderThan);
  const traces = toDay("tracesOlderThan", options.tracesOlderThan);
  const metrics = toDay("metricsOlderThan", options.metricsOlderThan);
  const before = await cleaning.size();
  const removed = { events: 0, decisions: 0, spans: 0, metricPoints: 0 };
  if (events !== undefined) {
    [removed.events, removed.decisions] = await cleaning.count(
      `SELECT count(), countIf(event_type = 'decision') FROM otel_logs WHERE toDate(TimestampTime) < toDate('${events}')`,
    );
    await cleaning.drop("events", events);
  }
  if (traces !== undefined) {
    [removed.spans] = await cleaning.count(
      `SELECT count(), 0 FROM otel_traces WHERE toDate(Timestamp) < toDate('${traces}')`,
    );
    await cleaning.drop("traces", traces);
  }
  if (metrics !== undefined) {
    [removed.metricPoints] = await cleaning.count(
      `SELECT count(), 0 FROM metric_points WHERE time_micros < ${Date.parse(metrics) * 1_000}`,
    );
    await cleaning.drop("metrics", metrics);
  }
  return { ...removed, freedBytes: Math.max(before - (await cleaning.size()), 0) };
}

/** The day of a timestamp, in UTC. */
function toDay(name: string, timestamp: string | undefined): string | undefined {
  if (timestamp === undefined) return undefined;
  const micros = parseTimestamp(timestamp);
  if (micros === undefined)
    throw new StoreError(
      "invalid_option",
      `${name} is ${JSON.stringify(timestamp)}, not a time as 2026-11-20T12:34:56.789012Z.`,
    );
  return new Date(micros / 1_000).toISOString().slice(0, "2026-11-20".length);
}

class Cleaning {
  readonly #connection: Connection;
  readonly #cluster: string | undefined;

  constructor(connection: Connection, cluster: string | undefined) {
    this.#connection = connection;
    this.#cluster = cluster;
  }

  async count(sql: string): Promise<[number, number]> {
    const [row] = await this.#connection.lists(sql);
    return [Number(row?.[0] ?? 0), Number(row?.[1] ?? 0)];
  }

  async size(): Promise<number> {
    const [row] = await this.#connection.lists(
      `SELECT sum(bytes_on_disk) FROM ${partsOf(this.#cluster)} WHERE active AND database = currentDatabase()`,
    );
    return Number(row?.[0] ?? 0);
  }

  async drop(kept: "events" | "traces" | "metrics", day: string): Promise<void> {
    const on = this.#cluster === undefined ? "" : ` ON CLUSTER '${this.#cluster}'`;
    for (const { name, age, partitionBy, kept: whose } of TABLES) {
      if (whose !== kept || age === undefined) continue;
      const local = localName(name, this.#cluster);
      if (partitionBy?.startsWith("toDate(") === true) {
        for (const partition of await this.#partitionsBefore(local, day))
          await this.#connection.command(`ALTER TABLE ${local}${on} DROP PARTITION ID '${partition}'`);
      } else await this.#connection.command(`DELETE FROM ${local}${on} WHERE ${ageBefore(age, day)}`);
    }
  }

  async #partitionsBefore(table: string, day: string): Promise<readonly string[]> {
    const rows = await this.#connection.lists(
      `SELECT DISTINCT partition_id FROM ${partsOf(this.#cluster)} WHERE active AND database = currentDatabase() AND table = {table:String}
         AND toDate(partition) < toDate('${day}')`,
      { table },
    );
    return rows.map(([partition]) => String(partition));
  }
}

/** Files of all nodes. */
function partsOf(cluster: string | undefined): string {
  return cluster === undefined ? "system.parts" : `clusterAllReplicas('${cluster}', system.parts)`;
}

function ageBefore(age: string, day: string): string {
  return `${age} < toDateTime(${Date.parse(day) / 1_000}, 'UTC')`;
}
