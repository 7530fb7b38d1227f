// The gates of a decision, as its event has them.
import type { EventData, JsonValue } from "../store-input.ts";
import type { StoredGate } from "../stored-event.ts";

/** What could be read of them. */
export interface GateReading {
  readonly gates: readonly StoredGate[];
  readonly gates_unreadable: boolean;
}

const NONE: GateReading = Object.freeze({ gates: [], gates_unreadable: false });
const UNREADABLE: GateReading = Object.freeze({ gates: [], gates_unreadable: true });

/** The gates of what an event has for them: all of them or none, since a decision that lacks one would be judged otherwise. */
export function toGates(gates: JsonValue): GateReading {
  if (gates === null) return NONE;
  if (!Array.isArray(gates)) return UNREADABLE;
  const read: StoredGate[] = [];
  for (const one of gates as readonly JsonValue[]) {
    const gate = toGate(one);
    if (gate === undefined) return UNREADABLE;
    read.push(gate);
  }
  return { gates: read, gates_unreadable: false };
}

function toGate(value: JsonValue): StoredGate | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { gate_name: name, passed, score, threshold, comparison, reason_code: reasonCode } = value as EventData;
  if (typeof name !== "string" || typeof passed !== "boolean") return undefined;
  if (![score, threshold, comparison, reasonCode].every(isScalar)) return undefined;
  return {
    gate_name: name,
    passed,
    score: scalarText(score),
    threshold: scalarText(threshold),
    comparison: scalarText(comparison),
    reason_code: scalarText(reasonCode),
  };
}

function isScalar(value: JsonValue | undefined): boolean {
  return typeof value !== "object" || value === null;
}

/** A number as its text, since other languages send decimals as numbers. */
function scalarText(value: JsonValue | undefined): string | null {
  return value === undefined || value === null ? null : String(value);
}
