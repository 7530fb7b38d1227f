// Rows of an export as cells, and the place where a page ends, whichever database they are from.
import { StoreError } from "../errors.ts";
import { toTags } from "../records/record-tags.ts";
import type { StoredSystemMetric } from "../stored-record.ts";
import { EXPORT_COLUMNS, type ExportCell, SIGNAL_TABLES, type SignalTable } from "../warehouse/export-columns.ts";
import { toDecision } from "./decision-rows.ts";
import { type Column, readData, textOf, toEvent } from "./event-rows.ts";
import { toSpan } from "./span-rows.ts";

/** Where a page ends: the time and the id of its last row. */
export interface ExportPlace {
  readonly timestamp: string;
  readonly id: number;
}

/** A page ends when its text is as long as this: an event may be as large as a request. */
export const PAGE_LENGTH = 8 * 1_048_576;
const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\d{1,16})$/;

/** The cells of a row of {@link toEvent}. */
export function eventCells(row: readonly Column[]): ExportCell[] {
  return cellsOf("telemetry_events", { ...toEvent(row), data: objectText(row[5]) });
}

/** The cells of a row of {@link toDecision}. */
export function decisionCells(row: readonly Column[]): ExportCell[] {
  return cellsOf("decisions", toDecision(row));
}

/** The cells of a row of {@link toSpan}. */
export function spanCells(row: readonly Column[]): ExportCell[] {
  return cellsOf("traces", {
    ...toSpan(row),
    tags: objectText(row[13]),
    events: listText(row[14]),
    links: listText(row[15]),
  });
}

/** The cells of a system metric. */
export function systemCells(metric: StoredSystemMetric): ExportCell[] {
  return cellsOf("system_metrics", { ...metric, tags: JSON.stringify(metric.tags) });
}

/** The cells of a row whose columns are those of the export. */
export function businessCells(row: readonly Column[]): ExportCell[] {
  return EXPORT_COLUMNS.business_metrics.map(({ name }, i) => {
    const text = textOf(row[i]);
    if (name === "event_id") return Number(text);
    return name === "tags" ? JSON.stringify(toTags(text)) : text;
  });
}

/** Refuses what is no table of signals; throws `invalid_query`. */
export function checkSignalTable(table: string): void {
  if (SIGNAL_TABLES.includes(table as SignalTable)) return;
  throw new StoreError("invalid_query", `table is ${JSON.stringify(table)}; it must be ${SIGNAL_TABLES.join(", ")}.`);
}

/** Reads where to go on; throws `invalid_query`. */
export function exportPlaceOf(after: string): ExportPlace {
  const [, timestamp, id] = CURSOR.exec(after) ?? [];
  if (timestamp === undefined)
    throw new StoreError(
      "invalid_query",
      `after is ${JSON.stringify(after.slice(0, 100))}; it must be what a page gave.`,
    );
  return { timestamp, id: Number(id) };
}

function cellsOf(table: SignalTable, row: object): ExportCell[] {
  const values = row as Readonly<Record<string, ExportCell>>;
  return EXPORT_COLUMNS[table].map(({ name }) => values[name] ?? null);
}

/** An object as it is stored; what is damaged becomes one that has it, as everywhere else. */
function objectText(column: Column | undefined): string {
  const text = String(column);
  return readData(text) === undefined ? JSON.stringify({ unreadable: text }) : text;
}

/** A list as it is stored; empty where there is none, or it cannot be read. */
function listText(column: Column | undefined): string {
  if (column === null || column === undefined) return "[]";
  const text = String(column);
  try {
    return Array.isArray(JSON.parse(text)) ? text : "[]";
  } catch {
    return "[]";
  }
}
