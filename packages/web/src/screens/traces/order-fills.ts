// What became of an order in numbers: quantities, money and fees, added up exactly, and whether the record agrees with itself.
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  formatDecimal,
  subtractDecimals,
  toDecimal,
} from "@tracebook/decisions";
import type { StoredEvent } from "../../api/client.ts";

/** A fill as it was recorded: texts as they are, `–` is undefined. */
export interface Fill {
  readonly quantity: string | undefined;
  readonly price: string | undefined;
  readonly fee: string | undefined;
  readonly feeAsset: string | undefined;
  readonly id: string | undefined;
}

/** The sums of an order. */
export interface OrderSums {
  /** As the last request asked for. */
  readonly requested: string | undefined;
  /** Of all fills; undefined without fills that can be read. */
  readonly filled: string | undefined;
  /** `filled_quantity` of the last result that has one. */
  readonly reported: string | undefined;
  /** True when the sum of the fills is what was reported; undefined when there is nothing to compare. */
  readonly agrees: boolean | undefined;
  /** `requested` minus what was filled, by the report where there is one. */
  readonly remaining: string | undefined;
  /** The sum of price times quantity of all fills. */
  readonly notional: string | undefined;
  readonly fees: readonly { readonly asset: string; readonly amount: string }[];
  /** Amounts that are no decimals: they are in no sum. */
  readonly unreadable: readonly string[];
}

/** Amounts longer than this are in no sum: multiplying them could take a while. */
const MAX_AMOUNT_LENGTH = 64;

/** The fills that a result lists; what is no fill is left out. */
export function fillsOf({ data }: Pick<StoredEvent, "data">): readonly Fill[] {
  const list = data["fills"];
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).map((fill) => ({
    quantity: amountOf(fill, "quantity", "qty"),
    price: amountOf(fill, "price"),
    fee: amountOf(fill, "fee", "commission"),
    feeAsset: amountOf(fill, "fee_asset", "commission_asset"),
    id: amountOf(fill, "fill_id", "trade_id", "id"),
  }));
}

/** Adds up the requests and results of one order, in their order. */
export function orderSums(events: readonly Pick<StoredEvent, "event_type" | "data">[]): OrderSums {
  const unreadable: string[] = [];
  const read = (name: string, text: string | undefined) => decimalOf(name, text, unreadable);
  const requests = events.filter(({ event_type: type }) => type === "order_request");
  const results = events.filter(({ event_type: type }) => type !== "order_request");
  const requested = read("quantity", amountOf(requests.at(-1)?.data ?? {}, "quantity"));
  const reports = results.map(({ data }) => amountOf(data, "filled_quantity")).filter((text) => text !== undefined);
  const reported = read("filled_quantity", reports.at(-1));
  const fills = settledFills(results, reported);
  const filled = sumOf(fills.map((fill) => read("fill quantity", fill.quantity)));
  const notional = sumOf(
    fills.map(({ quantity, price }) => productOf(read("fill quantity", quantity), read("fill price", price))),
  );
  const done = reported ?? filled;
  return {
    requested: textOf(requested),
    filled: textOf(filled),
    reported: textOf(reported),
    agrees: filled === undefined || reported === undefined ? undefined : compareDecimals(filled, reported) === 0,
    remaining: textOf(requested === undefined || done === undefined ? undefined : subtractDecimals(requested, done)),
    notional: textOf(notional),
    fees: feesOf(fills, read),
    unreadable: [...new Set(unreadable)],
  };
}

/** An amount of a record as text: a number is taken as it is written in JSON. */
export function amountOf(data: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = data[name];
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return undefined;
}

/** Results may list only their own fills, or all fills so far again: the last one that adds up to what it reports has them all. */
function settledFills(results: readonly Pick<StoredEvent, "data">[], reported: Decimal | undefined): readonly Fill[] {
  const last = results.findLast((result) => fillsOf(result).length > 0);
  if (last === undefined) return [];
  const own = fillsOf(last);
  const sum = sumOf(own.map(({ quantity }) => decimalOf("", quantity, [])));
  if (sum !== undefined && reported !== undefined && compareDecimals(sum, reported) === 0) return own;
  const known = new Set<string>();
  return results.flatMap(fillsOf).filter(({ id }) => {
    if (id === undefined) return true;
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
}

function feesOf(
  fills: readonly Fill[],
  read: (name: string, text: string | undefined) => Decimal | undefined,
): OrderSums["fees"] {
  const fees = new Map<string, Decimal>();
  for (const { fee, feeAsset = "" } of fills) {
    const amount = read("fee", fee);
    const sum = fees.get(feeAsset);
    if (amount !== undefined) fees.set(feeAsset, sum === undefined ? amount : addDecimals(sum, amount));
  }
  return [...fees].map(([asset, amount]) => ({ asset, amount: shortText(amount) }));
}

function decimalOf(name: string, text: string | undefined, unreadable: string[]): Decimal | undefined {
  if (text === undefined) return undefined;
  try {
    if (text.length <= MAX_AMOUNT_LENGTH) return toDecimal(text);
  } catch {
    // Said below.
  }
  unreadable.push(`${name} ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
  return undefined;
}

function sumOf(amounts: readonly (Decimal | undefined)[]): Decimal | undefined {
  let sum: Decimal | undefined;
  for (const amount of amounts) if (amount !== undefined) sum = sum === undefined ? amount : addDecimals(sum, amount);
  return sum;
}

function productOf(a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { coefficient: a.coefficient * b.coefficient, scale: a.scale + b.scale };
}

function textOf(amount: Decimal | undefined): string | undefined {
  return amount === undefined ? undefined : shortText(amount);
}

/** Without the zeros that adding and multiplying leave at the end. */
function shortText(amount: Decimal): string {
  const text = formatDecimal(amount);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
