// How long answers took.

/** Times of answers. */
export interface Times {
  took(ms: number): void;
  readonly count: number;
  /** Milliseconds, to a tenth; 0 when there were none. */
  percentile(percent: number): number;
  max(): number;
}

/** None yet. Memory: a number each. */
export function createTimes(): Times {
  const all: number[] = [];
  let isSorted = true;
  const at = (place: number): number => {
    if (!isSorted) all.sort((a, b) => a - b);
    isSorted = true;
    return Math.round(10 * (all[place] ?? 0)) / 10;
  };
  return {
    took(ms) {
      all.push(ms);
      isSorted = false;
    },
    get count() {
      return all.length;
    },
    percentile: (percent) => at(Math.max(0, Math.ceil((percent / 100) * all.length) - 1)),
    max: () => at(Math.max(0, all.length - 1)),
  };
}
