// The scores of generated signals: their mean, and how many were how sure.
import { useAnswer } from "../../api/use-answer.ts";
import { ConfidenceBars } from "../../charts/confidence-bars.tsx";
import { countText } from "../../format/number-text.ts";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import styles from "./confidence-panel.module.css";

/** The distribution. */
export function ConfidencePanel({ className }: { readonly className: string | undefined }) {
  const { range } = useTimeRange();
  const [parameters] = useParameters();
  const answer = useAnswer(
    "/api/telemetry/analytics/confidence",
    { start_time: range.startTime, end_time: range.endTime, symbol: parameters.get("symbol") ?? undefined },
    { freshMs: 30_000 },
  );
  return (
    <Panel className={className} title="Confidence of signals" note={range.label}>
      <AnswerState
        answer={answer}
        isEmpty={({ count }) => count === 0}
        empty="No signal with a confidence_score was generated in this range."
      >
        {({ avg, count, buckets }) => (
          <div className={styles.content}>
            <p>
              <b>{avg === null ? "–" : avg.toFixed(1)}</b> mean of {countText(count)} scores, 0 to 100
            </p>
            <ConfidenceBars buckets={buckets} mean={avg} />
          </div>
        )}
      </AnswerState>
    </Panel>
  );
}
