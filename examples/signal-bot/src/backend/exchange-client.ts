// The way to the exchange: signed market orders over HTTP, and answers that are checked before anybody believes them.
import { parseDecimal } from "../shared/decimal.ts";
import { parseObject } from "../shared/http-body.ts";
import { signText } from "../shared/secret-text.ts";

/** A market order. */
export interface OrderToPlace {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly quantity: string;
}

/** The end of an order. Decimals are text, exact. */
export interface OrderReport {
  readonly status: "filled" | "rejected";
  readonly exchangeOrderId?: string;
  readonly fills: readonly { readonly price: string; readonly quantity: string; readonly fee: string }[];
  readonly reasonCode?: "order_rejected" | "insufficient_balance";
  readonly reason?: string;
  /** The exchange's own number for what went wrong. */
  readonly venueCode?: number;
  readonly httpStatus?: number;
}

/** No end was heard: the order may have been filled, or never have arrived. */
export interface UnknownEnd {
  readonly status: "unknown";
  readonly reason: string;
}

/** Places orders. */
export interface ExchangeClient {
  /** Never rejects. May be called again with the same order: the exchange fills a client order id once and tells its end again. */
  place(order: OrderToPlace): Promise<OrderReport | UnknownEnd>;
}

/** Options of {@link createExchangeClient}. */
export interface ExchangeClientOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const ORDER_PATH = "/openApi/swap/v2/trade/order";
const TIMEOUT_MS = 3_000;
const INSUFFICIENT_MARGIN = 101_204;

/** Makes the client of one account. */
export function createExchangeClient({ url, apiKey, apiSecret }: ExchangeClientOptions): ExchangeClient {
  return {
    async place({ clientOrderId, symbol, side, quantity }) {
      const query = new URLSearchParams({
        ...{ symbol, side, type: "MARKET", quantity, clientOrderID: clientOrderId },
        timestamp: String(Date.now()),
      }).toString();
      try {
        const answer = await fetch(`${url}${ORDER_PATH}?${query}&signature=${signText(query, apiSecret)}`, {
          method: "POST",
          headers: { "X-BX-APIKEY": apiKey },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        return readAnswer(await answer.text(), answer.status);
      } catch (error) {
        return unknown(`no answer: ${(error as Error).name}`);
      }
    },
  };
}

/** Reads what the exchange said; what is not a clear yes or no is no end. */
export function readAnswer(text: string, httpStatus: number): OrderReport | UnknownEnd {
  if (httpStatus >= 500) return unknown(`the exchange answers with status ${httpStatus}`);
  const { code, msg, data } = parseObject(text) ?? {};
  if (typeof code !== "number") return unknown("the answer is not what BingX promises");
  if (code !== 0) {
    const reasonCode = code === INSUFFICIENT_MARGIN ? "insufficient_balance" : "order_rejected";
    return {
      status: "rejected",
      fills: [],
      reasonCode,
      reason: String(msg).slice(0, 200),
      venueCode: code,
      httpStatus,
    };
  }
  const { order } = (data ?? {}) as { order?: { orderId?: unknown; fills?: unknown } };
  const fills = Array.isArray(order?.fills) ? order.fills.map(readFill) : [];
  if (typeof order?.orderId !== "string" || fills.length === 0 || fills.includes(undefined))
    return unknown("the answer does not say what was filled");
  return {
    status: "filled",
    exchangeOrderId: order.orderId,
    fills: fills.filter((fill) => fill !== undefined),
    venueCode: 0,
    httpStatus,
  };
}

function readFill(given: unknown): OrderReport["fills"][number] | undefined {
  const { price, quantity, fee } = (given ?? {}) as Record<string, unknown>;
  const isPositive = (value: unknown): value is string => (parseDecimal(value) ?? 0n) > 0n;
  if (!isPositive(price) || !isPositive(quantity) || typeof fee !== "string") return undefined;
  return parseDecimal(fee) === undefined ? undefined : { price, quantity, fee };
}

function unknown(reason: string): UnknownEnd {
  return { status: "unknown", reason };
}
