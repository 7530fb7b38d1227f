// The order book of record of the paper exchange: orders are filled at the market, or refused, and never told differently.
import { formatDecimal, multiplyUp, parseDecimal } from "../shared/decimal.ts";
import { isInstrument } from "../shared/symbols.ts";
import type { PriceWalk } from "./price-walk.ts";

/** A part of an order that was filled. All decimals are text, exact. */
export interface PaperFill {
  readonly price: string;
  readonly quantity: string;
  /** In the quote currency. */
  readonly fee: string;
}

/** An order as the exchange answers with it. */
export interface PaperOrder {
  readonly orderId: string;
  readonly clientOrderID: string;
  readonly symbol: string;
  readonly side: string;
  readonly status: "FILLED";
  readonly executedQty: string;
  readonly fills: readonly PaperFill[];
}

/** What an order gets. `code` as BingX numbers it, 0 for a filled one. */
export type PaperAnswer =
  | { readonly code: 0; readonly order: PaperOrder }
  | { readonly code: number; readonly message: string };

/** Where orders are placed. */
export interface PaperOrders {
  /** Fills or refuses; the same client order id always gets the same answer. */
  place(parameters: URLSearchParams): PaperAnswer;
  readonly counts: { filled: number; rejected: number };
}

/** Options of {@link createPaperOrders}. */
export interface PaperOrdersOptions {
  readonly prices: PriceWalk;
  readonly random: () => number;
  /** Of 100 orders, how many are refused for want of margin. */
  readonly rejectPercent: number;
}

/** 0.05 %, the taker fee of BingX perpetuals. */
const FEE_RATE = parseDecimal("0.0005") ?? 0n;
const MAX_ORDERS = 10_000;

/** Makes an empty desk. */
export function createPaperOrders({ prices, random, rejectPercent }: PaperOrdersOptions): PaperOrders {
  const answers = new Map<string, PaperAnswer>();
  const counts = { filled: 0, rejected: 0 };
  let lastId = 1_700_000_000;
  const decide = (parameters: URLSearchParams): PaperAnswer => {
    const symbol = parameters.get("symbol");
    const side = parameters.get("side") ?? "";
    const quantity = parseDecimal(parameters.get("quantity"));
    if (!isInstrument(symbol)) return { code: 109_425, message: "this instrument does not exist" };
    if ((side !== "BUY" && side !== "SELL") || quantity === undefined || quantity <= 0n)
      return { code: 109_400, message: "a parameter is missing or wrong" };
    if (random() * 100 < rejectPercent) return { code: 101_204, message: "the margin is not sufficient" };
    // A market order now and then takes two levels of the book.
    const first = random() < 0.3 ? quantity / 2n : quantity;
    const parts = [first, quantity - first].filter((part) => part > 0n);
    lastId++;
    return {
      code: 0,
      order: {
        orderId: String(lastId),
        clientOrderID: parameters.get("clientOrderID") ?? "",
        symbol,
        side,
        status: "FILLED",
        executedQty: formatDecimal(quantity),
        fills: parts.map((part) => fill(prices.price(symbol), part)),
      },
    };
  };
  return {
    counts,
    place(parameters) {
      const id = parameters.get("clientOrderID") ?? "";
      const known = answers.get(id);
      if (known !== undefined) return known;
      const answer = decide(parameters);
      counts[answer.code === 0 ? "filled" : "rejected"]++;
      answers.set(id, answer);
      if (answers.size > MAX_ORDERS) answers.delete(answers.keys().next().value as string);
      return answer;
    },
  };
}

function fill(price: string, quantity: bigint): PaperFill {
  const notional = multiplyUp(parseDecimal(price) ?? 0n, quantity);
  return { price, quantity: formatDecimal(quantity), fee: formatDecimal(multiplyUp(notional, FEE_RATE)) };
}
