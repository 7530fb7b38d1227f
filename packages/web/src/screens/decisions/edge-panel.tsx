// The edge of one decision as a waterfall: gross, minus each cost, is net, held against the threshold.
import { compareDecimals, parseDecimal } from "@tracebook/decisions";
import { EdgeWaterfall, type WaterfallRow } from "../../charts/edge-waterfall.tsx";
import { Empty, Panel } from "../../ui/panel.tsx";
import { changedCost } from "./changed-cost.ts";
import type { DecisionAnswer } from "./decision-record.ts";
import type { OneJudged } from "./judge-one.ts";
import { COST_LABELS, COST_NAMES, type WhatIf } from "./what-if-parameters.ts";

/** The panel. `judged`: what would have been, drawn beside it. */
export function EdgePanel({
  answer: { decision },
  whatIf,
  judged,
  className,
}: {
  readonly answer: DecisionAnswer;
  readonly whatIf: WhatIf;
  readonly judged: OneJudged;
  readonly className: string | undefined;
}) {
  const { net_edge: net, gross_edge: gross, min_threshold: threshold, edge_unit: unit } = decision;
  const other = typeof judged === "object" ? judged : undefined;
  const otherwise = (recorded: string | null, value: string | undefined) =>
    value === undefined || value === recorded ? undefined : value;
  const otherNet = otherwise(net, other?.net_edge);
  const otherThreshold = otherwise(threshold, other?.min_threshold);
  const rows: WaterfallRow[] = [
    { kind: "start", label: "Gross edge", amount: gross },
    ...COST_NAMES.map((name) => ({
      kind: "cost" as const,
      label: COST_LABELS[name],
      amount: decision[name],
      otherwise: other && otherwise(decision[name], changedCost(decision[name], whatIf.costs[name])),
    })),
    { kind: "result", label: "Net edge", amount: net, isReached: reaches(net, threshold), otherwise: otherNet },
  ];
  // A cost that is not on the record was none.
  const shown = rows.filter(({ kind, amount, otherwise: changed }) => kind !== "cost" || amount !== null || changed);
  return (
    <Panel title="Edge" note={unit === null ? undefined : `in ${unit}`} className={className}>
      {net === null && gross === null ? (
        <Empty>This decision has no edge: its gates, or a veto, decided.</Empty>
      ) : (
        <EdgeWaterfall
          label={`Edge${unit === null ? "" : ` in ${unit}`}, against the threshold`}
          rows={shown}
          unit={unit}
          line={{ label: "threshold", amount: threshold, otherwise: otherThreshold }}
        />
      )}
    </Panel>
  );
}

function reaches(net: string | null, threshold: string | null): boolean | undefined {
  if (net === null || threshold === null) return undefined;
  try {
    return compareDecimals(parseDecimal(net), parseDecimal(threshold)) >= 0;
  } catch {
    return undefined;
  }
}
