// The edge: what decisions expected to earn and to pay. No metric has it, since figures of different units must not be summed;
// the decisions' log records do.
import { edgeMean, edgeQuantile, marginQuantile } from "./logql.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { trend } from "./panels.ts";
import { logql } from "./targets.ts";

const COSTS = {
  fees_est: "fees",
  slippage_est: "slippage",
  gas_est: "gas",
  latency_buffer: "latency buffer",
} as const;

/** Net edge, its margin to the threshold, and the costs. */
export function edge(): PanelDraft[] {
  return [...balance(), ...costs()];
}

function balance(): PanelDraft[] {
  const quantiles = [0.1, 0.5, 0.9];
  const noData = "no decision with an edge in the logs of this time range";
  return [
    trend({
      title: "Net edge of decisions",
      means:
        "Gross edge minus fees, slippage, gas and latency buffer: the lower tenth, the middle and the upper tenth, in the unit of the strategy (bps, USD).",
      whenBad: "A middle below zero: the strategy sees chances that costs eat up. Compare the costs beside.",
      unit: "none",
      decimals: 2,
      noData,
      width: 8,
      targets: quantiles.map((q) => logql(edgeQuantile(q, "net_edge"), `p${q * 100} {{trading_edge_unit}}`)),
    }),
    trend({
      title: "Margin to the threshold",
      means:
        "Net edge minus its threshold: at 0 and above the edge was enough. Its upper tenth says how near the misses are.",
      whenBad:
        "Just below 0 for long: a slightly lower threshold or cost would trade. `tracebook` can replay it before you change it.",
      unit: "none",
      decimals: 2,
      limits: { below: { act: 0 } },
      noData,
      width: 8,
      targets: quantiles.map((q) => logql(marginQuantile(q), `p${q * 100} {{trading_edge_unit}}`)),
    }),
  ];
}

function costs(): PanelDraft[] {
  const noData = "no decision with an edge in the logs of this time range";
  return [
    trend({
      title: "Where the edge goes",
      means: "Mean of the gross edge and of what is taken from it: fees, slippage, gas, latency buffer.",
      whenBad: "Slippage that grows: books are thin or orders too large. Fees that jump: the fee tier has changed.",
      unit: "none",
      decimals: 2,
      noData,
      width: 8,
      targets: [
        logql(edgeMean("gross_edge"), "gross edge {{trading_edge_unit}}"),
        ...Object.entries(COSTS).map(([field, name]) =>
          logql(edgeMean(field as keyof typeof COSTS), `${name} {{trading_edge_unit}}`),
        ),
      ],
    }),
  ];
}
