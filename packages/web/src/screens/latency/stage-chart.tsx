// The percentiles of one stage: large for the range, and as lines over time.
import { useMemo, useRef } from "react";
import { TimeChart } from "../../charts/time-chart.tsx";
import { useElementSize } from "../../charts/use-element-size.ts";
import { durationText } from "../../format/duration-text.ts";
import { Empty, Panel } from "../../ui/panel.tsx";
import { type TimeRange, useTimeRange } from "../../url/time-range.ts";
import { PERCENTILES, sliceTimes, sliceValues } from "./percentile-lines.ts";
import styles from "./stage-chart.module.css";
import type { Latency, Stage } from "./stage-latency.ts";

/** What of a stage is shown, and where. */
export interface StagePanelProps {
  readonly latency: Latency;
  readonly stage: Stage;
  readonly range: TimeRange;
  readonly className: string | undefined;
}

/** Room for the legend and the space around the chart, in pixels; it takes two lines where it is narrow. */
const LEGEND_HEIGHT = 22;
const TWO_LINES_HEIGHT = 42;
const NARROW = 420;

/** The chart with its figures. */
export function StageChart({ latency, stage, range, className }: StagePanelProps) {
  const { setFixed } = useTimeRange();
  const host = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(host);
  const legend = width >= NARROW ? LEGEND_HEIGHT : TWO_LINES_HEIGHT;
  const { slices } = stage;
  const step = latency.step_seconds;
  const { times, series } = useMemo(() => {
    const all = sliceTimes(slices, step);
    return {
      times: all,
      series: PERCENTILES.map(({ name, key, color }) => ({
        label: name,
        color,
        values: sliceValues(all, slices, (slice) => slice[key]),
      })),
    };
  }, [slices, step]);
  return (
    <Panel
      className={className}
      title={stage.stage === "" ? "(no name)" : stage.stage}
      note={<Figures stage={stage} />}
      actions={<span className={styles.step}>each point {durationText(step * 1000)}</span>}
    >
      <div ref={host} className={styles.host}>
        {times.length === 0 ? (
          <Empty>This stage was not reached in this range.</Empty>
        ) : (
          <TimeChart
            title={`Percentiles of ${stage.stage} over time`}
            times={times}
            series={series}
            from={range.from}
            to={range.to}
            text={durationText}
            height={Math.max(110, height - legend)}
            isLogarithmic
            onSelect={setFixed}
          />
        )}
      </div>
    </Panel>
  );
}

function Figures({ stage }: { readonly stage: Stage }) {
  return (
    <span className={styles.figures}>
      {PERCENTILES.map(({ name, key }) => (
        <span key={name}>
          {name} <b>{durationText(stage[key])}</b>
        </span>
      ))}
    </span>
  );
}
