// What is kept in PostgreSQL: signals, orders, fills. Decimals are NUMERIC there and text here.
import pg from "pg";
import type { OrderReport } from "./exchange-client.ts";
import type { Signal } from "./signal.ts";

/** A fill as it is kept. */
export interface StoredFill {
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
}

/** The states of an order that are kept. */
export type OrderStatus = "requested" | "filled" | "rejected" | "failed";

/** The tables. Every call rejects when PostgreSQL does not answer. */
export interface Database {
  /** The number of the new signal; undefined for one that is here already. */
  addSignal(signal: Signal): Promise<string | undefined>;
  /** Forgets a signal that could not be queued, so that its sender can send it again. */
  removeSignal(signalId: string): Promise<void>;
  /** What the signal came to: a reason code. */
  setOutcome(signalId: string, outcome: string): Promise<void>;
  /** False when the signal has an order that is over; true for a new one, and for one whose end nobody has heard of. */
  addOrder(signalId: string, clientOrderId: string, signal: Signal): Promise<boolean>;
  /** The end of an order, with its fills, in one transaction. */
  endOrder(clientOrderId: string, status: OrderStatus, report: OrderReport): Promise<void>;
  /** All fills so far, oldest first. */
  fills(): Promise<StoredFill[]>;
  /** The last orders of a symbol, newest first. */
  ordersOf(symbol: string, limit: number): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const TABLES = `
  create table if not exists signals (
    id bigint generated always as identity primary key,
    alert_id text not null unique, source text not null, strategy text not null, symbol text not null, action text not null,
    quantity numeric not null, price numeric not null, outcome text, received_at timestamptz not null default now());
  create table if not exists orders (
    id bigint generated always as identity primary key,
    signal_id bigint not null unique references signals, client_order_id text not null unique, exchange_order_id text,
    symbol text not null, side text not null, quantity numeric not null, status text not null, reason_code text,
    created_at timestamptz not null default now(), ended_at timestamptz);
  create table if not exists fills (
    id bigint generated always as identity primary key,
    order_id bigint not null references orders, symbol text not null, side text not null,
    quantity numeric not null, price numeric not null, fee numeric not null, filled_at timestamptz not null default now());`;

/** Connects, and makes the tables in a schema of their own where they are missing. Rejects when PostgreSQL cannot be had. */
export async function openDatabase(url: string, onError: (error: Error) => void): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    options: "-c search_path=signal_bot",
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks while it is idle; without a listener it would end the process.
  pool.on("error", onError);
  await pool.query("create schema if not exists signal_bot").catch(async (error: NodeJS.ErrnoException) => {
    await pool.end();
    // Its message may be empty, or hold more of the connection string than anybody should see.
    throw new Error(`PostgreSQL cannot be used: ${error.code ?? error.name}`);
  });
  await pool.query(TABLES);
  return {
    async addSignal({ alertId, source, strategy, symbol, action, quantity, price }) {
      const { rows } = await pool.query<{ id: string }>(
        `insert into signals (alert_id, source, strategy, symbol, action, quantity, price)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (alert_id) do nothing returning id`,
        [alertId, source, strategy, symbol, action, quantity, price],
      );
      return rows[0]?.id;
    },
    async removeSignal(signalId) {
      await pool.query("delete from signals where id = $1", [signalId]);
    },
    async setOutcome(signalId, outcome) {
      await pool.query("update signals set outcome = $2 where id = $1", [signalId, outcome]);
    },
    async addOrder(signalId, clientOrderId, { symbol, action, quantity }) {
      const { rowCount } = await pool.query(
        `insert into orders (signal_id, client_order_id, symbol, side, quantity, status)
         values ($1, $2, $3, $4, $5, 'requested')
         on conflict (signal_id) do update set status = orders.status where orders.status = 'requested'`,
        [signalId, clientOrderId, symbol, action.toUpperCase(), quantity],
      );
      return rowCount === 1;
    },
    endOrder: (clientOrderId, status, report) => endOrder(pool, clientOrderId, status, report),
    async fills() {
      const { rows } = await pool.query<StoredFill>("select symbol, side, quantity, price, fee from fills order by id");
      return rows;
    },
    async ordersOf(symbol, limit) {
      const { rows } = await pool.query<Record<string, unknown>>(
        "select client_order_id, side, quantity, status, reason_code from orders where symbol = $1 order by id desc limit $2",
        [symbol, limit],
      );
      return rows;
    },
    close: () => pool.end(),
  };
}

async function endOrder(pool: pg.Pool, clientOrderId: string, status: OrderStatus, report: OrderReport): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ id: string; symbol: string; side: string }>(
      `update orders set status = $2, exchange_order_id = $3, reason_code = $4, ended_at = now()
       where client_order_id = $1 and status = 'requested' returning id, symbol, side`,
      [clientOrderId, status, report.exchangeOrderId ?? null, report.reasonCode ?? null],
    );
    const order = rows[0];
    for (const { quantity, price, fee } of order === undefined ? [] : report.fills)
      await client.query(
        "insert into fills (order_id, symbol, side, quantity, price, fee) values ($1, $2, $3, $4, $5, $6)",
        [order?.id, order?.symbol, order?.side, quantity, price, fee],
      );
    await client.query("commit");
    client.release();
  } catch (error) {
    // The connection is thrown away with whatever transaction is open on it.
    client.release(error as Error);
    throw error;
  }
}
