// What a rule looks at over the last day, the threshold over it, and a mark wherever it would have fired.
import { useMemo } from "react";
import { askableText } from "../../api/askable-text.ts";
import type { AlertSeverity } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { ChartMark } from "../../charts/chart-marks.ts";
import { TimeChart, type TimeSeries } from "../../charts/time-chart.tsx";
import { Empty, Loading } from "../../ui/panel.tsx";
import { figureText } from "./alert-words.ts";
import { businessLine, eventLine, type PreviewLine, type PreviewSource, systemLine } from "./preview-lines.ts";
import styles from "./rule-preview.module.css";
import type { Backtest } from "./use-rule-trial.ts";

/** What the chart is given. */
export interface PreviewChartProps {
  readonly source: PreviewSource;
  readonly severity: AlertSeverity;
  readonly trial: Backtest;
}

const FRESH_MS = 60_000;
const TWO_DAYS_S = 172_800;

/** The chart. */
export function PreviewChart({ source, severity, trial }: PreviewChartProps) {
  const { line, isPending } = useLine(source, trial);
  const marks = useMemo<readonly ChartMark[]>(
    () =>
      trial.firings.map((firing) => ({
        time: Date.parse(firing.fired_at) / 1_000,
        severity,
        text: `would have fired at ${firing.fired_at.slice(11, 19)} UTC`,
      })),
    [trial, severity],
  );
  const [from, to] = rangeOf(trial);
  if (isPending) return <Loading />;
  if (line.values.every((value) => value === null)) return <Empty>Nothing of it came in the last 24 hours.</Empty>;
  const minutes = source.stepSeconds / 60;
  const drawn = source.kind === "events" ? line : fromEdge(line, from);
  return (
    <>
      <p className={styles.what}>
        {source.kind === "events"
          ? `Events in each ${minutes} min`
          : source.kind === "business"
            ? "Each value"
            : `${source.aggregation} of each ${minutes} min`}
        {source.kind === "events" && source.symbol !== undefined && ` of ${source.symbol.slice(0, 60)}`}
      </p>
      <TimeChart
        key={`${source.kind} ${source.threshold}`}
        title="The rule over the last 24 hours"
        times={drawn.times}
        series={seriesOf(source, drawn)}
        from={from}
        to={to}
        text={figureText}
        height={180}
        marks={marks}
      />
    </>
  );
}

function seriesOf({ kind, name, threshold }: PreviewSource, { times, values }: PreviewLine): readonly TimeSeries[] {
  const line: TimeSeries = {
    label: name.slice(0, 60),
    color: "series-1",
    values,
    shape: kind === "events" ? "bars" : "line",
  };
  if (threshold === undefined) return [line];
  return [line, { label: "threshold", color: "reject", values: times.map(() => threshold), shape: "dashes" }];
}

function useLine(source: PreviewSource, trial: Backtest) {
  const { kind, name, symbol, stepSeconds } = source;
  const [from, to] = rangeOf(trial);
  const metric_name = askableText(name) ?? "";
  const query = { start_time: trial.start, end_time: trial.end };
  const options = (of: PreviewSource["kind"]) => ({ enabled: kind === of && metric_name !== "", freshMs: FRESH_MS });
  const events = useAnswer(
    "/api/telemetry/analytics/timeline",
    { ...query, symbol: askableText(symbol), step_seconds: stepSeconds },
    options("events"),
  );
  const system = useAnswer(
    "/api/telemetry/system-metrics/timeline",
    { ...query, metric_name, step_seconds: stepSeconds },
    options("system"),
  );
  // What is said of a day is recorded after it.
  const business = useAnswer(
    "/api/telemetry/business-metrics",
    {
      start_time: new Date((from - TWO_DAYS_S) * 1_000).toISOString(),
      end_time: trial.end,
      metric_name,
      limit: 10_000,
    },
    options("business"),
  );
  const line = useMemo<PreviewLine>(() => {
    switch (kind) {
      case "events":
        return eventLine(events.data?.slices ?? [], source, from, to);
      case "system":
        return systemLine(system.data?.series ?? [], source);
      case "business":
        return businessLine(business.data?.metrics ?? [], source, from, to);
    }
  }, [kind, source, from, to, events.data, system.data, business.data]);
  const answer = { events, system, business }[kind];
  return { line, isPending: answer.data === undefined && answer.isFetching };
}

/** The threshold begins at the edge, wherever the first value is. */
function fromEdge({ times, values }: PreviewLine, from: number): PreviewLine {
  return (times[0] ?? from) <= from ? { times, values } : { times: [from, ...times], values: [null, ...values] };
}

function rangeOf({ start, end }: Backtest): readonly [number, number] {
  return [Date.parse(start) / 1_000, Date.parse(end) / 1_000];
}
