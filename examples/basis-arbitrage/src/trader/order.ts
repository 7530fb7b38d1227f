/** An order as the trader sends it, and everything that can become of it. Prices and quantities are exact decimal strings. */
import type { Market, Side } from "../market/market.ts";
import type { VenueError } from "./binance-errors.ts";

/** An order before it leaves. */
export interface OrderRequest {
  readonly market: Market;
  /** As Binance writes it: `BTCUSDT`. */
  readonly symbol: string;
  readonly side: Side;
  /** `limit` is sent as immediate-or-cancel: this trader never rests in a book. */
  readonly type: "market" | "limit";
  /** `"0.05"`. */
  readonly quantity: string;
  /** For `limit` orders: the worst price accepted. */
  readonly limitPrice?: string;
  /** Chosen here, so that the order can be found again when its answer is lost; at most 36 letters, digits, `-` and `_`. */
  readonly clientOrderId: string;
}

/** One execution. */
export interface OrderFill {
  readonly price: string;
  readonly quantity: string;
  readonly commission: string;
  readonly commissionAsset: string;
  /** False when the venue's answer names no commission and the trader's own fee rate was applied. */
  readonly isCommissionReported: boolean;
}

/** Binance's order states that an immediate order can end in, and those that it passes. */
export type OrderStatus =
  | "NEW"
  | "PARTIALLY_FILLED"
  | "FILLED"
  | "CANCELED"
  | "REJECTED"
  | "EXPIRED"
  | "EXPIRED_IN_MATCH";

/** An order the venue took. `executedQuantity` may be below the quantity asked for, and `"0"`. */
export interface OrderResult {
  readonly ok: true;
  readonly status: OrderStatus;
  readonly executedQuantity: string;
  /** Rounded to eight places for the record; the exact notional is the sum over `fills`. `undefined` when nothing was executed. */
  readonly averagePrice: string | undefined;
  readonly fills: readonly OrderFill[];
  readonly exchangeOrderId: string;
}

/** Failures that are not the venue's refusal but the way there and back. */
export type TransportFailure = "timeout" | "network" | "http_error" | "malformed_answer";

/** An order that was refused, or whose fate is not known. */
export interface OrderFailure {
  readonly ok: false;
  /** Binance's code, as -2010; `undefined` for failures of transport. */
  readonly code: number | undefined;
  /** Binance's name of the code, or the kind of transport failure. */
  readonly name: string;
  readonly message: string;
  readonly httpStatus: number | undefined;
  /** `unknown`: it may have been executed. Ask with `findOrder` before trading on. */
  readonly outcome: "not_executed" | "unknown";
  /** True for refusals of normal trading, which are no reason for an alert. */
  readonly expected: boolean;
  readonly reasonCode: VenueError["reasonCode"];
}

/** What became of an order. */
export type OrderOutcome = OrderResult | OrderFailure;
