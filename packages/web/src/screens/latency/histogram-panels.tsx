// A metric of histograms: percentiles over time, how the values spread, and all series in a table.
import { useMemo } from "react";
import { TimeChart } from "../../charts/time-chart.tsx";
import { countText } from "../../format/number-text.ts";
import { Panel } from "../../ui/panel.tsx";
import { useTimeRange } from "../../url/time-range.ts";
import { DistributionPanel } from "./distribution-panel.tsx";
import type { MetricPanelProps } from "./metric-panel-props.ts";
import styles from "./metric-panels.module.css";
import { type HistogramSlice, histogramTotals, mergeHistograms, seriesNames } from "./metric-series.ts";
import { PERCENTILES, sliceTimes, sliceValues } from "./percentile-lines.ts";
import { SeriesTable } from "./series-table.tsx";

const MAX_ROWS = 300;

/** Charts and table. */
export function HistogramPanels(props: MetricPanelProps) {
  const { title, note, actions, filters, data, range, unit, text, axisText, what, step } = props;
  const { setFixed } = useTimeRange();
  const merged = useMemo(() => mergeHistograms(data.histograms), [data.histograms]);
  const lines = useMemo(() => linesOf(merged?.slices ?? [], data.step_seconds), [merged, data.step_seconds]);
  return (
    <>
      <Panel className={styles.chart} title={title} note={note} actions={actions}>
        {filters}
        <p className={styles.what}>
          Percentiles of each {step}
          {what !== "" && `, in ${what.slice(0, 60)}`}
          {data.histograms.length > 1 && `, of ${countText(data.histograms.length)} series together`}
        </p>
        <TimeChart
          key={unit}
          title={title}
          {...lines}
          from={range.from}
          to={range.to}
          text={text}
          axisText={axisText}
          height={170}
          onSelect={setFixed}
        />
      </Panel>
      {merged !== undefined && (
        <DistributionPanel
          className={styles.heat}
          note="drag to mark a range"
          title={`${title} over time`}
          bounds={merged.bounds}
          slices={merged.slices}
          stepSeconds={data.step_seconds}
          range={range}
          text={text}
          what="values"
        />
      )}
      <HistogramTable {...props} />
    </>
  );
}

function HistogramTable({ data, text }: MetricPanelProps) {
  const names = useMemo(() => seriesNames(data.histograms), [data.histograms]);
  const heads = ["Series", "Values", "Mean", ...PERCENTILES.map(({ name }) => name)];
  return (
    <SeriesTable note={countText(data.histograms.length)} heads={heads}>
      {data.histograms.slice(0, MAX_ROWS).map((one, i) => {
        const { count, mean, percentiles } = histogramTotals(one);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two series may be alike in everything that is known of them.
          <tr key={i}>
            <th scope="row">{names[i]?.slice(0, 200)}</th>
            <td>{countText(count)}</td>
            <td>{text(mean ?? Number.NaN)}</td>
            {PERCENTILES.map(({ name }, j) => (
              <td key={name}>{text(percentiles[j] ?? Number.NaN)}</td>
            ))}
          </tr>
        );
      })}
    </SeriesTable>
  );
}

function linesOf(slices: readonly HistogramSlice[], stepSeconds: number) {
  const times = sliceTimes(slices, stepSeconds);
  return {
    times,
    series: PERCENTILES.map(({ name, color }, i) => ({
      label: name,
      color,
      values: sliceValues(times, slices, ({ percentiles }) => percentiles[i]),
    })),
  };
}
