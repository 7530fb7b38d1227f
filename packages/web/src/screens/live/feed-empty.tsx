// Why the feed is empty, and what to do about it.
import { agoText } from "../../format/time-text.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/panel.tsx";
import { RANGES, type RangeName } from "../../url/time-range.ts";
import styles from "./feed-empty.module.css";

/** The reason, in words. */
export function FeedEmpty({
  hasFilter,
  rangeLabel,
  newest,
  onClear,
  longer,
  onRange,
}: {
  readonly hasFilter: boolean;
  readonly rangeLabel: string;
  /** When the newest event of all happened; undefined: there has never been one. */
  readonly newest: string | undefined;
  readonly onClear: () => void;
  /** Ranges that reach further back. */
  readonly longer: readonly RangeName[];
  readonly onRange: (name: RangeName) => void;
}) {
  if (newest === undefined)
    return (
      <Empty>
        <p className={styles.lead}>Nothing has been recorded yet.</p>
        <p>Start a service and point it here; its events appear as they happen:</p>
        <pre className={styles.command}>
          TELEMETRY_ENABLED=true TELEMETRY_OTLP_ENDPOINT={document.baseURI.replace(/\/$/, "")} node app.js
        </pre>
      </Empty>
    );
  return (
    <Empty>
      <p className={styles.lead}>
        {hasFilter ? "No event matches this filter" : "No events"} in the {rangeLabel}.
      </p>
      <p>The newest event of all was {agoText(newest, Date.now())}. New ones appear here as they happen.</p>
      <p className={styles.actions}>
        {hasFilter && <Button onClick={onClear}>Clear the filter</Button>}
        {longer.map((name) => (
          <Button key={name} onClick={() => onRange(name)}>
            Last {RANGES[name].label}
          </Button>
        ))}
      </p>
    </Empty>
  );
}
