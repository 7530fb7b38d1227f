// How the feed is: live or not, how much comes, what was left out.
import { countText, shortCountText } from "../../format/number-text.ts";
import { clockText } from "../../format/time-text.ts";
import type { FeedState } from "../../live/event-feed.ts";
import { Mark, type Tone } from "../../ui/mark.tsx";
import styles from "./feed-status.module.css";

/** What the line is given. */
export interface FeedStatusProps {
  readonly state: FeedState;
  /** The range lies in the past: what comes is not in it. */
  readonly isFixed: boolean;
  readonly eventCount: number;
  /** Fewer than events where some are folded. */
  readonly rowCount: number;
  /** When the oldest row happened; empty where there is none. */
  readonly oldest: string;
  readonly onHome: () => void;
}

/** One line: while new rows are held back it says so, and how they come in. */
export function FeedStatus({ state, isFixed, eventCount, rowCount, oldest, onHome }: FeedStatusProps) {
  const { tone, text } = statusOf(state, isFixed);
  const { eventsPerSecond, skipped, waiting, isPaused, isReading } = state;
  const isHeld = isPaused || isReading;
  return (
    <div className={styles.line} data-held={isHeld}>
      <span role="status" className={styles.state} data-tone={tone} data-connection={state.connection.kind}>
        <Mark tone={tone} />
        {text}
      </span>
      {eventsPerSecond !== undefined && (
        <span className={styles.rate} title="Events that the desk takes in, whatever the filter">
          <b>{shortCountText(Math.round(eventsPerSecond))}</b> events/s
        </span>
      )}
      {skipped > 0 && (
        <span
          className={styles.skipped}
          title="More came than the feed takes. They are in the store: a filter finds them."
        >
          <Mark tone="reject" size={8} />
          {countText(skipped)} skipped
        </span>
      )}
      {isHeld && (
        <button type="button" className={styles.held} onClick={onHome}>
          {isPaused ? "" : "Held while you read: "}
          <b>{countText(waiting)} new</b>
          <span>
            show the newest <kbd>Home</kbd>
          </span>
        </button>
      )}
      <span className={styles.span}>
        {countText(eventCount)} shown{rowCount < eventCount ? ` in ${countText(rowCount)} rows` : ""}
        {oldest === "" ? "" : `, back to ${timeText(oldest)} UTC`}
      </span>
    </div>
  );
}

/** The day only when it is another one. */
function timeText(timestamp: string): string {
  const isToday = timestamp.slice(0, 10) === new Date().toISOString().slice(0, 10);
  return isToday ? timestamp.slice(11, 19) : `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)}`;
}

function statusOf(
  { connection, isPaused, problem }: FeedState,
  isFixed: boolean,
): { readonly tone: Tone; readonly text: string } {
  const since = clockText(new Date(connection.sinceMs).toISOString()).slice(0, 8);
  if (problem !== undefined) return { tone: "error", text: "Not connected, trying again" };
  if (connection.kind === "gone") return { tone: "error", text: `Server gone since ${since} UTC, trying again` };
  if (connection.kind === "reconnecting") return { tone: "reject", text: `Reconnecting since ${since} UTC` };
  if (connection.kind === "connecting") return { tone: "neutral", text: "Connecting" };
  if (isFixed) return { tone: "neutral", text: "Fixed range, new events are not in it" };
  return isPaused ? { tone: "info", text: "Paused" } : { tone: "accept", text: "Live" };
}
