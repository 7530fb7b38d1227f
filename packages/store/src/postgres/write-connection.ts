// The connection of a writer: opened when it is needed, and thrown away when anything is wrong with it.
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type ConnectionPlan, connect, type StoreClient } from "./connection.ts";
import { sqlStateOf } from "./postgres-errors.ts";
import type { SqlClient, SqlRow, SqlValue } from "./sql-client.ts";

/** One connection, for one user at a time: a transaction is several calls. */
export class WriteConnection implements SqlClient {
  readonly #plan: ConnectionPlan;
  readonly #setup: string;
  #client: StoreClient | undefined;

  /** `setup` are statements that each new connection begins with. */
  constructor(plan: ConnectionPlan, setup: string) {
    this.#plan = plan;
    this.#setup = setup;
  }

  async rows<Row extends SqlRow>(sql: string, params: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return this.#use(async (client) => (await client.query<Row>(sql, params as SqlValue[])).rows);
  }

  /** The rows of each of several statements, which are one message: the server does not wait for this side between them. */
  async each(sql: string): Promise<readonly (readonly SqlRow[])[]> {
    return this.#use(async (client) => {
      const results = (await client.query(sql)) as unknown as readonly pg.QueryResult[];
      return results.map(({ rows }) => rows as SqlRow[]);
    });
  }

  /** Copies rows, in the text format. */
  async copy(sql: string, text: string): Promise<void> {
    await this.#use(async (client) => {
      const stream = client.query(copyFrom(sql));
      // The timeouts of `pg` are of its own queries.
      const timer = setTimeout(() => void this.close(), this.#plan.statementTimeoutMs);
      try {
        await new Promise<void>((resolve, reject) => {
          stream.on("finish", resolve);
          stream.on("error", reject);
          stream.end(text);
        });
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** Ends a transaction that has failed, and the connection where that cannot be done. */
  async rollBack(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    await client.query("ROLLBACK").catch(() => this.close());
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await client.abandon();
  }

  async #use<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.#ready();
    try {
      return await work(client);
    } catch (error) {
      // What the server says leaves the connection as it was; anything else, a timeout for one, leaves nobody knows what.
      if (sqlStateOf(error) === undefined) await this.close();
      throw error;
    }
  }

  async #ready(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const client = await connect(this.#plan);
    const forget = () => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on("error", forget);
    client.on("end", forget);
    try {
      await client.query(this.#setup);
    } catch (error) {
      await client.abandon();
      throw error;
    }
    this.#client = client;
    return client;
  }
}
