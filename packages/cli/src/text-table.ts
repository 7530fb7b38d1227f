// A table for a terminal: columns as wide as they need to be, nothing in it that acts.
import type { Paint } from "./paint.ts";
import { printable } from "./printable.ts";

/** A column: its heading, and whether its cells are numbers, which end in one line. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

const MAX_CELL_UNITS = 80;
const GAP = "  ";

/** Renders the lines of a table, the heading first. Cells may be recorded text. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => printable(cell, MAX_CELL_UNITS)));
  const widths = columns.map(({ title }, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), title.length),
  );
  const lineOf = (row: readonly string[]) =>
    columns
      .map(({ isNumber }, column) => {
        const cell = row[column] ?? "";
        return isNumber ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
      })
      .join(GAP)
      .trimEnd();
  return [paint.bold(lineOf(columns.map(({ title }) => title))), ...cells.map(lineOf)];
}
