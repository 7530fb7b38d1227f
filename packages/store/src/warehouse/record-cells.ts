// Records of alerts as the cells of a row.
import { EXPORT_COLUMNS, type ExportCell, type ExportTable } from "./export-columns.ts";

/** A record by the columns of its table: what is JSON there becomes text. */
export function recordCells(table: ExportTable, record: object): ExportCell[] {
  const values = record as Readonly<Record<string, unknown>>;
  return EXPORT_COLUMNS[table].map(({ name, type }) => {
    const value = values[name] ?? null;
    return type === "json" ? JSON.stringify(value) : (value as ExportCell);
  });
}
