/** The parameters of an order request by name, and Binance's answer to it. */

/** Parameters as sent; an empty text for one that was not. */
export type PlacedParameters = Readonly<Record<string, string>>;

/** Reads a query string or form body. */
export function readPlaced(text: string): PlacedParameters {
  return Object.fromEntries(new URLSearchParams(text));
}

/** The FULL answer to an order: executed as far as said, in one fill, at a price. */
export function filledAnswer(placed: PlacedParameters, price: string, executed = placed["quantity"] ?? "0"): string {
  const isWhole = executed === placed["quantity"];
  return JSON.stringify({
    symbol: placed["symbol"],
    orderId: 4711,
    clientOrderId: placed["newClientOrderId"] ?? placed["origClientOrderId"],
    status: isWhole ? "FILLED" : "EXPIRED",
    executedQty: executed,
    fills: Number(executed) === 0 ? [] : [{ price, qty: executed, commission: "0.01", commissionAsset: "USDT" }],
  });
}
