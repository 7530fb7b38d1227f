// What if: recorded decisions judged again under other thresholds and costs, and what that would have changed.
import { useMemo } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { Histogram } from "../../charts/histogram.tsx";
import { drawnNumber } from "../../format/decimal-text.ts";
import { momentText } from "../../format/time-text.ts";
import { Button, Select } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { type TimeRange, useTimeRange } from "../../url/time-range.ts";
import { scopeOf, useDecisionFilters } from "./decision-filters.ts";
import { FlipList } from "./flip-list.tsx";
import { recordedAmounts, recordedThresholds } from "./recorded-amounts.ts";
import { useHeldRange } from "./steady-range.ts";
import { thresholdMove } from "./threshold-move.ts";
import { useDebounced } from "./use-debounced.ts";
import type { Margins } from "./use-margins.ts";
import { useWhatIf, WhatIfControls } from "./what-if-controls.tsx";
import { isUnchanged, noChange, toWhatIfQuery } from "./what-if-parameters.ts";
import { WhatIfResult } from "./what-if-result.tsx";
import styles from "./what-if-view.module.css";

const SETTLE_MS = 200;
const USUAL = 200;
const GATES_OF = 100;
const MOST = 100_000;
const ALL = 1_000_000;
/** What is asked where no decision has an edge: gates have no unit, and are judged whatever it is. */
const NO_UNIT = "none";

/** The view. Its range is held, so that two answers are about the same decisions. */
export function WhatIfView() {
  const { range } = useTimeRange();
  const [held, renew] = useHeldRange(range);
  const filters = useDecisionFilters();
  const margins = useAnswer(
    "/api/telemetry/decisions/margins",
    { ...scopeOf(held, filters), edge_unit: filters.edgeUnit, within_percent: undefined, bins: 60 },
    { freshMs: 300_000 },
  );
  const { data } = margins;
  if (data === undefined) return <AnswerState answer={margins}>{() => null}</AnswerState>;
  // The most used unit, unless the address has another.
  const unit = filters.edgeUnit ?? data.units[0];
  return (
    <div className={styles.view}>
      <Controls range={held} unit={unit} margins={data} />
      <Result range={held} unit={unit} onRenew={renew} />
    </div>
  );
}

function Controls({
  range,
  unit,
  margins,
}: {
  readonly range: TimeRange;
  readonly unit: string | undefined;
  readonly margins: Margins;
}) {
  const [parameters, set] = useParameters();
  const { amounts, gates } = useRecorded(range, unit);
  const whatIf = useWhatIf();
  const { units } = margins;
  return (
    <Panel
      title="Judge by"
      className={styles.controls}
      actions={
        <>
          {units.length > 1 && (
            <Select
              label="Unit"
              all={`in ${units[0]}`}
              value={parameters.get("edge_unit") ?? ""}
              options={units.slice(1).map((one) => ({ value: one, text: `in ${one}` }))}
              // Amounts of one unit mean nothing in another.
              onChange={(edgeUnit) => set({ ...noChange(parameters), edge_unit: edgeUnit })}
            />
          )}
          <Button disabled={isUnchanged(whatIf)} onClick={() => set(noChange(parameters))}>
            As recorded
          </Button>
        </>
      }
    >
      <WhatIfControls unit={unit} amounts={amounts} gates={gates} />
      <p className={styles.note}>Recorded amounts are those of the newest {USUAL} decisions.</p>
      {margins.count > 0 && (
        <Histogram
          label="Net edge minus threshold, as recorded"
          bins={margins.bins}
          binWidth={margins.bin_width}
          unit={margins.edge_unit ?? ""}
          zeroLabel="threshold"
          movedTo={drawn(thresholdMove(whatIf.threshold, amounts.min_threshold))}
        />
      )}
    </Panel>
  );
}

/** What is usual: the amounts of recent decisions, and the gates of the events that carried them. */
function useRecorded(range: TimeRange, unit: string | undefined) {
  const { start_time, end_time, symbol, strategy } = scopeOf(range, useDecisionFilters());
  const usual = { freshMs: 300_000 };
  const recent = useAnswer(
    "/api/telemetry/decisions",
    { start_time, end_time, symbol, strategy, ...NO_FILTER, edge_unit: unit, limit: USUAL },
    usual,
  ).data;
  const events = useAnswer(
    "/api/telemetry/events",
    { start_time, end_time, symbol, event_type: "decision", run_id: undefined, offset: undefined, limit: GATES_OF },
    usual,
  ).data;
  const amounts = useMemo(() => recordedAmounts(recent?.decisions ?? []), [recent]);
  const gates = useMemo(() => recordedThresholds((events?.events ?? []).map(({ data }) => data.gates)), [events]);
  return { amounts, gates };
}

function drawn(text: string | undefined): number | undefined {
  const value = drawnNumber(text);
  return Number.isFinite(value) ? value : undefined;
}

function Result({
  range,
  unit,
  onRenew,
}: {
  readonly range: TimeRange;
  readonly unit: string | undefined;
  readonly onRenew: () => void;
}) {
  const [parameters, set] = useParameters();
  const isAll = parameters.get("decisions") === "all";
  const whatIf = useWhatIf();
  const query = useDebounced(toWhatIfQuery(whatIf), SETTLE_MS);
  const answer = useAnswer(
    "/api/telemetry/whatif",
    {
      ...scopeOf(range, useDecisionFilters()),
      ...query,
      edge_unit: unit ?? NO_UNIT,
      max_decisions: isAll ? ALL : MOST,
    },
    { freshMs: 60_000 },
  );
  const isBehind = answer.isPlaceholderData || JSON.stringify(query) !== JSON.stringify(toWhatIfQuery(whatIf));
  return (
    <Panel
      title="What would have been"
      note={`${range.label}, up to ${momentText(range.endTime).slice(0, 19)} UTC`}
      actions={
        <Button onClick={onRenew} title="Judge what has come in since as well">
          Up to now
        </Button>
      }
      className={styles.result}
      flush
    >
      <AnswerState answer={answer} isEmpty={({ examined }) => examined === 0} empty={EMPTY}>
        {(result) => (
          <div className={styles.outcome} aria-busy={isBehind}>
            <WhatIfResult
              result={result}
              unit={unit}
              isUnchanged={isUnchanged(whatIf)}
              onAll={isAll ? undefined : () => set({ decisions: "all" }, { replace: true })}
            />
            <FlipList result={result} />
          </div>
        )}
      </AnswerState>
    </Panel>
  );
}

const EMPTY = "There are no decisions in this range to judge again. Choose a longer one, or take filters out.";
const NO_FILTER = { decision: undefined, reason_code: undefined, before_id: undefined };
