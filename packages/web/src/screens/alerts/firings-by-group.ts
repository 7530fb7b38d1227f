// The firings of a back-test by group, and the lines of groups that are worth drawing.
import type { PreviewLine } from "./preview-lines.ts";
import type { Backtest } from "./use-rule-trial.ts";

type Firing = Backtest["firings"][number];

/** How often one group would have fired. */
export interface FiredGroup {
  readonly labels: Firing["labels"];
  /** Oldest first. */
  readonly firings: readonly Firing[];
}

/** The groups that would have fired, the most often first, of equals the one that fired last. */
export function firedGroups(firings: readonly Firing[]): readonly FiredGroup[] {
  const groups = new Map<string, { readonly labels: Firing["labels"]; readonly firings: Firing[] }>();
  for (const firing of firings) {
    const key = keyOf(firing.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels: firing.labels, firings: [firing] });
    else group.firings.push(firing);
  }
  const lastOf = ({ firings: of }: FiredGroup) => of.at(-1)?.fired_at ?? "";
  return [...groups.values()].sort(
    (a, b) => b.firings.length - a.firings.length || (lastOf(a) < lastOf(b) ? 1 : lastOf(a) > lastOf(b) ? -1 : 0),
  );
}

/** At most so many lines: of groups that fired, then those with the largest values. */
export function shownLines(
  lines: readonly PreviewLine[],
  firings: readonly Firing[],
  most: number,
): readonly PreviewLine[] {
  if (lines.length <= most) return lines;
  const rank = new Map(firedGroups(firings).map(({ labels }, i) => [keyOf(labels), i]));
  const placed = lines.map((line) => ({
    line,
    place: rank.get(keyOf(line.labels)) ?? rank.size,
    size: line.values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0),
  }));
  return placed
    .sort((a, b) => a.place - b.place || b.size - a.size)
    .slice(0, most)
    .map(({ line }) => line);
}

/** The same for the same labels, in whatever order they come. */
function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
