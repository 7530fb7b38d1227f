// What a rule would have done in the last 24 hours, by the engine that would evaluate it.
import { useMemo } from "react";
import type { AlertSeverity } from "../../api/client.ts";
import { countText } from "../../format/number-text.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { ErrorNote, Loading, Panel } from "../../ui/panel.tsx";
import { SEVERITIES } from "./alert-words.ts";
import { FiringList } from "./firing-list.tsx";
import { firedGroups } from "./firings-by-group.ts";
import { PreviewChart } from "./preview-chart.tsx";
import { previewSource } from "./preview-source.ts";
import type { RuleDraft } from "./rule-draft.ts";
import styles from "./rule-preview.module.css";
import { type Backtest, useBacktest } from "./use-rule-trial.ts";

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
          <Verdict trial={trial.data} isGrouped={(source?.by.length ?? 0) > 0} />
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

function Verdict({ trial, isGrouped }: { readonly trial: Backtest; readonly isGrouped: boolean }) {
  const { firings, notifications, has_flapped: hasFlapped, precision, problem } = trial;
  const groups = useMemo(() => firedGroups(firings), [firings]);
  const inGroups = groups.length === 1 ? " in 1 group" : ` in ${countText(groups.length)} groups`;
  return (
    <>
      <p className={styles.verdict} role="status">
        {firings.length === 0 ? (
          "It would not have fired."
        ) : (
          <>
            It would have fired <b>{firings.length === 1 ? "once" : `${countText(firings.length)} times`}</b>
            {isGrouped && inGroups}
            {`, with ${notifications === 1 ? "1 message" : `${countText(notifications)} messages`}.`}
          </>
        )}
      </p>
      {problem !== null && (
        <p className={styles.problem}>
          <BreakableText text={`It could not be evaluated to the end: ${problem}`} />
        </p>
      )}
      {hasFlapped && <p className={styles.warning}>It would have flapped: hold it for longer, or widen its window.</p>}
      {precision === "minute" && <p className={styles.none}>By whole minutes: single samples are gone.</p>}
      {firings.length > 0 && <FiringList firings={firings} groups={isGrouped ? groups : []} />}
    </>
  );
}
