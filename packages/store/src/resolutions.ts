// How wide the buckets are in which counts are kept, whichever database keeps them.

/** Widths of roll-up buckets in seconds: a minute, an hour, a day. Totals are sums of few rows, however long the range. */
export const RESOLUTIONS = [60, 3_600, 86_400] as const;
