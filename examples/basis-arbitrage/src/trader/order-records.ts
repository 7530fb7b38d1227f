/** Orders on the record: the request before it leaves, what became of it, and the money it moved. */
import { tradingEvents, tradingMetrics } from "@tracebook/node";
import type { Market } from "../market/market.ts";
import { toPair } from "../market/symbol.ts";
import type { OrderRole } from "./execution.ts";
import type { OrderOutcome, OrderRequest } from "./order.ts";

const VENUES: Readonly<Record<Market, string>> = { spot: "binance-spot", usdm: "binance-usdm" };

/** To be called in the same turn in which the order leaves: when it returns, the operating system has the record. */
export function recordOrderRequest(request: OrderRequest, role: OrderRole): void {
  tradingEvents.orderRequest.emit({
    client_order_id: request.clientOrderId,
    symbol: toPair(request.symbol),
    venue: VENUES[request.market],
    side: request.side,
    order_type: request.type,
    quantity: request.quantity,
    ...(request.limitPrice === undefined ? undefined : { price: request.limitPrice }),
    role,
    dry_run: true,
  });
}

/** What became of an order: the record, the lifecycle counter, fills into notional value and realised P&L. */
export function recordOrderOutcome(request: OrderRequest, outcome: OrderOutcome, role: OrderRole): void {
  const symbol = toPair(request.symbol);
  const base = { client_order_id: request.clientOrderId, symbol, venue: VENUES[request.market], role };
  if (!outcome.ok) {
    tradingEvents.orderResult.emit({
      ...base,
      status: outcome.outcome === "unknown" ? "UNKNOWN" : "REJECTED",
      reason_code: outcome.reasonCode,
      reason: outcome.message,
      venue_code: outcome.code,
      http_status: outcome.httpStatus,
      expected: outcome.expected,
    });
    return;
  }
  tradingEvents.orderResult.emit({
    ...base,
    status: outcome.status,
    exchange_order_id: outcome.exchangeOrderId,
    filled_quantity: outcome.executedQuantity,
    ...(outcome.averagePrice === undefined ? undefined : { average_price: outcome.averagePrice }),
    fills: outcome.fills.map(({ price, quantity, commission, commissionAsset }) => ({
      price,
      quantity,
      fee: commission,
      fee_asset: commissionAsset,
    })),
  });
  for (const fill of outcome.fills) {
    tradingMetrics.recordFill({
      symbol: `${symbol}:${request.market}`,
      side: request.side,
      price: fill.price,
      quantity: fill.quantity,
    });
    tradingMetrics.trades.add(1, { bot_id: "basis", symbol, side: request.side, status: "filled" });
  }
}
