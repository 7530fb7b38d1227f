/** A new order as its parameters describe it, checked against the symbol's rules, with the errors its market would give. */
import { formatFixed, parseFixed } from "../market/fixed-point.ts";
import type { Side } from "../market/market.ts";
import { type Rejection, rejections } from "./rejection.ts";
import type { SymbolRules } from "./symbol-rules.ts";

/** How much the answer tells; `FULL` lists every fill. */
export type AnswerType = "ACK" | "RESULT" | "FULL";

/** A well-formed order; amounts times 1e8. */
export interface PaperOrder {
  readonly kind: "order";
  readonly rules: SymbolRules;
  readonly side: Side;
  readonly type: "MARKET" | "LIMIT";
  readonly quantity: bigint;
  /** LIMIT only. */
  readonly limitPrice: bigint | undefined;
  /** What is in force: nothing rests on this exchange, so a `GTC` is taken, and answered, as `IOC`. */
  readonly timeInForce: "IOC" | "FOK" | "GTC";
  /** As sent; `undefined` lets the exchange choose one. */
  readonly clientOrderId: string | undefined;
  readonly answerType: AnswerType;
}

type Values = ReadonlyMap<string, string>;

const READ = new Set(
  "symbol side type quantity price timeInForce newClientOrderId newOrderRespType positionSide recvWindow timestamp signature".split(
    " ",
  ),
);
const CLIENT_ORDER_ID = { spot: /^[a-zA-Z0-9-_]{1,36}$/, usdm: /^[.A-Z:/a-z0-9_-]{1,36}$/ } as const;

/** Checks an order's parameters; the first thing wrong is returned as its market words it. Never throws. */
export function parseOrder(values: Values, rules: SymbolRules): PaperOrder | Rejection {
  const read = [...values.keys()].filter((name) => READ.has(name)).length;
  if (read < values.size) return rejections.unread(read, values.size);
  const side = values.get("side");
  if (side === undefined || side === "") return rejections.missing("side");
  if (side !== "BUY" && side !== "SELL") return rejections.badSide;
  const type = values.get("type");
  if (type === undefined || type === "") return rejections.missing("type");
  if (type !== "MARKET" && type !== "LIMIT") return rejections.badOrderType;
  const quantity = parseFixed(values.get("quantity"));
  if (quantity === undefined) return badAmount(values, "quantity");
  const limit = type === "LIMIT" ? parseLimit(values) : noLimit(values);
  if (isRejected(limit)) return limit;
  const wrong = checkRules(rules, quantity, limit.limitPrice) ?? checkDetails(values, rules);
  if (wrong !== undefined) return wrong;
  const answerType = toAnswerType(values.get("newOrderRespType"), rules);
  if (answerType === undefined) return rejections.badValue("newOrderRespType");
  const clientOrderId = values.get("newClientOrderId");
  return {
    kind: "order",
    rules,
    side: side === "BUY" ? "buy" : "sell",
    type,
    quantity,
    ...limit,
    clientOrderId,
    answerType,
  };
}

/** The smallest notional check needs a price: a market order's is known when it reaches the book. */
export function checkNotional(rules: SymbolRules, quantity: bigint, price: bigint): Rejection | undefined {
  if (quantity * price >= rules.minNotional * 100_000_000n) return undefined;
  return rules.market === "spot"
    ? rejections.filter("NOTIONAL")
    : rejections.notionalTooSmall(formatFixed(rules.minNotional));
}

type Limit = Pick<PaperOrder, "limitPrice" | "timeInForce">;

function isRejected(limit: Limit | Rejection): limit is Rejection {
  return "code" in limit;
}

function parseLimit(values: Values): Limit | Rejection {
  const timeInForce = values.get("timeInForce");
  if (timeInForce === undefined || timeInForce === "") return rejections.missing("timeInForce");
  if (timeInForce !== "IOC" && timeInForce !== "FOK" && timeInForce !== "GTC") return rejections.badTimeInForce;
  const limitPrice = parseFixed(values.get("price"));
  if (limitPrice === undefined) return badAmount(values, "price");
  return { limitPrice, timeInForce: timeInForce === "GTC" ? "IOC" : timeInForce };
}

function noLimit(values: Values): Limit | Rejection {
  if (values.has("price")) return rejections.notRequired("price");
  if (values.has("timeInForce")) return rejections.notRequired("timeInForce");
  return { limitPrice: undefined, timeInForce: "GTC" };
}

/** Missing, not a number, or a number finer than eight places: three different answers. */
function badAmount(values: Values, name: string): Rejection {
  const text = values.get(name);
  if (text === undefined || text === "") return rejections.missing(name);
  if (/^\d{1,20}\.\d{9,}$/.test(text)) return rejections.tooPrecise(name);
  return rejections.illegalCharacters(name, "^([0-9]{1,20})(\\.[0-9]{1,20})?$");
}

function checkRules(rules: SymbolRules, quantity: bigint, price: bigint | undefined): Rejection | undefined {
  return rules.market === "spot" ? checkSpot(rules, quantity, price) : checkUsdm(rules, quantity, price);
}

function checkSpot(rules: SymbolRules, quantity: bigint, price: bigint | undefined): Rejection | undefined {
  const { priceTick, quantityStep, maxQuantity } = rules;
  if (quantity < quantityStep || quantity > maxQuantity || quantity % quantityStep !== 0n)
    return rejections.filter("LOT_SIZE");
  if (price === undefined) return undefined;
  if (price < priceTick || price % priceTick !== 0n) return rejections.filter("PRICE_FILTER");
  return checkNotional(rules, quantity, price);
}

function checkUsdm(rules: SymbolRules, quantity: bigint, price: bigint | undefined): Rejection | undefined {
  const { priceTick, quantityStep, maxQuantity } = rules;
  if (quantity <= 0n) return rejections.quantityNotPositive;
  if (quantity > maxQuantity) return rejections.quantityTooLarge;
  if (quantity % quantityStep !== 0n) return rejections.tooPrecise("quantity");
  if (price === undefined) return undefined;
  if (price < priceTick || price % priceTick !== 0n) return rejections.offTick;
  return checkNotional(rules, quantity, price);
}

function checkDetails(values: Values, { market }: SymbolRules): Rejection | undefined {
  const id = values.get("newClientOrderId");
  const pattern = CLIENT_ORDER_ID[market];
  if (id !== undefined && !pattern.test(id)) return rejections.illegalCharacters("newClientOrderId", pattern.source);
  const positionSide = values.get("positionSide");
  if (positionSide === undefined) return undefined;
  if (market === "spot") return rejections.unread(values.size - 1, values.size);
  return positionSide === "BOTH" ? undefined : rejections.positionSide;
}

function toAnswerType(text: string | undefined, { market }: SymbolRules): AnswerType | undefined {
  // USD-M's own default is ACK, which says nothing of the fill and needs a second request that this exchange has not got.
  if (text === undefined) return market === "spot" ? "FULL" : "RESULT";
  if (text === "ACK" || text === "RESULT") return text;
  return text === "FULL" && market === "spot" ? text : undefined;
}
