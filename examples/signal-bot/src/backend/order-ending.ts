// The end of an order in PostgreSQL: its status, its fills and the outcome of its signal, all of it or nothing.
import type { Pool, PoolClient } from "pg";
import type { OrderReport } from "./exchange-client.ts";

/** Whose order it is, by both names. */
export interface OrderIds {
  readonly signalId: string;
  readonly clientOrderId: string;
}

/** Keeps the end of an order that is `requested`; nothing for one that has ended. Rejects when it is not known to be kept. */
export async function endOrder(pool: Pick<Pool, "connect">, ids: OrderIds, report: OrderReport): Promise<void> {
  const client = await pool.connect();
  // A connection that breaks tells its owner by an event, beside the query it fails; nobody listening would end the process.
  const onError = (): void => {};
  client.on("error", onError);
  try {
    await client.query("begin");
    await writeEnd(client, ids, report);
    await client.query("commit");
  } catch (error) {
    // The connection is thrown away with whatever transaction is open on it, and may break once more.
    client.release(error as Error);
    throw error;
  }
  client.off("error", onError);
  client.release();
}

async function writeEnd(client: PoolClient, { signalId, clientOrderId }: OrderIds, report: OrderReport): Promise<void> {
  const { status, exchangeOrderId = null, reasonCode = null, fills } = report;
  const { rows } = await client.query<{ id: string; symbol: string; side: string }>(
    `update orders set status = $2, exchange_order_id = $3, reason_code = $4, ended_at = now()
     where client_order_id = $1 and status = 'requested' returning id, symbol, side`,
    [clientOrderId, status, exchangeOrderId, reasonCode],
  );
  const order = rows[0];
  if (order === undefined) return;
  for (const { quantity, price, fee } of fills)
    await client.query(
      "insert into fills (order_id, symbol, side, quantity, price, fee) values ($1, $2, $3, $4, $5, $6)",
      [order.id, order.symbol, order.side, quantity, price, fee],
    );
  await client.query("update signals set outcome = $2 where id = $1 and outcome is null", [
    signalId,
    reasonCode ?? "order_submitted",
  ]);
}
