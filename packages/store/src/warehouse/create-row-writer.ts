// How rows become the bytes of a part. Each format is a file of its own; what Parquet takes is loaded with the first part of it.
import type { ExportColumn, ExportTable } from "./export-columns.ts";
import type { PartFile } from "./part-file.ts";
import type { RowWriter, WarehouseFormat } from "./row-writer.ts";
import { createTextWriter } from "./text-part.ts";

/** Begins the rows of a part. */
export async function createRowWriter(
  format: WarehouseFormat,
  table: ExportTable,
  columns: readonly ExportColumn[],
  file: Pick<PartFile, "write">,
): Promise<RowWriter> {
  if (format !== "parquet") return createTextWriter(format, columns, file);
  const { createParquetWriter } = await import("./parquet-part.ts");
  return createParquetWriter(table, columns, file);
}
