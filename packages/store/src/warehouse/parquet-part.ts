// Parts as Parquet, a row group at a time.
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import {
  EXPORT_VERSION,
  type ExportCell,
  type ExportColumn,
  type ExportColumnType,
  type ExportTable,
} from "./export-columns.ts";
import type { PartFile } from "./part-file.ts";
import type { RowWriter } from "./row-writer.ts";

/** A row group ends at so many rows, or characters of text: it is what is held in memory, and what a reader can skip. */
const GROUP_ROWS = 20_000;
const GROUP_LENGTH = 8 * 1_048_576;

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]["schema"][number];

/**
 * Begins a Parquet file. Times are TIMESTAMP(MICROS, UTC), whole numbers INT64 or INT32, JSON is UTF-8 of the logical type JSON.
 *
 * Decimals are UTF-8 text. A column of DECIMAL has one scale for all of its values and at most 38 digits; what a store holds has any: 28
 * digits behind the point of a gas price, as many before it of a token amount. Text is exact, keeps `1.50` apart from `1.5`, and is cast
 * where it is known what is in it: `CAST(net_edge AS DECIMAL(38, 10))`.
 */
export function createParquetWriter(
  table: ExportTable,
  columns: readonly ExportColumn[],
  file: Pick<PartFile, "write">,
): RowWriter {
  const writer = createFileWriter(file);
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: table, num_children: columns.length }, ...columns.map(elementOf)],
    kvMetadata: [{ key: "tracebook.export_version", value: String(EXPORT_VERSION) }],
    createdBy: "tracebook",
  });
  let cells: unknown[][] = columns.map(() => []);
  let rows = 0;
  let length = 0;
  const writeGroup = async (): Promise<void> => {
    const columnData = columns.map(({ name, type }, i) => ({
      name,
      data: cells[i]!,
      // The bounds of JSON tell nothing, and are never cut: one event of a megabyte would be in the footer twice.
      ...(type === "json" ? { statistics: false, encoding: "PLAIN" as const } : undefined),
    }));
    cells = columns.map(() => []);
    await parquet.write({ columnData, rowGroupSize: rows });
    rows = 0;
    length = 0;
  };
  return {
    async add(row) {
      for (const [i, cell] of row.entries()) {
        cells[i]!.push(cell === null ? null : TO_VALUES[columns[i]!.type](cell));
        if (typeof cell === "string") length += cell.length;
      }
      if (++rows >= GROUP_ROWS || length >= GROUP_LENGTH) await writeGroup();
    },
    async finish() {
      if (rows > 0) await writeGroup();
      await parquet.finish();
    },
  };
}

/** Gathers a row group in memory, and writes it whole. */
function createFileWriter(file: Pick<PartFile, "write">): ByteWriter {
  const writer = new ByteWriter();
  const flush = async (): Promise<void> => {
    const bytes = new Uint8Array(writer.buffer, 0, writer.index);
    await file.write(bytes);
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
}

const encoder = new TextEncoder();

const TO_VALUES: Readonly<Record<ExportColumnType, (cell: NonNullable<ExportCell>) => unknown>> = {
  int64: (cell) => BigInt(cell),
  int32: Number,
  double: Number,
  boolean: Boolean,
  text: String,
  timestamp: (cell) => toMicros(String(cell)),
  // As bytes: what is given as a value would be read and written again.
  json: (cell) => encoder.encode(String(cell)),
};

function elementOf({ name, type, isRequired }: ExportColumn): SchemaElement {
  return { name, repetition_type: isRequired ? "REQUIRED" : "OPTIONAL", ...PHYSICAL[type] };
}

const PHYSICAL: Readonly<Record<ExportColumnType, Omit<SchemaElement, "name">>> = {
  int64: { type: "INT64" },
  int32: { type: "INT32" },
  double: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  timestamp: {
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
  },
  json: { type: "BYTE_ARRAY", logical_type: { type: "JSON" } },
};

const SECONDS_LENGTH = "2026-11-20T12:34:56".length;

/** Microseconds since 1970, also before it: the fraction counts forwards from its second. */
function toMicros(timestamp: string): bigint {
  const millis = Date.parse(`${timestamp.slice(0, SECONDS_LENGTH)}Z`);
  return BigInt(millis) * 1_000n + BigInt(timestamp.slice(SECONDS_LENGTH + 1, -1));
}
