// The shape of a small chart: steps, since a count belongs to a whole slice.

/** Paths in a box that is one wide for each value: the line on top, and the area below it. Gaps where there is no value. */
export function countSparkPath(
  values: readonly (number | null)[],
  height: number,
): { readonly line: string; readonly area: string } {
  const most = values.reduce<number>((max, value) => Math.max(max, finite(value) ?? 0), 0);
  const lines: string[] = [];
  const areas: string[] = [];
  let isOpen = false;
  for (const [x, value] of values.entries()) {
    const known = finite(value);
    if (known === undefined) {
      isOpen = false;
      continue;
    }
    // One below the edge at the top and at the bottom, so that the stroke is whole.
    const y = round(most === 0 ? height - 1 : height - 1 - (Math.max(0, known) / most) * (height - 2));
    lines.push(`${isOpen ? "L" : "M"}${x} ${y}H${x + 1}`);
    areas.push(`M${x} ${height}V${y}H${x + 1}V${height}Z`);
    isOpen = true;
  }
  return { line: lines.join(""), area: areas.join("") };
}

function finite(value: number | null): number | undefined {
  return value !== null && Number.isFinite(value) ? value : undefined;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
