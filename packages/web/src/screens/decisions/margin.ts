// How far a net edge is from its threshold, exact, and how that is said.
import { formatDecimal, parseDecimal, subtractDecimals } from "@tracebook/decisions";
import { amountText } from "../../format/decimal-text.ts";

/** `net_edge - min_threshold`; undefined where one of them is missing or no decimal. */
export function marginOf(decision: {
  readonly net_edge: string | null | undefined;
  readonly min_threshold: string | null | undefined;
}): string | undefined {
  const { net_edge: net, min_threshold: threshold } = decision;
  if (typeof net !== "string" || typeof threshold !== "string") return undefined;
  try {
    return formatDecimal(subtractDecimals(parseDecimal(net), parseDecimal(threshold)));
  } catch {
    return undefined;
  }
}

/** With its sign, also a positive one: `+0.40 bps`, `−0.10 bps`. */
export function signedText(text: string | null | undefined, unit: string | null | undefined): string {
  const isPositive = typeof text === "string" && /^\d/.test(text) && /[1-9]/.test(text);
  return `${isPositive ? "+" : ""}${amountText(text, unit)}`;
}

/** `missed by 0.10 bps`: of a margin below zero; of zero, where it had to be exceeded: `just reached`. */
export function missText(margin: string, unit: string | null | undefined): string {
  if (!/[1-9]/.test(margin)) return "just reached";
  return margin.startsWith("-")
    ? `missed by ${amountText(margin.slice(1), unit)}`
    : `over by ${amountText(margin, unit)}`;
}
