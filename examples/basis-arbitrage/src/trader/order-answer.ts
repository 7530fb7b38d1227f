/** Reads what the order endpoints answer: Binance's FULL answer on spot, its RESULT answer on USD-M, and its errors on both. */
import { type RawObject, toAmount, toObject } from "../market/field.ts";
import { divideDown, divideUp, FIXED_ONE, formatFixed, parseFixed } from "../market/fixed-point.ts";
import { venueError } from "./binance-errors.ts";
import type {
  OrderFailure,
  OrderFill,
  OrderOutcome,
  OrderRequest,
  OrderResult,
  OrderStatus,
  TransportFailure,
} from "./order.ts";

const STATUSES: ReadonlySet<unknown> = new Set<OrderStatus>([
  "NEW",
  "PARTIALLY_FILLED",
  "FILLED",
  "CANCELED",
  "REJECTED",
  "EXPIRED",
  "EXPIRED_IN_MATCH",
]);

/** What is needed to put a commission on executions whose answer names none, as the USD-M one does. */
export interface AssumedCommission {
  /** Basis points of the notional, times 1e8. */
  readonly feeBps: bigint;
  readonly asset: string;
}

/**
 * An order's fate from the answer to placing it or to asking for it. Never throws. An answer that contradicts itself, or does not
 * say what was executed, is a failure with unknown outcome: a position must not be built on it.
 */
export function parseOrderAnswer(
  httpStatus: number,
  text: string,
  request: OrderRequest,
  assumed: AssumedCommission,
): OrderOutcome {
  const answer = parseJsonObject(text);
  if (answer !== undefined && typeof answer.code === "number" && typeof answer.msg === "string") {
    return toVenueFailure(answer.code, answer.msg, httpStatus);
  }
  if (httpStatus < 200 || httpStatus > 299) {
    // Without a code of the venue: a proxy, or the venue in trouble. A 4xx never reached the matching engine.
    const outcome = httpStatus >= 500 ? "unknown" : "not_executed";
    return transportFailure(
      "http_error",
      `HTTP ${httpStatus} without an error code: ${quote(text)}`,
      outcome,
      httpStatus,
    );
  }
  const result = answer === undefined ? undefined : toResult(answer, request, assumed);
  return result ?? transportFailure("malformed_answer", `not an order answer: ${quote(text)}`, "unknown", httpStatus);
}

/** A failure on the way. Timeouts and lost connections leave the outcome unknown: the request may have arrived. */
export function transportFailure(
  name: TransportFailure,
  message: string,
  outcome: OrderFailure["outcome"],
  httpStatus?: number,
): OrderFailure {
  return {
    ok: false,
    code: undefined,
    name,
    message,
    httpStatus,
    outcome,
    expected: false,
    reasonCode: "order_failed",
  };
}

function toVenueFailure(code: number, message: string, httpStatus: number): OrderFailure {
  const { name, outcome, expected, reasonCode } = venueError(code, message, httpStatus);
  return { ok: false, code, name, message: message.slice(0, MAX_QUOTE), httpStatus, outcome, expected, reasonCode };
}

function toResult(answer: RawObject, request: OrderRequest, assumed: AssumedCommission): OrderResult | undefined {
  const { status, orderId } = answer;
  const executed = toAmount(answer.executedQty);
  const asked = parseFixed(request.quantity);
  if (!STATUSES.has(status) || executed === undefined || asked === undefined || executed > asked) return undefined;
  if (typeof orderId !== "number" && typeof orderId !== "string") return undefined;
  if (answer.clientOrderId !== request.clientOrderId) return undefined;
  const fills = executed === 0n ? [] : toFills(answer, executed, assumed);
  if (fills === undefined) return undefined;
  return {
    ok: true,
    status: status as OrderStatus,
    executedQuantity: formatFixed(executed),
    averagePrice: executed === 0n ? undefined : formatFixed(divideDown(notionalOf(fills), executed)),
    fills,
    exchangeOrderId: String(orderId),
  };
}

/** The executions one by one where the answer lists them, otherwise one at the average price. */
function toFills(answer: RawObject, executed: bigint, assumed: AssumedCommission): OrderFill[] | undefined {
  if (Array.isArray(answer.fills) && answer.fills.length > 0) {
    const fills: OrderFill[] = [];
    let sum = 0n;
    for (const entry of answer.fills as readonly unknown[]) {
      const fill = toFill(entry);
      if (fill === undefined) return undefined;
      sum += parseFixed(fill.quantity) ?? 0n;
      fills.push(fill);
    }
    return sum === executed ? fills : undefined;
  }
  const price = averagePriceOf(answer, executed);
  if (price === undefined || price <= 0n) return undefined;
  // Rounded up: against the trader, as the venue would.
  const commission = divideUp(price * executed * assumed.feeBps, FIXED_ONE * FIXED_ONE * 10_000n);
  return [
    {
      price: formatFixed(price),
      quantity: formatFixed(executed),
      commission: formatFixed(commission),
      commissionAsset: assumed.asset,
      isCommissionReported: false,
    },
  ];
}

function toFill(entry: unknown): OrderFill | undefined {
  const fill = toObject(entry);
  if (fill === undefined || typeof fill.commissionAsset !== "string") return undefined;
  const price = toAmount(fill.price);
  const quantity = toAmount(fill.qty);
  // A commission may be negative: a rebate.
  const commission = parseFixed(fill.commission);
  if (price === undefined || price === 0n || quantity === undefined || commission === undefined) return undefined;
  return {
    price: formatFixed(price),
    quantity: formatFixed(quantity),
    commission: formatFixed(commission),
    commissionAsset: fill.commissionAsset,
    isCommissionReported: true,
  };
}

/** `avgPrice` on USD-M; on spot, where an order that is asked for lists no fills, the quote volume over the quantity. */
function averagePriceOf(answer: RawObject, executed: bigint): bigint | undefined {
  const average = toAmount(answer.avgPrice);
  if (average !== undefined && average > 0n) return average;
  const quote = toAmount(answer.cummulativeQuoteQty ?? answer.cumQuote);
  return quote === undefined ? undefined : divideDown(quote * FIXED_ONE, executed);
}

function notionalOf(fills: readonly OrderFill[]): bigint {
  let notional = 0n;
  for (const fill of fills) notional += (parseFixed(fill.price) ?? 0n) * (parseFixed(fill.quantity) ?? 0n);
  return notional;
}

function parseJsonObject(text: string): RawObject | undefined {
  try {
    return toObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const MAX_QUOTE = 200;

function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}...` : text);
}
