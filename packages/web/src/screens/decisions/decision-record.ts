// One decision with its event: what it takes to judge it again, and what else was on the record.
import type { RecordedDecision } from "@tracebook/decisions";
import type { Answer } from "../../api/client.ts";
import { readGates } from "./gate-reading.ts";

/** What the server says of one decision. */
export type DecisionAnswer = Answer<"/api/telemetry/decisions/{event_id}">;

/** What the page shows in a place of its own. */
const SHOWN: ReadonlySet<string> = new Set([
  "decision",
  "reason_code",
  "reason",
  "strategy",
  "edge_unit",
  "gross_edge",
  "fees_est",
  "slippage_est",
  "gas_est",
  "latency_buffer",
  "net_edge",
  "min_threshold",
]);

/** The record as `reJudge` reads it. */
export function toRecord({ decision, event }: DecisionAnswer): RecordedDecision {
  const { reason, gates } = event.data;
  return { ...decision, reason: typeof reason === "string" ? reason : null, ...readGates(gates) };
}

/** The sentence of the record; undefined where there is none. */
export function reasonOf({ event }: DecisionAnswer): string | undefined {
  const { reason } = event.data;
  return typeof reason === "string" && reason.trim() !== "" ? reason : undefined;
}

/** The fields that have no place of their own, in the order of the record; gates are among them where they cannot be shown as such. */
export function contextFields({ event }: DecisionAnswer): readonly (readonly [name: string, value: unknown])[] {
  const areGatesShown = Array.isArray(event.data.gates);
  return Object.entries(event.data).filter(([name]) => !SHOWN.has(name) && !(name === "gates" && areGatesShown));
}
