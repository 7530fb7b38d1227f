// The numbers of "why no trade?", each with where to look further.
import type { NoTradePart } from "@tracebook/decisions";

/** A number, what it is of, and a path and query of the page. */
export interface LinkedPart {
  readonly label: string;
  readonly value: string;
  readonly link: string | null;
}

/** The parts that say something: what there is none of, and nobody asked for, is left out. */
export function toLinkedParts(parts: readonly NoTradePart[]): readonly LinkedPart[] {
  return parts
    .filter(({ kind, count }) => count > 0 || kind === "orders" || kind === "entered")
    .map((part) => ({ ...numberOf(part), link: linkOf(part) }));
}

/** The number apart from its words, wherever it stands in them. */
function numberOf({ text, count }: NoTradePart): { readonly label: string; readonly value: string } {
  const value = count.toLocaleString("en-US");
  if (text.startsWith(`${value} `)) return { value, label: text.slice(value.length + 1) };
  if (text.endsWith(` ${value}`)) return { value, label: text.slice(0, -value.length - 1) };
  return { value, label: count === 0 ? "orders" : text };
}

function linkOf({ kind, reason_code: code }: NoTradePart): string | null {
  switch (kind) {
    case "orders":
      return "/traces?reason_code=order_submitted";
    case "entered":
      return "/traces";
    case "dropped":
      return `/traces?${new URLSearchParams({ reason_code: code ?? "" })}`;
    case "judged":
      return "/decisions";
    case "accepted":
      return "/decisions?decision=ACCEPT";
    case "rejected":
      return `/decisions?${new URLSearchParams({ decision: "REJECT", reason_code: code ?? "" })}`;
    case "unaccounted":
      return null;
  }
}
