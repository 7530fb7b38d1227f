// Parquet read by an implementation that is not the one that wrote it: Arrow's, in Rust.
import { readFileSync } from "node:fs";
import { type Table, tableFromIPC, Vector } from "apache-arrow";
import { readParquet } from "parquet-wasm";

/** The rows of a file by the names of its columns, whole numbers and microseconds as `bigint`; and the types that it says they have. */
export function readParquetFile(path: string): {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly types: Readonly<Record<string, string>>;
} {
  const table: Table = tableFromIPC(readParquet(new Uint8Array(readFileSync(path))).intoIPCStream());
  const columns = table.schema.fields.map(({ name }) => [name, valuesOf(table.getChild(name)!)] as const);
  const rows = Array.from({ length: table.numRows }, (_, i) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[i]])),
  );
  return { rows, types: Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)])) };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Values as they are stored. What Arrow makes of a time is a number of milliseconds, which has lost the rest, and what it makes of a text has
 * lost a mark of byte order at its beginning.
 */
function valuesOf(vector: Vector): readonly unknown[] {
  return vector.data.flatMap((data, piece) => {
    const values = data.values as unknown as {
      readonly [at: number]: unknown;
      subarray(from: number, to: number): Uint8Array;
    };
    const { type, valueOffsets } = data;
    const others = new Vector([vector.data[piece]!]);
    return Array.from({ length: data.length }, (_, i) => {
      if (!data.getValid(i)) return null;
      if (String(type) === "Utf8") return decoder.decode(values.subarray(valueOffsets[i]!, valueOffsets[i + 1]!));
      return String(type).startsWith("Timestamp") ? values[i] : others.get(i);
    });
  });
}
