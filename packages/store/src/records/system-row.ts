// Rows of system metrics as records, whichever database they are from.
import { toList } from "../queries/event-rows.ts";
import type { StoredSystemMetric } from "../stored-record.ts";
import { bucketQuantile } from "./bucket-quantile.ts";
import { toTags } from "./record-tags.ts";

type Percentile = "percentile_50" | "percentile_90" | "percentile_95" | "percentile_99";

/** A row: of an event of the kind, or of what a metric has had in a minute. */
export interface SystemRow extends Omit<StoredSystemMetric, "tags"> {
  readonly tags: string | null;
  /** Of a point: how its buckets are, as JSON. */
  readonly bounds_json: string | null;
  readonly counts_json: string | null;
}

const SHARES: readonly (readonly [Percentile, number])[] = [
  ["percentile_50", 0.5],
  ["percentile_90", 0.9],
  ["percentile_95", 0.95],
  ["percentile_99", 0.99],
];

/** The record of a row; the percentiles of a histogram are worked out from its buckets. */
export function toSystemMetric({
  bounds_json: bounds,
  counts_json: counts,
  tags,
  ...row
}: SystemRow): StoredSystemMetric {
  const metric = { ...row, tags: toTags(tags) };
  if (bounds === null || counts === null) return metric;
  const lists = [toList<number>(bounds), toList<number>(counts)] as const;
  return { ...metric, ...Object.fromEntries(SHARES.map(([name, share]) => [name, bucketQuantile(share, ...lists)])) };
}
