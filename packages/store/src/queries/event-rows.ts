// Rows of events as events, whichever database they are from.
import type { EventData } from "../store-input.ts";
import type { StoredEvent } from "../stored-event.ts";

/** A column of a row that came as a list. */
export type Column = null | number | bigint | string | Uint8Array;

/** The event of a row with its fields in the order of {@link StoredEvent}, its data as text. */
export function toEvent(row: readonly Column[]): StoredEvent {
  return {
    id: Number(row[0]),
    event_type: String(row[1]),
    timestamp: String(row[2]),
    run_id: textOf(row[3]),
    symbol: textOf(row[4]),
    data: toData(String(row[5])),
    trace_id: textOf(row[6]),
    span_id: textOf(row[7]),
    severity_number: Number(row[8]),
    instance_id: textOf(row[9]),
    service_name: textOf(row[10]),
    seq: numberOf(row[11]),
  };
}

/** A text, or null. */
export function textOf(column: Column | undefined): string | null {
  return column === null || column === undefined ? null : String(column);
}

/** A number, or null. */
function numberOf(column: Column | undefined): number | null {
  return column === null || column === undefined ? null : Number(column);
}

/** The data of a text. One damaged row must not take a page with it: what cannot be read is given as it is. */
export function toData(text: string): EventData {
  return readData(text) ?? { unreadable: text };
}

/** The data of a text; undefined where it is damaged. */
export function readData(text: string): EventData | undefined {
  const value = parsed(text);
  return isObject(value) ? value : undefined;
}

/** The list of a text; empty when there is none, or it cannot be read. */
export function toList<T>(text: string | null): readonly T[] {
  const value = parsed(text ?? "[]");
  return Array.isArray(value) ? value : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is EventData {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
