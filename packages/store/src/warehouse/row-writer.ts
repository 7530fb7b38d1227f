// What rows are written into, and the formats that there are.
import type { ExportCell } from "./export-columns.ts";

/** The formats of an export: JSON objects a line each, comma-separated values, Parquet. */
export const WAREHOUSE_FORMATS = ["ndjson", "csv", "parquet"] as const;

/** A format of {@link WAREHOUSE_FORMATS}. */
export type WarehouseFormat = (typeof WAREHOUSE_FORMATS)[number];

/** Writes rows into a part. Equal rows make equal bytes: there is no time of writing in them, and no chance. */
export interface RowWriter {
  /** Takes a row; resolves when it, or what it has filled, is written. */
  add(row: readonly ExportCell[]): Promise<void>;
  /** Writes what is left; the file is not closed. */
  finish(): Promise<void>;
}
