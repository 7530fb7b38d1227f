// The fields of a record that say most, for one line.
import { printable } from "../printable.ts";

/** By event type, in the order of the line; other events show their first simple fields. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  clock_step: ["step_ms"],
  decision: ["decision", "reason_code", "net_edge", "min_threshold", "edge_unit", "strategy"],
  "decision without an edge": ["decision", "reason_code", "reason", "strategy"],
  error_occurred: ["error_type", "error_message"],
  order_request: ["side", "quantity", "price", "order_type", "venue", "client_order_id"],
  order_result: ["status", "filled_quantity", "average_price", "fee", "fee_asset", "reason_code", "client_order_id"],
  order_transition: ["status", "previous_status", "reason_code", "client_order_id"],
  records_dropped: ["count", "first_seq", "last_seq", "class", "reason"],
  scan_completed: ["symbols_scanned", "signals_generated", "signals_rejected", "duration_ms"],
  scan_started: ["symbol_count", "profile"],
  signal_generated: ["direction", "confidence_score", "entry_price", "risk_reward_ratio", "setup_type"],
  signal_rejected: ["reason_code", "gate_name", "score", "threshold", "reason"],
  trading_halted: ["reason_code", "reason"],
};
/** What the line shows elsewhere. */
const ELSEWHERE = new Set(["symbol", "trace_id"]);
const SHOWN_FIELDS = 6;
const MAX_VALUE_UNITS = 60;

/** `decision=REJECT reason_code=insufficient_edge net_edge=1.20 ...`, safe for a terminal; empty when there is nothing simple to show. */
export function renderFields(eventType: string, data: Readonly<Record<string, unknown>>): string {
  if (eventType === "orderbook_snapshot") return renderBook(data);
  const hasNoEdge = eventType === "decision" && own(data, "net_edge") === undefined;
  const key = hasNoEdge ? "decision without an edge" : eventType;
  const names = Object.hasOwn(FIELDS, key) ? FIELDS[key]! : [];
  const known = names.filter((name) => isSimple(own(data, name)));
  return (known.length > 0 ? known : firstSimple(data)).map((name) => renderField(name, own(data, name))).join(" ");
}

function firstSimple(data: Readonly<Record<string, unknown>>): string[] {
  const names: string[] = [];
  for (const name in data) {
    if (names.length === SHOWN_FIELDS) break;
    if (!ELSEWHERE.has(name) && isSimple(own(data, name))) names.push(name);
  }
  return names;
}

/** The best prices and how deep the book is: the rest belongs to `--json`. */
function renderBook(data: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const [side, best] of [
    ["bids", "bid"],
    ["asks", "ask"],
  ] as const) {
    const levels = own(data, side);
    if (!Array.isArray(levels)) continue;
    const top: unknown = levels[0];
    if (typeof top === "object" && top !== null) {
      const { price, size } = top as { readonly price?: unknown; readonly size?: unknown };
      if (isSimple(price)) parts.push(renderField(best, isSimple(size) ? `${price}x${size}` : price));
    }
    parts.push(`${side}=${levels.length}`);
  }
  const market = ["market", "token_id"].filter((name) => isSimple(own(data, name)));
  return [...market.map((name) => renderField(name, own(data, name))), ...parts].join(" ");
}

function own(data: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(data, name) ? data[name] : undefined;
}

function isSimple(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function renderField(name: string, value: unknown): string {
  const text = printable(String(value), MAX_VALUE_UNITS);
  const isPlain = text !== "" && !/[\s"=]/.test(text);
  return `${printable(name, MAX_VALUE_UNITS).replaceAll(/[\s"=]/g, "_")}=${isPlain ? text : JSON.stringify(text)}`;
}
