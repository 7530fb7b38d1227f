// Silences in force: what they keep quiet, until when, and why.
import { useAnswer } from "../../api/use-answer.ts";
import { momentText } from "../../format/time-text.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import { Panel } from "../../ui/panel.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import styles from "./silence-list.module.css";
import type { AlertActions } from "./use-alert-actions.ts";

const EVERY_MS = 5_000;

/** The panel; none where there is no silence. */
export function SilenceList({ actions }: { readonly actions: AlertActions }) {
  const { data } = useAnswer("/api/telemetry/alert-silences", {}, { everyMs: EVERY_MS });
  const silences = data?.silences ?? [];
  if (silences.length === 0) return null;
  return (
    <Panel title="Silences" note="nobody is told of what matches" className={styles.panel} flush>
      <ul className={styles.list}>
        {silences.map((one) => (
          <li key={one.silence_id}>
            <div className={styles.what}>
              <p>
                {Object.entries(one.matchers).map(([label, value]) => (
                  <code key={label}>
                    {label.slice(0, 60)}={value.slice(0, 100)}
                  </code>
                ))}
              </p>
              <p className={styles.why}>
                <BreakableText text={one.reason} />
                {" · "}
                {one.created_by.slice(0, 100)}
              </p>
            </div>
            <span className={styles.until} title={momentText(one.ends_at)}>
              ends <TimeAgo timestamp={one.ends_at} />
            </span>
            <Button disabled={actions.isBusy} onClick={() => void actions.unsilence(one.silence_id)}>
              End
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
