// What a rule would have done in the last 24 hours, by the engine that would evaluate it.
import { useMemo } from "react";
import type { AlertSeverity } from "../../api/client.ts";
import { useNow } from "../../app/use-now.ts";
import { countText } from "../../format/number-text.ts";
import { ErrorNote, Loading, Panel } from "../../ui/panel.tsx";
import { figureText, lastedText, SEVERITIES } from "./alert-words.ts";
import { PreviewChart } from "./preview-chart.tsx";
import { previewSource } from "./preview-lines.ts";
import type { RuleDraft } from "./rule-draft.ts";
import styles from "./rule-preview.module.css";
import { type Backtest, useBacktest } from "./use-rule-trial.ts";

const MAX_FIRINGS = 8;

/** The preview; `rule` undefined: it is not one yet. */
export function RulePreview({ rule }: { readonly rule: RuleDraft | undefined }) {
  const trial = useBacktest(rule);
  const source = useMemo(() => (rule === undefined ? undefined : previewSource(rule)), [rule]);
  const severity: AlertSeverity = SEVERITIES.find((each) => each === rule?.["severity"]) ?? "warning";
  return (
    <Panel title="Last 24 hours" note={noteOf(rule, trial.isFetching)}>
      {rule === undefined ? (
        <p className={styles.none}>It is tried as soon as nothing is wrong with it.</p>
      ) : trial.error !== null && !trial.isPlaceholderData && trial.data === undefined ? (
        <ErrorNote error={trial.error} onRetry={() => void trial.refetch()} />
      ) : trial.data === undefined ? (
        <Loading />
      ) : (
        <div className={styles.preview} data-old={trial.isPlaceholderData}>
          <Verdict trial={trial.data} />
          {source !== undefined && <PreviewChart source={source} severity={severity} trial={trial.data} />}
        </div>
      )}
    </Panel>
  );
}

function noteOf(rule: RuleDraft | undefined, isFetching: boolean): string | undefined {
  if (rule === undefined) return undefined;
  return isFetching ? "trying" : "tried on what was recorded";
}

function Verdict({ trial }: { readonly trial: Backtest }) {
  const now = useNow();
  const { firings, notifications, has_flapped: hasFlapped, precision, problem } = trial;
  return (
    <>
      <p className={styles.verdict} role="status">
        {firings.length === 0 ? (
          "It would not have fired."
        ) : (
          <>
            It would have fired <b>{firings.length === 1 ? "once" : `${countText(firings.length)} times`}</b>
            {`, with ${notifications === 1 ? "1 message" : `${countText(notifications)} messages`}.`}
          </>
        )}
      </p>
      {problem !== null && <p className={styles.problem}>It could not be evaluated to the end: {problem}</p>}
      {hasFlapped && <p className={styles.warning}>It would have flapped: hold it for longer, or widen its window.</p>}
      {precision === "minute" && <p className={styles.none}>By whole minutes: single samples are gone.</p>}
      {firings.length > 0 && (
        <ol className={styles.firings}>
          {firings.slice(-MAX_FIRINGS).map((one) => (
            <li key={one.fired_at}>
              <time dateTime={one.fired_at}>{one.fired_at.slice(5, 19).replace("T", " ")}</time>
              <span>
                {one.resolved_at === null ? "still" : `for ${lastedText(one.fired_at, one.resolved_at, now)}`}
                {one.peak_value !== null && `, ${figureText(one.peak_value)} at worst`}
              </span>
            </li>
          ))}
          {firings.length > MAX_FIRINGS && <li>and {countText(firings.length - MAX_FIRINGS)} before</li>}
        </ol>
      )}
    </>
  );
}
