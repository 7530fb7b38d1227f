// Finds the name that was probably meant.

const COMPARED_UNITS = 64;

/** The candidate that looks most like `name`, if any does: at most two mistakes, or one in three letters of a long name. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const typed = name.slice(0, COMPARED_UNITS).toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const candidate of candidates) {
    // Two mistakes in a word of three letters are another word.
    const mistakes = candidate.startsWith(typed) && typed.length >= 3 ? 1 : countMistakes(typed, candidate);
    if (mistakes < least && mistakes < candidate.length - 1) [nearest, least] = [candidate, mistakes];
  }
  return nearest;
}

/** Letters to insert, remove, replace or swap with their neighbour, to get from one text to the other. */
function countMistakes(from: string, to: string): number {
  let rowBefore: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = row[j]! + (from[i] === to[j] ? 0 : 1);
      const isSwap = i > 0 && j > 0 && from[i] === to[j - 1] && from[i - 1] === to[j];
      const swapped = isSwap ? rowBefore[j - 1]! + 1 : replaced;
      next.push(Math.min(replaced, swapped, row[j + 1]! + 1, next[j]! + 1));
    }
    [rowBefore, row] = [row, next];
  }
  return row[to.length]!;
}
