// Parts as text: JSON lines, and comma-separated values as databases load them.
import type { ExportCell, ExportColumn } from "./export-columns.ts";
import type { PartFile } from "./part-file.ts";
import type { RowWriter } from "./row-writer.ts";

const PIECE_LENGTH = 262_144;
/** RFC 4180, section 2.6, and a cell that is empty: without quotes it would be none. */
const TO_BE_QUOTED = /[",\r\n]|^\s|\s$|^$/;

/**
 * Begins a text. In CSV a null is an empty cell and an empty text is `""`, as PostgreSQL's COPY has it, and nothing is put before a `=`:
 * it is for loaders, and every value comes back as it was. A number is written in full, an id as all of its digits.
 */
export function createTextWriter(
  format: "ndjson" | "csv",
  columns: readonly ExportColumn[],
  file: Pick<PartFile, "write">,
): RowWriter {
  const toLine = format === "csv" ? csvLine : jsonLine(columns);
  let text = format === "csv" ? `${columns.map(({ name }) => name).join(",")}\r\n` : "";
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(text);
    text = "";
    if (bytes.byteLength > 0) await file.write(bytes);
  };
  return {
    async add(row) {
      text += toLine(row);
      if (text.length >= PIECE_LENGTH) await flush();
    },
    finish: flush,
  };
}

function csvLine(row: readonly ExportCell[]): string {
  return `${row.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: ExportCell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  return TO_BE_QUOTED.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function jsonLine(columns: readonly ExportColumn[]): (row: readonly ExportCell[]) => string {
  const names = columns.map(({ name }, i) => `${i === 0 ? "{" : ","}${JSON.stringify(name)}:`);
  const isJson = columns.map(({ type }) => type === "json");
  return (row) => {
    let line = "";
    for (const [i, cell] of row.entries())
      line += names[i]! + (isJson[i] && typeof cell === "string" ? oneLine(cell) : JSON.stringify(cell));
    return `${line}}\n`;
  };
}

/** JSON as it is stored, unless it has lines: between the tokens of JSON they mean nothing, and within texts there are none. */
function oneLine(json: string): string {
  return json.replace(/[\r\n]/g, " ");
}
