// An order on its way: on the record before it leaves, asked for until its end is known, its fills counted once.
import { decisions, type Verdict } from "@tracebook/node";
import type { OrderReport } from "./exchange-client.ts";
import type { Handling } from "./handling.ts";
import { HopelessSignal } from "./hopeless-signal.ts";
import { type OrderFacts, recordFills, recordReport, recordRequest, tellOfOrder } from "./order-records.ts";

const MAX_SILENCES = 5;

/**
 * Places an order that the database has as `requested`, perhaps not for the first time. Rejects when its end is not known: it is to
 * be asked for again, under the same id, which the exchange fills once.
 */
export async function placeOrder(handling: Handling, clientOrderId: string): Promise<void> {
  const { database, flow, signalId, attempt } = handling;
  const order = factsOf(handling, clientOrderId);
  flow.setAttribute("trading.client_order_id", clientOrderId);
  // Without a verdict it is an earlier process that judged, and recorded.
  if (attempt.verdict !== undefined && !attempt.isRecorded) recordAccept(handling, order, attempt.verdict);
  flow.mark("order_recorded");
  if (attempt.report === undefined) {
    attempt.report = await askExchange(handling, order);
    flow.mark("order_answered");
    recordReport(order, attempt.report);
  }
  await database.endOrder({ signalId, clientOrderId }, attempt.report);
  settleOrder(handling, clientOrderId, attempt.report);
}

/** Counts an order whose end is in the database, and what it moved. */
export function settleOrder(handling: Handling, clientOrderId: string, report: OrderReport): void {
  const { positions, log, counts, flow } = handling;
  const order = factsOf(handling, clientOrderId);
  flow.mark("fills_stored");
  counts.orders[report.status]++;
  tellOfOrder(log, flow, order, report);
  const { symbol, side } = order;
  const fills = report.fills.map((fill) => ({ symbol, side, ...fill }));
  for (const fill of fills) positions.apply(fill);
  recordFills(fills);
}

function recordAccept({ counts, signal, attempt }: Handling, order: OrderFacts, verdict: Verdict): void {
  attempt.isRecorded = true;
  counts.accepted++;
  decisions.record(verdict, { strategy: signal.strategy });
  recordRequest(order);
}

async function askExchange({ exchange, attempt }: Handling, order: OrderFacts): Promise<OrderReport> {
  const { client_order_id: clientOrderId, symbol, side, quantity } = order;
  const answer = await exchange.place({ clientOrderId, symbol, side, quantity });
  if (answer.status !== "unknown") return answer;
  attempt.silences++;
  if (attempt.silences < MAX_SILENCES)
    throw new Error(`the end of order ${clientOrderId} is not known: ${answer.reason}`);
  throw new HopelessSignal(
    `the end of order ${clientOrderId} is not known after ${MAX_SILENCES} requests (${answer.reason}): ` +
      "look at the exchange; the next start asks once more",
  );
}

function factsOf({ signal }: Handling, clientOrderId: string): OrderFacts {
  const { symbol, action, quantity } = signal;
  const side = action === "buy" ? "BUY" : "SELL";
  return { client_order_id: clientOrderId, symbol, side, quantity, venue: "bingx-paper" };
}
