// Cards of orders and of the book that they meet.
import type { StoredEvent } from "../../api/client.ts";
import { amountText } from "../../format/decimal-text.ts";
import { titleText } from "../../format/name-text.ts";
import type { Tone } from "../../ui/mark.tsx";
import type { CardFact, EventCard } from "./event-card.ts";
import { type EventFields, textField } from "./field-text.ts";
import { symbolUnits } from "./symbol-units.ts";

/** `order_request`: what is about to leave. */
export function requestCard({ symbol, data }: StoredEvent): EventCard {
  const { base, quote } = unitsOf(symbol, data);
  const price = textField(data, "price");
  const parts = [
    textField(data, "side")?.toUpperCase() ?? "",
    amountText(textField(data, "quantity"), base),
    price === undefined ? "" : `at ${amountText(price, quote)}`,
  ];
  return {
    title: "Order request",
    tone: "info",
    icon: "send",
    text: parts.filter((part) => part !== "").join(" "),
    facts: facts(data, ["order_type", "type"], ["venue", "venue"], ["client_order_id", "order"]),
  };
}

/** `order_result`: what the venue answered. */
export function resultCard({ symbol, data }: StoredEvent): EventCard {
  const { base, quote } = unitsOf(symbol, data);
  const status = textField(data, "status") ?? "";
  const filled = textField(data, "filled_quantity");
  const price = textField(data, "average_price");
  const fee = textField(data, "fee");
  const reason = textField(data, "reason") ?? textField(data, "reason_code");
  const parts = [
    status,
    filled === undefined ? "" : `${amountText(filled, base)}${/fill/i.test(status) ? "" : " filled"}`,
    price === undefined ? "" : `at ${amountText(price, quote)}`,
    reason === undefined ? "" : `: ${reason}`,
  ];
  return {
    title: "Order result",
    tone: statusTone(status),
    icon: "receipt",
    text: parts
      .filter((part) => part !== "")
      .join(" ")
      .replace(" :", ":"),
    facts: [
      ...(fee === undefined ? [] : [{ name: "fee", text: amountText(fee, textField(data, "fee_asset")) }]),
      ...facts(data, ["client_order_id", "order"]),
    ],
  };
}

/** `order_transition` */
export function transitionCard({ data }: StoredEvent): EventCard {
  const status = textField(data, "status") ?? "?";
  const previous = textField(data, "previous_status");
  return {
    title: "Order transition",
    tone: statusTone(status),
    icon: "arrow-right-left",
    text: previous === undefined ? status : `${previous} → ${status}`,
    facts: facts(data, ["reason_code", "reason"], ["client_order_id", "order"], ["exchange_order_id", "venue order"]),
  };
}

/** `orderbook_snapshot`: the best of both sides. */
export function bookCard({ symbol, data }: StoredEvent): EventCard {
  const { base, quote } = unitsOf(symbol, data);
  const level = (side: unknown): string => {
    const [best] = Array.isArray(side) ? side : [];
    const [price, size] = Array.isArray(best) ? best : [best?.price, best?.size];
    return price === undefined ? "empty" : `${amountText(String(size), base)} at ${amountText(String(price), quote)}`;
  };
  const depth = (side: unknown): string => String(Array.isArray(side) ? side.length : 0);
  return {
    title: "Order book",
    tone: "neutral",
    icon: "book-open",
    text: `bid ${level(data["bids"])} · ask ${level(data["asks"])}`,
    facts: [
      ...facts(data, ["market", "market"], ["token_id", "token"]),
      { name: "levels", text: `${depth(data["bids"])} + ${depth(data["asks"])}` },
    ],
  };
}

function unitsOf(symbol: string | null, data: EventFields) {
  return symbolUnits(symbol ?? textField(data, "symbol"));
}

function facts(data: EventFields, ...names: readonly (readonly [string, string])[]): CardFact[] {
  return names.flatMap(([field, name]) => {
    const text = textField(data, field);
    return text === undefined ? [] : [{ name, text: field === "order_type" ? titleText(text).toLowerCase() : text }];
  });
}

/** Words that venues have for the ends of orders. */
function statusTone(status: string): Tone {
  if (/^(partially[ _]?)?filled$|^accepted$|^ok$|^success/i.test(status)) return "accept";
  if (/reject|expire|cancel|denied/i.test(status)) return "reject";
  return /fail|error|unknown|timeout/i.test(status) ? "error" : "neutral";
}
