/** How Binance words what became of an order, in answer to placing it and to asking for it. */
import { FIXED_ONE, padFixed } from "../market/fixed-point.ts";
import type { Execution, Fill, OrderIds } from "./execution.ts";
import type { PlacedOrder } from "./order-ledger.ts";
import type { PaperOrder } from "./paper-order.ts";

type Body = Readonly<Record<string, unknown>>;

/** The JSON body that answers a new order: spot's `ACK`, `RESULT` and `FULL`, USD-M's `ACK` and `RESULT`. */
export function toAnswer({ order, execution, ids }: PlacedOrder): Body {
  const { totals } = execution;
  if (order.rules.market === "spot") {
    const { symbol } = order.rules;
    const { orderId, clientOrderId, transactTimeMs } = ids;
    if (order.answerType === "ACK") {
      return { symbol, orderId, orderListId: -1, clientOrderId, transactTime: transactTimeMs };
    }
    const result = { ...spotState(order, execution, ids), transactTime: transactTimeMs, workingTime: transactTimeMs };
    if (order.answerType === "RESULT") return result;
    return { ...result, fills: toFills(order, execution.fills, totals.commissionAsset) };
  }
  if (order.answerType === "ACK") {
    const untold = { ...execution, totals: { ...totals, quantity: 0n, notional: 0n } };
    return { ...usdmState(order, untold, ids), status: "NEW", updateTime: ids.transactTimeMs };
  }
  // USD-M proper leaves fills to the user data stream; here they come along, since there is no such stream.
  const fills = toFills(order, execution.fills, totals.commissionAsset);
  const times = { updateTime: ids.transactTimeMs, transactTime: ids.transactTimeMs };
  return { ...usdmState(order, execution, ids), ...times, fills };
}

/** The JSON body that answers a question about an order: no fills, but when it came in. */
export function toQueryAnswer({ order, execution, ids }: PlacedOrder): Body {
  const times = { time: ids.transactTimeMs, updateTime: ids.transactTimeMs };
  if (order.rules.market === "usdm") return { ...usdmState(order, execution, ids), ...times };
  return {
    ...spotState(order, execution, ids),
    ...times,
    stopPrice: "0.00000000",
    icebergQty: "0.00000000",
    isWorking: true,
    workingTime: ids.transactTimeMs,
  };
}

function spotState(order: PaperOrder, { totals, status }: Execution, ids: OrderIds): Body {
  return {
    symbol: order.rules.symbol,
    orderId: ids.orderId,
    orderListId: -1,
    clientOrderId: ids.clientOrderId,
    price: padFixed(order.limitPrice ?? 0n, 8),
    origQty: padFixed(order.quantity, 8),
    executedQty: padFixed(totals.quantity, 8),
    origQuoteOrderQty: "0.00000000",
    cummulativeQuoteQty: padFixed(totals.notional / FIXED_ONE, 8),
    status,
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side.toUpperCase(),
    selfTradePreventionMode: "EXPIRE_MAKER",
  };
}

function usdmState(order: PaperOrder, { totals, status }: Execution, ids: OrderIds): Body {
  const { pricePlaces, quantityPlaces, symbol } = order.rules;
  return {
    orderId: ids.orderId,
    symbol,
    status,
    clientOrderId: ids.clientOrderId,
    price: padFixed(order.limitPrice ?? 0n, pricePlaces),
    avgPrice: padFixed(totals.quantity === 0n ? 0n : totals.notional / totals.quantity, 5),
    origQty: padFixed(order.quantity, quantityPlaces),
    executedQty: padFixed(totals.quantity, quantityPlaces),
    cumQty: padFixed(totals.quantity, quantityPlaces),
    cumQuote: padFixed(totals.notional / FIXED_ONE, 5),
    timeInForce: order.timeInForce,
    type: order.type,
    reduceOnly: false,
    closePosition: false,
    side: order.side.toUpperCase(),
    positionSide: "BOTH",
    stopPrice: "0",
    workingType: "CONTRACT_PRICE",
    priceProtect: false,
    origType: order.type,
  };
}

function toFills(order: PaperOrder, fills: readonly Fill[], commissionAsset: string): readonly Body[] {
  return fills.map(({ price, size, commission, tradeId }) => ({
    price: padFixed(price, order.rules.pricePlaces),
    qty: padFixed(size, order.rules.quantityPlaces),
    commission: padFixed(commission, 8),
    commissionAsset,
    tradeId,
  }));
}
