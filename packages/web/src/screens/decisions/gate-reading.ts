// The gates of a decision as its event has them; whoever wrote them may have written anything.
import type { RecordedGate } from "@tracebook/decisions";

/** A gate as it is shown. */
export interface ShownGate {
  readonly name: string;
  /** Undefined: it does not say. */
  readonly passed: boolean | undefined;
  readonly score: string | undefined;
  readonly threshold: string | undefined;
  readonly comparison: string;
  readonly reasonCode: string | undefined;
  /** What else the host said, as one line. */
  readonly details: string | undefined;
}

/** What of the gates can be judged again, as the store reads them. */
export interface GatesReading {
  readonly gates: readonly RecordedGate[];
  readonly gates_unreadable: boolean;
}

/** More are not shown. */
const MOST_GATES = 200;

/** Every gate that is an object is shown; what is no list has none. */
export function shownGates(gates: unknown): readonly ShownGate[] {
  if (!Array.isArray(gates)) return [];
  return gates.slice(0, MOST_GATES).filter(isObject).map(shownGate);
}

/** All or none: a decision that lacks a gate would be judged otherwise. */
export function readGates(gates: unknown): GatesReading {
  if (gates === undefined || gates === null) return { gates: [], gates_unreadable: false };
  const isReadable = Array.isArray(gates) && gates.every((gate: unknown) => isObject(gate) && isGate(gate));
  if (!isReadable) return { gates: [], gates_unreadable: true };
  const read = (gates as Readonly<Record<string, unknown>>[]).map((gate) => ({
    gate_name: gate.gate_name as string,
    passed: gate.passed as boolean,
    score: scalarText(gate.score),
    threshold: scalarText(gate.threshold),
    comparison: scalarText(gate.comparison),
    reason_code: scalarText(gate.reason_code),
  }));
  return { gates: read, gates_unreadable: false };
}

function isGate(gate: Readonly<Record<string, unknown>>): boolean {
  if (typeof gate.gate_name !== "string" || typeof gate.passed !== "boolean") return false;
  return [gate.score, gate.threshold, gate.comparison, gate.reason_code].every(
    (value) => typeof value !== "object" || value === null,
  );
}

function shownGate(gate: Readonly<Record<string, unknown>>): ShownGate {
  const { gate_name: name, passed, details } = gate;
  return {
    name: scalarText(name) ?? "unnamed",
    passed: typeof passed === "boolean" ? passed : undefined,
    score: scalarText(gate.score),
    threshold: scalarText(gate.threshold),
    comparison: scalarText(gate.comparison) ?? ">=",
    reasonCode: scalarText(gate.reason_code),
    details: details === undefined || details === null ? undefined : lineOf(details),
  };
}

function lineOf(details: unknown): string {
  if (!isObject(details)) return typeof details === "string" ? details : JSON.stringify(details);
  return Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

function scalarText(value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === "object") return undefined;
  return String(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
