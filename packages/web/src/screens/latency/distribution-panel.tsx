// How values spread over time: a heatmap, or its table; which of them is in the address.

import type { HeatSlice } from "../../charts/heat-grid.ts";
import { Heatmap } from "../../charts/heatmap.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty, Panel } from "../../ui/panel.tsx";
import { useParameter } from "../../url/search-parameters.ts";
import { type TimeRange, useTimeRange } from "../../url/time-range.ts";

/** What is spread. */
export interface DistributionPanelProps {
  readonly className: string | undefined;
  readonly note: string;
  /** What it is, for screen readers. */
  readonly title: string;
  readonly bounds: readonly number[];
  readonly slices: readonly HeatSlice[];
  readonly stepSeconds: number;
  readonly range: TimeRange;
  readonly text: (value: number) => string;
  /** What is counted, in the plural. */
  readonly what: string;
}

/** The panel; a drag marks a range. */
export function DistributionPanel({ className, note, range, slices, ...rest }: DistributionPanelProps) {
  const { setFixed } = useTimeRange();
  const [shape, setShape] = useParameter("heat");
  const isTable = shape === "table";
  return (
    <Panel
      className={className}
      title="Distribution"
      note={note}
      actions={
        <Button isOn={isTable} onClick={() => setShape(isTable ? undefined : "table", true)}>
          Table
        </Button>
      }
    >
      {slices.length === 0 ? (
        <Empty>Nothing was measured in this range.</Empty>
      ) : (
        <Heatmap {...rest} slices={slices} from={range.from} to={range.to} isTable={isTable} onSelect={setFixed} />
      )}
    </Panel>
  );
}
