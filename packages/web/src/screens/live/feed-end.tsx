// What stands below the last row: more on its way, nothing more, or why there is nothing at all.
import { momentText } from "../../format/time-text.ts";
import type { FeedState } from "../../live/event-feed.ts";
import { Button } from "../../ui/button.tsx";
import { RANGES, type RangeName } from "../../url/time-range.ts";
import styles from "./feed-end.module.css";

/** The end of the feed. */
export function FeedEnd({
  state,
  isEmpty,
  onMore,
  longer,
  onRange,
}: {
  readonly state: FeedState;
  readonly isEmpty: boolean;
  readonly onMore: () => void;
  /** Ranges that reach further back. */
  readonly longer: readonly RangeName[];
  readonly onRange: (name: RangeName) => void;
}) {
  const { older } = state;
  if (older.kind === "loading") return <p className={styles.end}>Reading older events</p>;
  if (older.kind === "failed")
    return (
      <p className={styles.end} role="alert">
        Older events could not be read: {older.problem?.message} <Button onClick={onMore}>Try again</Button>
      </p>
    );
  if (older.kind === "full")
    return (
      <p className={styles.end}>
        The page keeps no more events than these. A filter or a fixed range shows what is older.
      </p>
    );
  if (older.searchedBackTo !== undefined)
    return (
      <p className={styles.end}>
        Searched back to {momentText(older.searchedBackTo)} <Button onClick={onMore}>Search further back</Button>
      </p>
    );
  if (older.kind === "idle")
    return (
      <p className={styles.end}>
        <Button onClick={onMore}>Read older events</Button>
      </p>
    );
  if (isEmpty) return null;
  return (
    <p className={styles.end}>
      That is everything in this range.
      {longer.map((name) => (
        <Button key={name} onClick={() => onRange(name)}>
          Last {RANGES[name].label}
        </Button>
      ))}
    </p>
  );
}
