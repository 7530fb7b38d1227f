// Silences in force: what they keep quiet, until when, by whom and why; ended early, and made anew.
import { BellOff } from "lucide-react";
import { useState } from "react";
import type { Answer } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useFiring } from "../../app/use-firing.ts";
import { countText } from "../../format/number-text.ts";
import { momentText } from "../../format/time-text.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { SilenceForm } from "./silence-form.tsx";
import styles from "./silence-list.module.css";
import { isHushed } from "./silence-matchers.ts";
import type { AlertActions } from "./use-alert-actions.ts";

type Silence = Answer<"/api/telemetry/alert-silences">["silences"][number];

const EVERY_MS = 5_000;
const FIRST_ROWS = Object.freeze([Object.freeze({ label: "", value: "" })]);

/** The panel. */
export function SilenceList({ actions }: { readonly actions: AlertActions }) {
  const answer = useAnswer("/api/telemetry/alert-silences", {}, { everyMs: EVERY_MS });
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel
      title="Silences"
      note="nobody is told of what matches"
      className={styles.panel}
      actions={
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <BellOff size={13} aria-hidden="true" />
          New silence
        </Button>
      }
      flush
    >
      {isOpen && (
        <div className={styles.form}>
          <SilenceForm
            rows={FIRST_ROWS}
            isBusy={actions.isBusy}
            onCancel={() => setOpen(false)}
            onDone={async (wish) => {
              if (await actions.silence(wish)) setOpen(false);
            }}
          />
        </div>
      )}
      <AnswerState answer={answer}>
        {({ silences }) =>
          silences.length === 0 ? (
            <p className={styles.none}>No silence is in force.</p>
          ) : (
            <ul className={styles.list}>
              {silences.map((one) => (
                <Row key={one.silence_id} silence={one} actions={actions} />
              ))}
            </ul>
          )
        }
      </AnswerState>
    </Panel>
  );
}

function Row({ silence, actions }: { readonly silence: Silence; readonly actions: AlertActions }) {
  const alerts = useFiring().data?.alerts ?? [];
  const hushed = alerts.filter((alert) => isHushed(alert, silence.matchers)).length;
  return (
    <li>
      <div className={styles.what}>
        <p>
          {Object.entries(silence.matchers).map(([label, value]) => (
            <code key={label}>
              {label.slice(0, 60)}={value.slice(0, 100)}
            </code>
          ))}
        </p>
        <p className={styles.why}>
          <BreakableText text={silence.reason} />
          {" · "}
          {silence.created_by.slice(0, 100)}
          {hushed > 0 && ` · ${countText(hushed)} firing and quiet`}
        </p>
      </div>
      <span className={styles.until} title={momentText(silence.ends_at)}>
        ends <TimeAgo timestamp={silence.ends_at} />
        <small>{`${silence.ends_at.slice(5, 16).replace("T", " ")} UTC`}</small>
      </span>
      <Button disabled={actions.isBusy} onClick={() => void actions.unsilence(silence.silence_id)}>
        End
      </Button>
    </li>
  );
}
