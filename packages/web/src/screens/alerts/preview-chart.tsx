// What a rule looks at over the last day, the threshold over it, and a mark wherever it would have fired.
import { useMemo } from "react";
import type { AlertSeverity } from "../../api/client.ts";
import type { ChartMark } from "../../charts/chart-marks.ts";
import { TimeChart, type TimeSeries } from "../../charts/time-chart.tsx";
import { countText } from "../../format/number-text.ts";
import { Empty, Loading } from "../../ui/panel.tsx";
import { figureText } from "./alert-words.ts";
import { shownLines } from "./firings-by-group.ts";
import { groupText } from "./group-text.ts";
import type { PreviewLines } from "./preview-lines.ts";
import type { PreviewSource } from "./preview-source.ts";
import styles from "./rule-preview.module.css";
import { rangeOf, usePreviewLines } from "./use-preview-lines.ts";
import type { Backtest } from "./use-rule-trial.ts";

/** What the chart is given. */
export interface PreviewChartProps {
  readonly source: PreviewSource;
  readonly severity: AlertSeverity;
  readonly trial: Backtest;
}

/** Lines that can be told apart, and from the threshold. */
const COLORS = ["series-1", "series-2", "series-4", "series-5", "series-6"];

/** The chart. */
export function PreviewChart({ source, severity, trial }: PreviewChartProps) {
  const { lines: all, isPending } = usePreviewLines(source, trial);
  const marks = useMemo(() => marksOf(trial, severity), [trial, severity]);
  const [from, to] = rangeOf(trial);
  const drawn = useMemo(() => {
    const shown = { ...all, lines: shownLines(all.lines, trial.firings, COLORS.length) };
    return source.kind === "events" ? shown : fromEdge(shown, from);
  }, [all, trial, source, from]);
  if (isPending) return <Loading />;
  if (all.lines.every(({ values }) => values.every((value) => value === null)))
    return <Empty>Nothing of it came in the last 24 hours.</Empty>;
  const hidden = all.lines.length - drawn.lines.length;
  return (
    <>
      <p className={styles.what}>
        {whatText(source)}
        {hidden > 0 && `; ${countText(hidden)} more ${hidden === 1 ? "group is" : "groups are"} not drawn`}
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

function whatText({ kind, stepSeconds, symbol, aggregation, divisor }: PreviewSource): string {
  const minutes = stepSeconds / 60;
  const of = symbol === undefined ? "" : ` of ${symbol.slice(0, 60)}`;
  if (kind === "events") return `Events in each ${minutes} min${of}`;
  const by = divisor === undefined ? "" : `, divided by ${divisor.name.slice(0, 60)}`;
  return kind === "business" ? `Each value${by}` : `${aggregation} of each ${minutes} min${by}`;
}

function marksOf({ firings }: Backtest, severity: AlertSeverity): readonly ChartMark[] {
  return firings.map(({ fired_at: at, labels }) => {
    const group = groupText(labels);
    const text = `would have fired at ${at.slice(11, 19)} UTC`;
    return { time: Date.parse(at) / 1_000, severity, text: group === "" ? text : `${group}: ${text}` };
  });
}

function seriesOf({ kind, name, threshold }: PreviewSource, { times, lines }: PreviewLines): readonly TimeSeries[] {
  const drawn = lines.map(
    ({ labels, values }, i): TimeSeries => ({
      label: (groupText(labels) || name).slice(0, 60),
      color: COLORS[i] ?? "series-1",
      values,
      shape: kind === "events" ? "bars" : "line",
    }),
  );
  if (threshold === undefined) return drawn;
  return [...drawn, { label: "threshold", color: "reject", values: times.map(() => threshold), shape: "dashes" }];
}

/** The threshold begins at the edge, wherever the first value is. */
function fromEdge({ times, lines }: PreviewLines, from: number): PreviewLines {
  if ((times[0] ?? from) <= from) return { times, lines };
  return {
    times: [from, ...times],
    lines: lines.map(({ labels, values }) => ({ labels, values: [null, ...values] })),
  };
}
