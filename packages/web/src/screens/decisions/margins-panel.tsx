// How far net edges were from their threshold, and which rejects nearly reached it.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ApiProblem } from "../../api/client.ts";
import { Histogram } from "../../charts/histogram.tsx";
import { drawnNumber } from "../../format/decimal-text.ts";
import { countText } from "../../format/number-text.ts";
import { Select } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import styles from "./margins-panel.module.css";
import { NearMisses } from "./near-misses.tsx";
import { DEFAULT_WITHIN, type Margins, withinOf } from "./use-margins.ts";

const WITHIN = ["1", "5", "10", "25", "50"];

/** The panel, of one unit. */
export function MarginsPanel({
  margins,
  className,
}: {
  readonly margins: UseQueryResult<Margins, ApiProblem>;
  readonly className: string | undefined;
}) {
  const { data } = margins;
  return (
    <Panel
      title="Net edge − threshold"
      note={data?.edge_unit ? `${countText(data.count)} in ${data.edge_unit}` : undefined}
      actions={<Choices units={data?.units ?? []} />}
      className={className}
      flush
    >
      <AnswerState
        answer={margins}
        isEmpty={({ count }) => count === 0}
        empty="No decision of this range has an edge: those that are judged by gates alone have no margin."
      >
        {(answer) => <Shown margins={answer} />}
      </AnswerState>
    </Panel>
  );
}

function Choices({ units }: { readonly units: readonly string[] }) {
  const [parameters, set] = useParameters();
  const within = withinOf(parameters);
  const others = WITHIN.filter((value) => value !== DEFAULT_WITHIN);
  return (
    <>
      {units.length > 1 && (
        <Select
          label="Unit"
          all={`in ${units[0]}`}
          value={parameters.get("edge_unit") ?? ""}
          options={units.slice(1).map((unit) => ({ value: unit, text: `in ${unit}` }))}
          onChange={(unit) => set({ edge_unit: unit })}
        />
      )}
      <Select
        label="Near misses"
        all={`near: ${DEFAULT_WITHIN} %`}
        value={within === DEFAULT_WITHIN ? "" : within}
        options={others.map((value) => ({ value, text: `near: ${value} %` }))}
        onChange={(value) => set({ within: value }, { replace: true })}
      />
    </>
  );
}

function Shown({ margins }: { readonly margins: Margins }) {
  const { bins, bin_width: binWidth, edge_unit: unit, near_misses: near } = margins;
  // Thresholds differ, and what is near is a share of each: shaded is as far as the farthest near miss of the edge.
  const farthest = near.samples.filter(({ gate }) => gate === "edge").map(({ margin }) => drawnNumber(margin));
  const shadedFrom = farthest.length === 0 ? undefined : Math.min(...farthest);
  return (
    <div className={styles.margins}>
      <Histogram
        label="Net edge minus threshold"
        bins={bins}
        binWidth={binWidth}
        unit={unit ?? ""}
        zeroLabel="threshold"
        shadedFrom={shadedFrom}
      />
      <NearMisses margins={margins} />
    </div>
  );
}
