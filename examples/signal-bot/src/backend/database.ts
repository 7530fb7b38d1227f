// What is kept in PostgreSQL: signals, orders, fills. Decimals are NUMERIC there and text here.
import type { Pool } from "pg";
import type { OrderReport } from "./exchange-client.ts";
import { endOrder, type OrderIds } from "./order-ending.ts";
import type { Signal } from "./signal.ts";
import { SIGNAL_COLUMNS, type SignalRow, toSignal } from "./signal-row.ts";

/** A fill as it is kept. */
export interface StoredFill {
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
}

/** A signal as it is kept: the first of its alert id, whatever came under the same id later. */
export interface StoredSignal {
  readonly signalId: string;
  readonly signal: Signal;
  /** What it came to, a reason code; undefined as long as nobody knows. */
  readonly outcome: string | undefined;
}

/** How far a signal has come. */
export interface SignalState {
  readonly outcome: string | undefined;
  /** `requested`: under way, or its end was not heard. Any other status is an end. */
  readonly order: { readonly clientOrderId: string; readonly status: string; readonly reasonCode?: string } | undefined;
}

/** The tables. Every call rejects when PostgreSQL does not answer. */
export interface Database {
  /** Keeps a signal unless one of its alert id is here already; returns what is kept. */
  addSignal(signal: Signal): Promise<StoredSignal & { readonly isNew: boolean }>;
  /** All signals that nothing has come of yet, oldest first. */
  unfinishedSignals(): Promise<StoredSignal[]>;
  /** Undefined when there is no such signal: the number is that of another database. */
  stateOf(signalId: string, alertId: string): Promise<SignalState | undefined>;
  /** What a signal came to, once and for all: later calls change nothing. */
  setOutcome(signalId: string, outcome: string): Promise<void>;
  /** Keeps that an order is about to leave. */
  addOrder(ids: OrderIds, signal: Signal): Promise<void>;
  /** The end of an order, with its fills and the outcome of its signal, in one transaction. Nothing the second time. */
  endOrder(ids: OrderIds, report: OrderReport): Promise<void>;
  /** All fills so far, oldest first. */
  fills(): Promise<StoredFill[]>;
  /** The last orders of a symbol, newest first. */
  ordersOf(symbol: string, limit: number): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** The part of the driver that is used. */
export type DatabasePool = Pick<Pool, "query" | "connect" | "end">;

/** The tables behind a pool of connections. */
export function createDatabase(pool: DatabasePool): Database {
  return {
    addSignal: (signal) => addSignal(pool, signal),
    async unfinishedSignals() {
      const sql = `select ${SIGNAL_COLUMNS} from signals where outcome is null order by id`;
      return (await pool.query<SignalRow>(sql)).rows.map(toStored);
    },
    stateOf: (signalId, alertId) => stateOf(pool, signalId, alertId),
    async setOutcome(signalId, outcome) {
      await pool.query("update signals set outcome = $2 where id = $1 and outcome is null", [signalId, outcome]);
    },
    async addOrder({ signalId, clientOrderId }, { symbol, action, quantity }) {
      await pool.query(
        `insert into orders (signal_id, client_order_id, symbol, side, quantity, status)
         values ($1, $2, $3, $4, $5, 'requested')`,
        [signalId, clientOrderId, symbol, action.toUpperCase(), quantity],
      );
    },
    endOrder: (ids, report) => endOrder(pool, ids, report),
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

async function addSignal(pool: DatabasePool, signal: Signal): Promise<StoredSignal & { readonly isNew: boolean }> {
  const { alertId, source, strategy, symbol, action, quantity, price, sentEpochMs } = signal;
  const { rows } = await pool.query<{ id: string }>(
    `insert into signals (alert_id, source, strategy, symbol, action, quantity, price, sent_epoch_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (alert_id) do nothing returning id`,
    [alertId, source, strategy, symbol, action, quantity, price, sentEpochMs],
  );
  if (rows[0] !== undefined) return { signalId: rows[0].id, signal, outcome: undefined, isNew: true };
  const known = await pool.query<SignalRow>(`select ${SIGNAL_COLUMNS} from signals where alert_id = $1`, [alertId]);
  if (known.rows[0] === undefined) throw new Error("a signal has gone from its table");
  return { ...toStored(known.rows[0]), isNew: false };
}

interface StateRow {
  readonly outcome: string | null;
  readonly client_order_id: string | null;
  readonly status: string | null;
  readonly reason_code: string | null;
}

async function stateOf(pool: DatabasePool, signalId: string, alertId: string): Promise<SignalState | undefined> {
  const { rows } = await pool.query<StateRow>(
    `select signals.outcome, orders.client_order_id, orders.status, orders.reason_code
     from signals left join orders on orders.signal_id = signals.id where signals.id = $1 and signals.alert_id = $2`,
    [signalId, alertId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { outcome, client_order_id: clientOrderId, status, reason_code: reasonCode } = row;
  const order =
    clientOrderId === null || status === null
      ? undefined
      : { clientOrderId, status, ...(reasonCode === null ? undefined : { reasonCode }) };
  return { outcome: outcome ?? undefined, order };
}

function toStored(row: SignalRow): StoredSignal {
  return { signalId: row.id, signal: toSignal(row), outcome: row.outcome ?? undefined };
}
