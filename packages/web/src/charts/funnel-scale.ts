// How long the bar of a count is, so that the last steps of a funnel stay visible beside the first.

/** How counts become lengths. */
export type FunnelScale = "linear" | "log";

/** Below this share of the largest count a bar is hard to see: two pixels of a hundred. */
const VISIBLE_SHARE = 0.02;

/** `log` when the smallest count that is not 0 would hardly be seen beside the largest. */
export function chooseScale(counts: readonly number[]): FunnelScale {
  const present = counts.filter((count) => count > 0);
  return present.length > 0 && Math.min(...present) < VISIBLE_SHARE * Math.max(...present) ? "log" : "linear";
}

/** The length of a bar as a share of the longest, 0 to 1; 0 only for a count of 0. On the scale `log` it is that of the logarithm of one more. */
export function barShare(count: number, largest: number, scale: FunnelScale): number {
  if (!(count > 0) || !(largest > 0)) return 0;
  if (count >= largest) return 1;
  return scale === "linear" ? count / largest : Math.log1p(count) / Math.log1p(largest);
}
