// Tables for the terminal.

/** Lines of a table: the first column to the left, all others to the right, as wide as they need to be. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => (column === 0 ? (row[0] ?? "").padEnd(width) : (row[column] ?? "").padStart(width)))
      .join("  ")
      .trimEnd();
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

const NUMBER = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** Three significant digits, thousands apart; `-` for what was not measured. */
export function number(value: number | null): string {
  return value === null ? "-" : NUMBER.format(value);
}

/** A median and how far the rounds lay apart: `1,230 (1,180..1,410)`. */
export function withSpread(median: number | null, range: readonly [number, number] | null | undefined): string {
  if (median === null) return "-";
  return range === null || range === undefined
    ? number(median)
    : `${number(median)} (${number(range[0])}..${number(range[1])})`;
}
