// Connections to PostgreSQL as the store has them.
import { Socket } from "node:net";
import pg from "pg";
import type { PostgresSettings } from "./postgres-options.ts";

/** What it takes to connect; can be handed to a thread. */
export type ConnectionPlan = Pick<PostgresSettings, "url" | "place" | "schema" | "statementTimeoutMs">;

const CONNECT_TIMEOUT_MS = 5_000;
/** Beyond the server's own timeout: it is heard of first, where there still is a server. */
const GRACE_MS = 2_000;
/** For the message that a connection ends. */
const GOODBYE_MS = 200;
/** Types that are not taken as text (src/include/catalog/pg_type.dat): bool, int8, int2, int4, float4, float8, oid. */
const BOOL = 16;
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 26]);

/** How `pg` is told to connect. */
export function clientConfig({ url, statementTimeoutMs }: ConnectionPlan): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: "tracebook",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: statementTimeoutMs + GRACE_MS,
    keepAlive: true,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  };
}

/**
 * What a connection begins with. Writers take turns by a lock, and each must see what the one before has committed: that is READ COMMITTED,
 * whatever the server's default is. Nothing is compiled just in time: the planner's price of what might be in many partitions is high, and
 * compiling took as long as all else that is done for a batch of events.
 */
export function sessionSettings({ schema, statementTimeoutMs }: ConnectionPlan): string {
  return `SET search_path = "${schema}"; SET timezone = 'UTC'; SET datestyle = 'ISO'; SET statement_timeout = ${statementTimeoutMs};
    SET lock_timeout = ${statementTimeoutMs}; SET idle_in_transaction_session_timeout = ${statementTimeoutMs}; SET extra_float_digits = 1;
    SET default_transaction_isolation = 'read committed'; SET jit = off`;
}

/** Decimals, times and JSON are the text that they come as; see {@link import("./sql-client.ts").SqlRow}. */
function parserOf(oid: number): (text: string) => unknown {
  if (NUMBERS.has(oid)) return Number;
  return oid === BOOL ? (text) => text === "t" : (text) => text;
}

/** A connection whose socket is at hand. */
export class StoreClient extends pg.Client {
  readonly #socket: Socket;

  constructor(plan: ConnectionPlan) {
    const socket = new Socket();
    super({ ...clientConfig(plan), stream: () => socket });
    this.#socket = socket;
    // What ends a connection that nobody uses just now is heard of by whoever uses it next.
    this.on("error", () => {});
  }

  /** Ends the connection, whatever its state, and waits for nothing of the server. */
  async abandon(): Promise<void> {
    const ending = this.end().catch(() => {});
    setTimeout(() => this.#socket.destroy(), GOODBYE_MS).unref();
    await ending;
  }
}

/** Opens one connection. Rejects with what `pg` says. */
export async function connect(plan: ConnectionPlan): Promise<StoreClient> {
  const client = new StoreClient(plan);
  try {
    await client.connect();
    await client.query(sessionSettings(plan));
  } catch (error) {
    await client.abandon();
    throw error;
  }
  return client;
}
