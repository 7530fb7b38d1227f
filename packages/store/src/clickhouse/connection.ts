// A connection to a ClickHouse server: questions, inserts, and what its errors mean.
import type { ClickHouseClient, ClickHouseSettings } from "@clickhouse/client";
import { StoreError, type StoreErrorCode } from "../errors.ts";
import type { ClickhouseSettings } from "./clickhouse-options.ts";

/** Values of a question, by the names that stand in it as `{name:Type}`. */
export type Parameters = Readonly<Record<string, string | number | readonly string[]>>;

/** What an insert is given. */
export interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** The same token within a thousand inserts: it is written once, and counted once. */
  readonly token: string;
}

/** What can be asked of a server. All of it rejects with `StoreError`. */
export interface Connection {
  /** Rows as objects; 64-bit integers are texts. */
  rows<Row>(sql: string, parameters?: Parameters): Promise<Row[]>;
  /** Rows as lists. */
  lists(sql: string, parameters?: Parameters): Promise<(readonly Column[])[]>;
  insert(insert: Insert): Promise<void>;
  command(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** A column of a row. */
export type Column = null | string | number;

const SETTINGS: ClickHouseSettings = {
  // As texts: a number would lose its last digits.
  output_format_json_quote_64bit_integers: 1,
  // An insert is one file a day and no more, whatever days its rows are of.
  max_partitions_per_insert_block: "0",
  deduplicate_blocks_in_dependent_materialized_views: 1,
  async_insert: 0,
  // In a cluster: an answer means that the shards have it.
  distributed_foreground_insert: 1,
  date_time_input_format: "basic",
};
/** `LogLevel.OFF`: what goes wrong is said by who asked. */
const SILENT = 127;

/** Codes of the server (`system.errors`) that say more than that it failed. */
const MEANINGS: ReadonlyMap<string, StoreErrorCode> = new Map([
  ["159", "store_overloaded"], // TIMEOUT_EXCEEDED
  ["202", "store_overloaded"], // TOO_MANY_SIMULTANEOUS_QUERIES
  ["241", "store_overloaded"], // MEMORY_LIMIT_EXCEEDED
  ["252", "store_overloaded"], // TOO_MANY_PARTS
  ["243", "database_full"], // NOT_ENOUGH_SPACE
  ["158", "store_overloaded"], // TOO_MANY_ROWS
]);

/** What of the settings a connection is made of. */
type ConnectionSettings = Pick<ClickhouseSettings, "url" | "username" | "password" | "requestTimeoutMs">;

/** Connects. Rejects with `database_unavailable` where the package `@clickhouse/client` is not installed. */
export async function connect(settings: ConnectionSettings, database?: string): Promise<Connection> {
  const { createClient } = await import("@clickhouse/client").catch((cause: unknown) => {
    throw new StoreError(
      "database_unavailable",
      "The package @clickhouse/client is not installed: `npm install @clickhouse/client`.",
      { cause },
    );
  });
  const { url, username, password, requestTimeoutMs } = settings;
  const client = createClient({
    url,
    username,
    password,
    request_timeout: requestTimeoutMs,
    application: "tracebook",
    clickhouse_settings: SETTINGS,
    log: { level: SILENT },
    ...(database === undefined ? {} : { database }),
  });
  return new ClientConnection(client, settings.url);
}

class ClientConnection implements Connection {
  readonly #client: ClickHouseClient;
  readonly #url: string;

  constructor(client: ClickHouseClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async rows<Row>(sql: string, parameters: Parameters = {}): Promise<Row[]> {
    return this.#use(async () => {
      const result = await this.#client.query({ query: sql, format: "JSONEachRow", query_params: { ...parameters } });
      return result.json<Row>();
    });
  }

  async lists(sql: string, parameters: Parameters = {}): Promise<(readonly Column[])[]> {
    return this.#use(async () => {
      const result = await this.#client.query({
        query: sql,
        format: "JSONCompactEachRow",
        query_params: { ...parameters },
      });
      return result.json<readonly Column[]>();
    });
  }

  async insert({ table, columns, rows, token }: Insert): Promise<void> {
    await this.#use(() =>
      this.#client.insert({
        table,
        columns: columns as [string, ...string[]],
        values: rows as unknown[][],
        format: "JSONCompactEachRow",
        clickhouse_settings: { insert_deduplication_token: token },
      }),
    );
  }

  async command(sql: string): Promise<void> {
    await this.#use(() => this.#client.command({ query: sql }));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #use<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const { code, message } = cause as { readonly code?: string; readonly message: string };
      const said = `ClickHouse at ${this.#url}: ${message.trim()}${code === undefined ? "" : ` (${code})`}`;
      throw new StoreError(MEANINGS.get(code ?? "") ?? "database_unavailable", said, { cause });
    }
  }
}
