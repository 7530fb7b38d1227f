// The order in which rows were written, as far as the server can tell it: what the feed of the alert engine goes by.
import type { FeedPosition } from "../../alerts/feed-cursor.ts";
import type { Connection } from "../connection.ts";
import { FIRST_ID_MILLIS, IDS_PER_MILLI } from "../schema/pieces.ts";

/** Where rows lie in the order of writing. */
export interface FeedPlaces {
  /** Of a row of `otel_logs` or `metric_points`: a number. */
  readonly place: string;
  /** That a row lies behind a place. */
  behind(place: number): string;
  /** Of each table the last place before which nothing comes any more, whoever writes. */
  ends(): Promise<FeedPosition>;
}

/** How long rows of several nodes are waited for where no lag is given. */
const LAG_MS = 10_000;

/** The places that the tables of this database have. */
export async function feedPlacesOf(connection: Connection, pollLagMs: number): Promise<FeedPlaces> {
  const engines = await connection.lists(
    "SELECT engine FROM system.tables WHERE database = currentDatabase() AND name IN ('otel_logs', 'metric_points')",
  );
  const isOneNode = engines.length > 0 && engines.every(([engine]) => engine === "MergeTree");
  return isOneNode ? new BlockPlaces(connection) : new SettledIds(connection, pollLagMs === 0 ? LAG_MS : pollLagMs);
}

/**
 * On one node the server numbers inserts itself, for the whole of a table, at the moment in which their rows can be seen and under the lock of
 * its list of files: whatever has a larger number is seen later. Exact, with as many writers as there are.
 */
class BlockPlaces implements FeedPlaces {
  readonly place = "_block_number";
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A file bears the number of its last insert in its name, `day_first_last_level`: those that have nothing new are not read. */
  behind(place: number): string {
    return `toUInt64OrZero(splitByChar('_', _part)[3]) > ${place} AND _block_number > ${place}`;
  }

  async ends(): Promise<FeedPosition> {
    const rows = await this.#connection.lists(
      `SELECT table, max(max_block_number) FROM system.parts
       WHERE active AND database = currentDatabase() AND table IN ('otel_logs', 'metric_points') GROUP BY table`,
    );
    const ends = new Map(rows.map(([table, last]) => [table, Number(last)]));
    return { event: ends.get("otel_logs") ?? 0, sample: ends.get("metric_points") ?? 0 };
  }
}

/**
 * Where several nodes take inserts there is no common number. Ids say when a row was made; one whose insert takes longer than the lag, or
 * whose writer's clock is that much behind the server's, is not in the feed.
 */
class SettledIds implements FeedPlaces {
  readonly place = "id";
  readonly #connection: Connection;
  readonly #lagMs: number;

  constructor(connection: Connection, lagMs: number) {
    this.#connection = connection;
    this.#lagMs = lagMs;
  }

  behind(place: number): string {
    return `id > ${place}`;
  }

  async ends(): Promise<FeedPosition> {
    const [row] = await this.#connection.lists("SELECT toUnixTimestamp64Milli(now64(3))");
    const end = Math.max(Number(row?.[0] ?? 0) - this.#lagMs - FIRST_ID_MILLIS, 0) * IDS_PER_MILLI;
    return { event: end, sample: end };
  }
}
