// A trading signal as the backend knows it: checked once at the door, exact from there on.
import { formatDecimal, parseDecimal } from "../shared/decimal.ts";
import { type Instrument, isInstrument } from "../shared/symbols.ts";

/** Who sent it. */
export type SignalSource = "webhook" | "bot";

/** A checked signal. Decimals are text in one spelling: `0.01`, never `0.010`. */
export interface Signal {
  readonly alertId: string;
  readonly source: SignalSource;
  readonly strategy: string;
  readonly symbol: Instrument;
  readonly action: "buy" | "sell";
  readonly quantity: string;
  readonly price: string;
  /** When the sender saw it, in milliseconds since 1970. */
  readonly sentEpochMs: number;
}

const MAX_ID = 64;
const ID = /^[\w.:-]+$/;

/** Reads what a sender posted: a signal, or the sentence that says what is wrong with it. */
export function parseSignal(given: Readonly<Record<string, unknown>>, source: SignalSource): Signal | string {
  const { alert_id: alertId, strategy, symbol, action, time } = given;
  const [quantity, price] = [parseDecimal(given.quantity), parseDecimal(given.price)];
  const sentEpochMs = typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (!isId(alertId)) return "alert_id is not 1 to 64 letters, digits and . _ : -";
  if (!isId(strategy)) return "strategy is not 1 to 64 letters, digits and . _ : -";
  if (!isInstrument(symbol)) return "symbol is not traded here";
  if (action !== "buy" && action !== "sell") return "action is neither buy nor sell";
  if (quantity === undefined || quantity <= 0n) return "quantity is not a decimal above 0, as text";
  if (price === undefined || price <= 0n) return "price is not a decimal above 0, as text";
  if (Number.isNaN(sentEpochMs)) return "time is not a date";
  const decimals = { quantity: formatDecimal(quantity), price: formatDecimal(price) };
  return { alertId, source, strategy, symbol, action, ...decimals, sentEpochMs };
}

/** Whether something that was kept elsewhere, as JSON, is a checked signal. */
export function isSignal(given: unknown): given is Signal {
  if (typeof given !== "object" || given === null) return false;
  const { alertId, source, strategy, symbol, action, quantity, price, sentEpochMs } = given as Record<string, unknown>;
  const isAmount = (value: unknown): boolean => (parseDecimal(value) ?? 0n) > 0n;
  return (
    isId(alertId) &&
    isId(strategy) &&
    isInstrument(symbol) &&
    (source === "webhook" || source === "bot") &&
    (action === "buy" || action === "sell") &&
    isAmount(quantity) &&
    isAmount(price) &&
    Number.isSafeInteger(sentEpochMs)
  );
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_ID && ID.test(value);
}
