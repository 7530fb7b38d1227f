// What has happened to an alert as a line of time, the latest first.
import type { AlertHistoryEntry } from "../../api/client.ts";
import { momentText } from "../../format/time-text.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Mark, type Tone } from "../../ui/mark.tsx";
import styles from "./alert-detail.module.css";
import { changeText } from "./alert-words.ts";

const TONES: Partial<Readonly<Record<AlertHistoryEntry["change"], Tone>>> = {
  firing: "error",
  reopened: "error",
  escalated: "reject",
  flapping: "reject",
  acknowledged: "info",
  resolved: "accept",
};

/** Notes that the sentence itself has not said. */
const NOTED: readonly AlertHistoryEntry["change"][] = ["acknowledged", "commented", "impact", "resolved", "escalated"];

/** The line. */
export function AlertHistory({ history }: { readonly history: readonly AlertHistoryEntry[] }) {
  return (
    <ol className={styles.timeline} aria-label="History of the alert">
      {history.toReversed().map((entry, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two entries may be alike in all that they say.
        <li key={i}>
          <Mark tone={TONES[entry.change] ?? "neutral"} size={10} />
          <div>
            <p>
              <BreakableText text={changeText(entry)} />
              <time dateTime={entry.changed_at} title={momentText(entry.changed_at)}>
                {entry.changed_at.slice(5, 19).replace("T", " ")}
              </time>
            </p>
            {entry.note !== null && NOTED.includes(entry.change) && (
              <p className={styles.note}>
                <BreakableText text={entry.note} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
