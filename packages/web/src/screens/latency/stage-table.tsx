// One row for each stage, in their order: percentiles over time, and over the whole range.
import { useMemo } from "react";
import { Sparkline, SparklineAxis } from "../../charts/sparkline.tsx";
import { durationText } from "../../format/duration-text.ts";
import { countText } from "../../format/number-text.ts";
import type { TimeRange } from "../../url/time-range.ts";
import { PERCENTILES, sliceTimes, sliceValues } from "./percentile-lines.ts";
import type { Latency, Stage } from "./stage-latency.ts";
import styles from "./stage-table.module.css";

/** The table; a click on a row shows that stage below. */
export function StageTable({
  latency,
  range,
  chosen,
  onChoose,
}: {
  readonly latency: Latency;
  readonly range: TimeRange;
  readonly chosen: string | undefined;
  readonly onChoose: (stage: string) => void;
}) {
  const { stages, step_seconds: step } = latency;
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col" className={styles.over}>
              <SparklineAxis from={range.from} to={range.to} title="p50 to p99" />
            </th>
            <th scope="col">Passes</th>
            <th scope="col">Mean</th>
            <th scope="col">p50</th>
            <th scope="col">p90</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage, i) => (
            <StageRow
              key={stage.stage}
              stage={stage}
              step={step}
              range={range}
              hint={i < 9 ? `Show below (${i + 1})` : "Show below"}
              isChosen={stage.stage === chosen}
              onChoose={() => onChoose(stage.stage)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface StageRowProps {
  readonly stage: Stage;
  readonly step: number;
  readonly range: TimeRange;
  readonly hint: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function StageRow(props: StageRowProps) {
  const { stage, hint, isChosen, onChoose } = props;
  return (
    <tr data-chosen={isChosen} onClick={onChoose}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={isChosen}
          title={hint}
          onClick={(event) => {
            event.stopPropagation();
            onChoose();
          }}
        >
          {stage.stage === "" ? "(no name)" : stage.stage}
        </button>
      </th>
      <td className={styles.over}>
        <StageLine {...props} />
      </td>
      <td>{countText(stage.count)}</td>
      <td>{durationText(stage.mean_ms)}</td>
      <td className={styles.large}>{durationText(stage.p50_ms)}</td>
      <td>{durationText(stage.p90_ms)}</td>
      <td>{durationText(stage.p95_ms)}</td>
      <td className={styles.large}>{durationText(stage.p99_ms)}</td>
    </tr>
  );
}

function StageLine({ stage, step, range }: StageRowProps) {
  const lines = useMemo(() => {
    const times = sliceTimes(stage.slices, step);
    return {
      times,
      lower: { color: LOWER.color, values: sliceValues(times, stage.slices, (slice) => slice[LOWER.key]) },
      upper: { color: UPPER.color, values: sliceValues(times, stage.slices, (slice) => slice[UPPER.key]) },
    };
  }, [stage.slices, step]);
  return (
    <Sparkline
      label={labelOf(stage)}
      {...lines}
      axis={{ from: range.from, to: range.to, stepSeconds: step }}
      text={durationText}
    />
  );
}

/** The ends of the band, in the colours that they have in the chart below. */
const [LOWER, , , UPPER] = PERCENTILES;

/** What the eye sees in the band, for whoever listens. */
function labelOf({ stage, slices }: Stage): string {
  const parts = [LOWER, UPPER].map(({ name, key }) => {
    const values = slices.flatMap((slice) => slice[key] ?? []);
    if (values.length === 0) return `${name} not known`;
    const least = values.reduce((low, value) => Math.min(low, value));
    const most = values.reduce((top, value) => Math.max(top, value));
    return least === most
      ? `${name} ${durationText(least)}`
      : `${name} ${durationText(least)} to ${durationText(most)}`;
  });
  return `${stage || "(no name)"} over time: ${parts.join(", ")}`;
}
