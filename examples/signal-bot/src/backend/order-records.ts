// What is put on the record of an order: its request, its end, its fills.
import { type Flow, tradingEvents, tradingMetrics } from "@tracebook/node";
import type { Logger } from "pino";
import type { StoredFill } from "./database.ts";
import type { OrderReport } from "./exchange-client.ts";

/** An order as its records name it. */
export interface OrderFacts {
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly quantity: string;
  readonly venue: string;
}

const BOT_ID = "signal-bot";

/** When this returns, the operating system has the record: before the order can leave. */
export function recordRequest(order: OrderFacts): void {
  tradingEvents.orderRequest.emit({ ...order, order_type: "MARKET", dry_run: true });
}

/** What the exchange said. */
export function recordReport(order: OrderFacts, report: OrderReport): void {
  const { status, fills, exchangeOrderId, reasonCode, reason, venueCode } = report;
  tradingEvents.orderResult.emit({
    ...order,
    status,
    ...(exchangeOrderId === undefined ? undefined : { exchange_order_id: exchangeOrderId }),
    ...(fills.length === 0 ? undefined : { fills }),
    ...(reasonCode === undefined ? undefined : { reason_code: reasonCode }),
    ...(reason === undefined ? undefined : { reason }),
    ...(venueCode === undefined ? undefined : { venue_code: venueCode }),
  });
  const { symbol, side } = order;
  tradingMetrics.trades.add(1, { bot_id: BOT_ID, symbol, side: side.toLowerCase(), status });
}

/** The end of an order on its flow and in the log. */
export function tellOfOrder(log: Logger, flow: Flow, order: OrderFacts, report: OrderReport): void {
  const { status, exchangeOrderId, httpStatus, reasonCode, reason } = report;
  if (exchangeOrderId !== undefined) flow.setAttribute("trading.exchange_order_id", exchangeOrderId);
  if (httpStatus !== undefined) flow.setAttribute("http.response.status_code", httpStatus);
  flow.setAttribute("trading.order_status", status);
  const facts = { ...order, exchange_order_id: exchangeOrderId, status, reason_code: reasonCode };
  if (status === "filled") log.info(facts, "order filled");
  else log.warn(facts, `order ${status}: ${reason}`);
  flow.stop(reasonCode ?? "order_submitted", reason);
}

/** Fills into the notional value and the realised P&L; also those of earlier runs at the start, so that both go on where they were. */
export function recordFills(fills: readonly StoredFill[]): void {
  for (const fill of fills) tradingMetrics.recordFill(fill);
  for (const symbol of new Set(fills.map((fill) => fill.symbol))) {
    const position = tradingMetrics.position(symbol);
    if (position === undefined) continue;
    tradingMetrics.botPnl.set(position.realisedPnl, { bot_id: BOT_ID, symbol });
    tradingMetrics.portfolioPositions.set(position.quantity === "0" ? 0 : 1, { symbol });
  }
}
