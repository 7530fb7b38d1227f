// The id of the newest event, found by asking whether there is one behind an id.

/** The largest id of which `isBeyond(id - 1)` is true, at least `known`. Cost: two questions for each doubling of what came since. */
export async function findNewestId(known: number, isBeyond: (id: number) => Promise<boolean>): Promise<number> {
  if (!(await isBeyond(known))) return known;
  // Some event is behind `low`, and none behind `high`.
  let low = known;
  let step = 1;
  while (await isBeyond(known + step)) {
    low = known + step;
    step *= 2;
  }
  let high = known + step;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (await isBeyond(middle)) low = middle;
    else high = middle;
  }
  return high;
}
