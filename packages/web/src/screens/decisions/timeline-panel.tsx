// Accepts and rejects over time, each on a scale of its own, since the ones are a hundred times as many as the others.
import { useMemo } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { TimeChart } from "../../charts/time-chart.tsx";
import { shortCountText } from "../../format/number-text.ts";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { type TimeRange, useTimeRange } from "../../url/time-range.ts";
import { scopeOf, useDecisionFilters } from "./decision-filters.ts";
import { fillSlices } from "./timeline-series.ts";

const AHEAD_SECONDS = 5;
const stepText = (seconds: number) => (seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`);

/** The panel. Dragging marks a range. */
export function TimelinePanel({
  range,
  className,
}: {
  readonly range: TimeRange;
  readonly className: string | undefined;
}) {
  const filters = useDecisionFilters();
  const { setFixed } = useTimeRange();
  const answer = useAnswer("/api/telemetry/decisions/timeline", {
    ...scopeOf(range, filters),
    step_seconds: range.stepSeconds,
  });
  return (
    <Panel title="Over time" note={`decisions per ${stepText(range.stepSeconds)}; drag to mark`} className={className}>
      <AnswerState
        answer={answer}
        isEmpty={({ slices }) => slices.length === 0}
        empty="No decisions in this range. Choose a longer one."
      >
        {(timeline) => <Charts timeline={timeline} range={range} onSelect={setFixed} />}
      </AnswerState>
    </Panel>
  );
}

function Charts({
  timeline,
  range: { name, from, to },
  onSelect,
}: {
  readonly timeline: Parameters<typeof fillSlices>[0];
  readonly range: TimeRange;
  readonly onSelect: (from: number, to: number) => void;
}) {
  // A moving range ends a little ahead of time, and a slice that has not begun is not empty.
  const end = name === undefined ? to : to - AHEAD_SECONDS;
  const { times, accepted, rejected } = useMemo(() => fillSlices(timeline, from, end), [timeline, from, end]);
  const shared = { times, from, to, text: shortCountText, onSelect };
  return (
    <>
      <TimeChart
        {...shared}
        title="Accepted decisions over time"
        series={[{ label: "Accepted", color: "accept", values: accepted, shape: "bars" }]}
        height={54}
        isOnTop
      />
      <TimeChart
        {...shared}
        title="Rejected decisions over time"
        series={[{ label: "Rejected", color: "reject", values: rejected, shape: "area" }]}
        height={80}
      />
    </>
  );
}
