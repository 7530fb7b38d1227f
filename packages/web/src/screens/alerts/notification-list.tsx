// Who was told of an alert: each message with its attempts, and what went wrong.
import type { AlertNotification } from "../../api/client.ts";
import { momentText } from "../../format/time-text.ts";
import { Badge } from "../../ui/badge.tsx";
import { BreakableText } from "../../ui/breakable-text.tsx";
import styles from "./alert-detail.module.css";

const TONES = { waiting: "neutral", delivered: "accept", failed: "error" } as const;

/** The list. */
export function NotificationList({
  notifications,
  isQuiet,
}: {
  readonly notifications: readonly AlertNotification[];
  /** A silence is in force. */
  readonly isQuiet: boolean;
}) {
  if (notifications.length === 0)
    return <p className={styles.none}>{isQuiet ? "None: a silence keeps it quiet." : "None was sent."}</p>;
  return (
    <ul className={styles.notifications} aria-label="Notifications of the alert">
      {notifications.map((one) => (
        <li key={one.notification_id}>
          <p>
            <Badge tone={TONES[one.status]}>{one.status}</Badge>
            <b>{one.channel.slice(0, 100)}</b>
            <span>{one.change}</span>
            <time dateTime={one.created_at} title={momentText(one.created_at)}>
              {one.created_at.slice(5, 19).replace("T", " ")}
            </time>
          </p>
          {(one.attempts > 1 || one.status !== "delivered") && (
            <p className={styles.note}>
              {one.attempts === 1 ? "1 attempt" : `${one.attempts} attempts`}
              {one.status === "waiting" && `, next at ${one.next_attempt_at.slice(11, 19)} UTC`}
            </p>
          )}
          {one.last_error !== null && (
            <p className={styles.problem}>
              <BreakableText text={one.last_error} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
