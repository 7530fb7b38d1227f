// A record on one line, for people and for programs.
import type { JournalRecord } from "@tracebook/journal";
import type { Paint } from "../paint.ts";
import { printable, printableJson } from "../printable.ts";
import { renderFields } from "./replay-fields.ts";

const TYPE_WIDTH = 20;
const SYMBOL_WIDTH = 10;

/** Renders a record: time, event type, symbol, the fields that say most, trace id. Nothing in it can act on a terminal. */
export function renderReplayLine(record: JournalRecord, paint: Paint): string {
  const { timestamp, event_type, data, trace_id } = record;
  const type = printable(event_type, 64).padEnd(TYPE_WIDTH);
  const symbol = printable(symbolOf(record) ?? "-", 32).padEnd(SYMBOL_WIDTH);
  const trace = trace_id === undefined ? "" : `trace=${printable(trace_id, 64)}`;
  const parts = [
    printable(timestamp, 40),
    colorOf(record, paint)(type),
    symbol,
    renderFields(event_type, data),
    paint.dim(trace),
  ];
  return `${parts.join("  ").trimEnd()}\n`;
}

/** What a record of too many levels is replaced by. */
const TOO_DEEP = { not_shown: "nested too deeply" };

/** The record as a line of JSON; data that is nested too deeply for `JSON.stringify` is left out and says so. */
export function renderReplayJson(record: JournalRecord): string {
  try {
    return `${printableJson(record)}\n`;
  } catch {
    const { seq, instance_id, event_type, timestamp, run_id } = record;
    return `${printableJson({ seq, instance_id, event_type, timestamp, run_id, data: TOO_DEEP })}\n`;
  }
}

/** The symbol of a record, or of its data where a recorder put it there. */
export function symbolOf({ symbol, data }: JournalRecord): string | undefined {
  if (symbol !== undefined) return symbol;
  const inner = Object.hasOwn(data, "symbol") ? data["symbol"] : undefined;
  return typeof inner === "string" ? inner : undefined;
}

function colorOf({ event_type, data }: JournalRecord, paint: Paint): (text: string) => string {
  if (event_type === "decision") return data["decision"] === "ACCEPT" ? paint.green : paint.yellow;
  if (/error|halted|dropped/.test(event_type)) return paint.red;
  return event_type.startsWith("order_") && event_type !== "orderbook_snapshot" ? paint.bold : (text) => text;
}
