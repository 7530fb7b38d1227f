// Which events say the same again: a bot rejects a hundred times a second, and says why each time.
import type { StoredEvent } from "../api/client.ts";

/** Events in a row that have the same key may be shown as one, with their number; empty: this one is always shown by itself. */
export function foldKeyOf({ event_type: type, symbol, service_name: service, data }: StoredEvent): string {
  const field = Object.hasOwn(FOLDED, type) ? FOLDED[type] : undefined;
  // What was accepted is what everybody looks for.
  if (field === undefined || data["decision"] === "ACCEPT") return "";
  return [type, symbol, service, data[field], data["strategy"]].join("\n");
}

/** The field that tells one kind from another. Orders, errors and what only its host knows are never folded. */
const FOLDED: Readonly<Record<string, string>> = {
  decision: "reason_code",
  signal_rejected: "reason_code",
  quality_gate_passed: "gate_name",
  quality_gate_failed: "gate_name",
  event_received: "source",
  orderbook_snapshot: "market",
};
