// The chosen metric over time: its percentiles where it has some, else its series.
import { useMemo } from "react";
import { Link } from "wouter";
import { askableText } from "../../api/askable-text.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { TimeChart } from "../../charts/time-chart.tsx";
import { durationText } from "../../format/duration-text.ts";
import { toUcum } from "../../format/metric-unit.ts";
import { countText } from "../../format/number-text.ts";
import { unitAxisText, unitName, unitText } from "../../format/unit-text.ts";
import { AnswerState, Empty, Panel } from "../../ui/panel.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { useSteadySpan } from "../../url/steady-span.ts";
import { useTimeRange } from "../../url/time-range.ts";
import styles from "./metric-panel.module.css";
import type { Performance } from "./performance-order.ts";
import { hasPercentiles, MAX_LINES, meanLines, percentileLines } from "./timeline-lines.ts";
import { type Timeline, type TimelineSeries, useTimeline } from "./use-timeline.ts";

/** What is shown. */
export interface MetricPanelProps {
  readonly className: string | undefined;
  readonly row: Performance | undefined;
  /** Whether the table is there to choose from. */
  readonly isKnown: boolean;
  /** What the address asks for; the table may not have it (any more). */
  readonly name: string | undefined;
}

/** The panel. */
export function MetricPanel({ className, row, isKnown, name }: MetricPanelProps) {
  const answer = useTimeline(row?.metric_name, row?.service_name ?? undefined);
  if (row === undefined)
    return (
      <Panel className={className} title={name?.split("|")[0]?.slice(0, 255) ?? "No metric"}>
        <Empty>
          {isKnown && name !== undefined ? "No value of it in this range." : "Choose a metric at the left."}
        </Empty>
      </Panel>
    );
  return (
    <Panel
      className={className}
      title={row.metric_name.slice(0, 255)}
      note={row.service_name?.slice(0, 100)}
      actions={<DistributionLink metric={row.metric_name} />}
    >
      {askableText(row.metric_name) === undefined ? (
        <Empty>Its name is too long to ask for its values.</Empty>
      ) : (
        <AnswerState answer={answer}>{(data) => <MetricChart data={data} row={row} />}</AnswerState>
      )}
    </Panel>
  );
}

function MetricChart({ data, row }: { readonly data: Timeline; readonly row: Performance }) {
  const { range, setFixed } = useTimeRange();
  const series = useMemo(
    () =>
      data.series.filter(
        (one) => one.metric_unit === row.metric_unit && (one.service_name ?? "") === (row.service_name ?? ""),
      ),
    [data.series, row.metric_unit, row.service_name],
  );
  const isSpread = hasPercentiles(series);
  const lines = useMemo(
    () => (isSpread ? percentileLines(series, data.step_seconds) : meanLines(series, data.step_seconds)),
    [series, isSpread, data.step_seconds],
  );
  const unit = toUcum(row.metric_unit);
  if (lines.times.length === 0) return <Empty>No value of it in this range.</Empty>;
  return (
    <>
      <p className={styles.what}>{captionOf(series, data, unit, isSpread)}</p>
      <TimeChart
        key={`${row.metric_name} ${unit}`}
        title={`${row.metric_name} over time`}
        {...lines}
        from={range.from}
        to={range.to}
        text={unitText(unit)}
        axisText={unitAxisText(unit)}
        height={286}
        onSelect={setFixed}
      />
    </>
  );
}

function captionOf(series: readonly TimelineSeries[], data: Timeline, unit: string, isSpread: boolean): string {
  const step = durationText(data.step_seconds * 1_000);
  const what = unitName(unit);
  const count = countText(series.length);
  return [
    isSpread ? `Percentiles of each ${step}` : `The mean of each ${step}`,
    what === "" ? "" : `in ${what.slice(0, 60)}`,
    isSpread && series.length > 1 ? `the largest of ${count} series` : "",
    !isSpread && series.length > MAX_LINES ? `the ${MAX_LINES} largest of ${count} series` : "",
    data.looked_back_to === null ? "" : `back to ${data.looked_back_to.slice(0, 16).replace("T", " ")} UTC`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** What came by OTLP has its labels and its distribution in the explorer. */
function DistributionLink({ metric }: { readonly metric: string }) {
  const { query } = useSteadySpan();
  const [parameters] = useParameters();
  const known = useAnswer("/api/telemetry/metrics", query, { freshMs: 60_000 });
  if (!(known.data?.metrics.some(({ name }) => name === metric) ?? false)) return null;
  return <Link href={sharedAddress("/latency", parameters, { view: "metrics", metric })}>By label</Link>;
}
