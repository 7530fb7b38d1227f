// The export of a store into a folder that warehouses load: a file for each part of a day of a table, and a manifest of them.
import { mkdir } from "node:fs/promises";
import { toTimestamp } from "@tracebook/core";
import { StoreError } from "../errors.ts";
import { createExportSource, type ExportedStore, hasTable } from "./create-export-source.ts";
import { EXPORT_COLUMNS, EXPORT_TABLES, type ExportTable } from "./export-columns.ts";
import { type ExportedPart, readExportedDays } from "./export-manifest.ts";
import { ExportRun, type ExportSettings, type TelemetryExport } from "./export-run.ts";
import { WAREHOUSE_FORMATS, type WarehouseFormat } from "./row-writer.ts";

/** What is exported, and where to. */
export interface TelemetryExportOptions {
  /** A folder, made where it is not there. With an earlier export in it, that one is gone on with: it must be of the same format. */
  readonly dir: string;
  /** Both ends belong to the range; texts as `2026-11-20T12:34:56.789012Z`. Undefined: open. */
  readonly startTime?: string | undefined;
  readonly endTime?: string | undefined;
  /** Default: all that the store has: one on ClickHouse may have no records of alerts. */
  readonly tables?: readonly ExportTable[] | undefined;
  /** Default `parquet`. */
  readonly format?: WarehouseFormat | undefined;
  /** Rows of a file, 1 to 10,000,000; a day that has more has several. Default 1,000,000. */
  readonly maxRowsPerPart?: number | undefined;
  /** Ends the export at the next page; what is whole stays, and is gone on with. */
  readonly signal?: AbortSignal | undefined;
  /** Is told of each part that is whole. */
  readonly onPart?: ((part: ExportedPart) => void) | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const MAX_ROWS_PER_PART = 1_000_000;
const MOST_ROWS_PER_PART = 10_000_000;
/** What was recorded before midnight may be delivered after it. */
const SETTLING_MS = 3_600_000;

/**
 * Exports tables of a store as `DIR/table=decisions/date=2026-11-20/part-00000.parquet`, days in UTC, rows oldest first. A file has its name
 * when it is whole, and is then in `manifest.json` with its rows and its SHA-256.
 *
 * Begun again it goes on: parts that are whole are skipped, after a look at their checksums. A day to which rows have come since, however
 * late, is exported anew; where the store has cleaned up meanwhile, what was exported stays. A day that is asked for in pieces is exported
 * from the first of them to the last. One export at a time may write into a folder.
 *
 * An alert is in the day on which it fired last, with its history; one that changes is exported anew with its day. Rules are exported whatever
 * the range, each in the day on which it was made.
 *
 * Rejects with `StoreError`: `invalid_option`, `invalid_query`, or why the store cannot answer; and with what the file system says. Memory:
 * a page of rows, and a row group of Parquet, 8 MiB of text or 20,000 rows. Cost: about 15 us a row.
 *
 * @example
 * const { rows, isGrowing } = await exportTelemetryData(store, { dir: "warehouse", startTime: "2026-11-01T00:00:00.000000Z" });
 */
export async function exportTelemetryData(
  store: ExportedStore,
  options: TelemetryExportOptions,
): Promise<TelemetryExport> {
  const settings = toSettings(options);
  const asked = options.tables ?? EXPORT_TABLES.filter((table) => hasTable(store, table));
  const sources = new Map(asked.map((table) => [table, createExportSource(store, table, settings.settledAt)]));
  await mkdir(settings.dir, { recursive: true, mode: 0o700 });
  const { engine, schemaVersion } = await store.facts();
  const days = await readExportedDays(settings.dir, settings.format);
  const run = new ExportRun(settings, days, { engine, schema_version: schemaVersion });
  for (const [table, source] of sources) await run.exportTable(table, source);
  await run.save();
  return run.result();
}

function toSettings(options: TelemetryExportOptions): ExportSettings {
  const { dir, startTime, endTime, tables = [], format = "parquet", signal, onPart, now = Date.now } = options;
  const { maxRowsPerPart = MAX_ROWS_PER_PART } = options;
  if (typeof dir !== "string" || dir === "" || dir.includes("\0")) throw wrong("dir", dir, "the name of a folder");
  if (!WAREHOUSE_FORMATS.includes(format)) throw wrong("format", format, WAREHOUSE_FORMATS.join(", "));
  for (const table of tables)
    if (!Object.hasOwn(EXPORT_COLUMNS, table)) throw wrong("tables", table, `of ${EXPORT_TABLES.join(", ")}`);
  if (!Number.isSafeInteger(maxRowsPerPart) || maxRowsPerPart < 1 || maxRowsPerPart > MOST_ROWS_PER_PART)
    throw wrong("maxRowsPerPart", maxRowsPerPart, `a whole number from 1 to ${MOST_ROWS_PER_PART}`);
  const settledAt = toTimestamp((now() - SETTLING_MS) * 1_000);
  return { dir, startTime, endTime, format, maxRowsPerPart, signal, onPart, settledAt };
}

function wrong(name: string, value: unknown, allowed: string): StoreError {
  return new StoreError("invalid_option", `${name} is ${JSON.stringify(value)}; it must be ${allowed}.`);
}
