// A metric of numbers: its largest series as lines, all of them in a table.
import { useMemo } from "react";
import { TimeChart } from "../../charts/time-chart.tsx";
import { countText } from "../../format/number-text.ts";
import { Panel } from "../../ui/panel.tsx";
import { useTimeRange } from "../../url/time-range.ts";
import type { MetricPanelProps } from "./metric-panel-props.ts";
import styles from "./metric-panels.module.css";
import { largestFirst, type NumberSeries, numberTotals, seriesNames } from "./metric-series.ts";
import { sliceTimes, sliceValues } from "./percentile-lines.ts";
import { SeriesTable } from "./series-table.tsx";

/** Lines that can be told apart. */
const MAX_LINES = 6;
const MAX_ROWS = 300;

/** Chart and table. */
export function NumberPanels(props: MetricPanelProps) {
  const { title, note, actions, filters, data, range, unit, text, axisText, what, step } = props;
  const { setFixed } = useTimeRange();
  const series = useMemo(() => largestFirst(data.numbers), [data.numbers]);
  const names = useMemo(() => seriesNames(series), [series]);
  const lines = useMemo(() => linesOf(series, names, data.step_seconds), [series, names, data.step_seconds]);
  return (
    <>
      <Panel className={styles.chart} title={title} note={note} actions={actions}>
        {filters}
        <p className={styles.what}>
          {series[0]?.type === "sum" ? `What came in each ${step}` : `The last value in each ${step}`}
          {what !== "" && `, in ${what.slice(0, 60)}`}
          {series.length > MAX_LINES && `, the ${MAX_LINES} largest of ${countText(series.length)} series`}
        </p>
        <TimeChart
          key={unit}
          title={title}
          {...lines}
          from={range.from}
          to={range.to}
          text={text}
          axisText={axisText}
          height={260}
          onSelect={setFixed}
        />
      </Panel>
      <NumberTable series={series} names={names} text={text} />
    </>
  );
}

interface NumberTableProps {
  readonly series: readonly NumberSeries[];
  readonly names: readonly string[];
  readonly text: (value: number) => string;
}

function NumberTable({ series, names, text }: NumberTableProps) {
  const isSum = series[0]?.type === "sum";
  const heads = ["Series", "Service", isSum ? "In the range" : "Last", "Least", "Most"];
  return (
    <SeriesTable note={`${countText(series.length)}, largest first`} heads={heads}>
      {series.slice(0, MAX_ROWS).map((one, i) => {
        const { last, sum, least, most } = numberTotals(one);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two series may be alike in everything that is known of them.
          <tr key={i}>
            <th scope="row">
              {i < MAX_LINES && <i style={{ background: `var(--series-${i + 1})` }} />}
              {names[i]?.slice(0, 200)}
            </th>
            <td>{one.service_name?.slice(0, 80)}</td>
            <td>{text(isSum ? sum : (last ?? Number.NaN))}</td>
            <td>{text(least ?? Number.NaN)}</td>
            <td>{text(most ?? Number.NaN)}</td>
          </tr>
        );
      })}
    </SeriesTable>
  );
}

/** The largest series as lines over all times that any of them has. */
function linesOf(series: readonly NumberSeries[], names: readonly string[], stepSeconds: number) {
  const drawn = series.slice(0, MAX_LINES);
  const known = [...new Set(drawn.flatMap((one) => one.slices.map(({ time }) => time)))].sort((a, b) => a - b);
  const times = sliceTimes(
    known.map((time) => ({ time })),
    stepSeconds,
  );
  return {
    times,
    series: drawn.map((one, i) => ({
      label: (names[i] as string).slice(0, 60),
      color: `series-${i + 1}`,
      values: sliceValues(times, one.slices, ({ value }) => value),
    })),
  };
}
