// The list of traces: newest by pages or slowest, filtered; it holds still while somebody is in it.
import { useRef, useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { Button } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useRowWalk } from "../../ui/use-row-walk.ts";
import { useParameters } from "../../url/search-parameters.ts";
import { type TimeRange, useTimeRange } from "../../url/time-range.ts";
import { FoundEvents } from "./found-events.tsx";
import { TraceFilterBar } from "./trace-filter-bar.tsx";
import styles from "./trace-list.module.css";
import { isFiltered, type TraceFilters, traceFilters } from "./trace-parameters.ts";
import { TraceTable } from "./trace-table.tsx";

const PAGE = 100;

/** The list with its filters. */
export function TraceList() {
  const [parameters, set] = useParameters();
  const { range } = useTimeRange();
  const filters = traceFilters(parameters);
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = isPointed || isFocused;
  const shown = useHeld(range, isHeld && filters.before === undefined);
  const symbol = parameters.get("symbol") ?? undefined;
  const answer = useAnswer("/api/telemetry/traces", queryOf(filters, shown, symbol));
  const list = useRef<HTMLDivElement>(null);
  useRowWalk("Traces", "trace", list);
  const next = answer.data?.next_before ?? undefined;
  return (
    <div className={styles.screen}>
      <TraceFilterBar filters={filters} traces={answer.data?.traces ?? []} />
      {filters.text !== undefined && <FoundEvents text={filters.text} range={range} />}
      <Panel
        className={styles.panel}
        title={filters.isSlowest ? "Slowest traces" : "Newest traces"}
        note={filters.before === undefined ? shown.label : `before ${filters.before.replace("T", " ")}`}
        actions={
          <>
            {isHeld && shown !== range && <span className={styles.held}>holding still while you are in the list</span>}
            {filters.before !== undefined && <Button onClick={() => set({ before: undefined })}>To the newest</Button>}
            <Button disabled={next === undefined} onClick={() => set({ before: next })}>
              Older
            </Button>
          </>
        }
        flush
      >
        <AnswerState
          answer={answer}
          isEmpty={(data) => data.traces.length === 0}
          empty={<Nothing isFiltered={isFiltered(filters) || symbol !== undefined} label={shown.label} />}
        >
          {(data) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: whoever points at a row, or walks to it, does not want it to move away.
            <div
              ref={list}
              className={styles.list}
              onPointerEnter={() => setPointed(true)}
              onPointerLeave={() => setPointed(false)}
              onFocus={() => setFocused(true)}
              onBlur={() => setFocused(false)}
            >
              <TraceTable traces={data.traces} withDay={shown.to - shown.from > 43_200 || shown.name === undefined} />
            </div>
          )}
        </AnswerState>
      </Panel>
    </div>
  );
}

function Nothing({ isFiltered: isNarrow, label }: { readonly isFiltered: boolean; readonly label: string }) {
  return isNarrow
    ? `No trace matches in the ${label}. Take a filter away, or choose a longer range.`
    : `No trace was kept in the ${label}. Choose a longer range, or send traces: OTLP/HTTP to /v1/traces.`;
}

function queryOf(filters: TraceFilters, range: TimeRange, symbol: string | undefined) {
  return {
    start_time: range.startTime,
    end_time: range.endTime,
    service: filters.service,
    operation: filters.operation,
    symbol,
    decision: filters.decision,
    reason_code: filters.reason,
    min_duration_ms: filters.min === undefined ? undefined : Number(filters.min),
    has_error: filters.isErrorsOnly ? ("true" as const) : undefined,
    sort: filters.isSlowest ? ("slowest" as const) : ("newest" as const),
    limit: PAGE,
    before: filters.before,
  };
}

/** The range as it was when it began to be held. */
function useHeld(range: TimeRange, isHeld: boolean): TimeRange {
  const held = useRef(range);
  const isOther = held.current.name !== range.name || range.name === undefined;
  if (!isHeld || isOther) held.current = range;
  return held.current;
}
