// Bars of how many scores lie where, with a line at their mean.
import { countText, shareText, shortCountText } from "../format/number-text.ts";
import styles from "./confidence-bars.module.css";

/** What the bars show. */
export interface ConfidenceBarsProps {
  /** Beside each other, rising. */
  readonly buckets: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  readonly mean: number | null;
}

/** One bar a bucket, as high as its share of the largest one. */
export function ConfidenceBars({ buckets, mean }: ConfidenceBarsProps) {
  const most = buckets.reduce((top, { count }) => Math.max(top, count), 0);
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const low = buckets[0]?.from ?? 0;
  const high = buckets.at(-1)?.to ?? 100;
  const place = mean === null ? undefined : Math.min(1, Math.max(0, (mean - low) / (high - low)));
  return (
    <div className={styles.bars}>
      <ol>
        {buckets.map(({ from, to, count }) => (
          <li key={from} title={`${from} to ${to}: ${countText(count)}, ${shareText(count, total)}`}>
            <span className="visually-hidden">
              {from} to {to}: {countText(count)} scores, {shareText(count, total)}
            </span>
            <span className={styles.count} aria-hidden="true">
              {count === 0 ? "" : shortCountText(count)}
            </span>
            <i style={{ height: most === 0 ? 0 : `${(count / most) * 100}%` }} data-some={count > 0} />
          </li>
        ))}
        {place !== undefined && <li className={styles.mean} style={{ left: `${place * 100}%` }} aria-hidden="true" />}
      </ol>
      <div className={styles.axis} aria-hidden="true">
        {buckets.map(({ from }) => (
          <span key={from}>{from}</span>
        ))}
      </div>
    </div>
  );
}
