// A what-if for programs.
import type { FlipCount, WhatIfChange } from "@tracebook/decisions";
import { printableJson } from "../printable.ts";
import type { WhatIfAnswer } from "./whatif-text.ts";

/** Of a record that flips; the names of the API. */
const SHOWN_FIELDS = [
  "timestamp",
  "trace_id",
  "symbol",
  "strategy",
  "decision",
  "reason_code",
  "edge_unit",
  "gross_edge",
  "fees_est",
  "slippage_est",
  "gas_est",
  "latency_buffer",
  "net_edge",
  "min_threshold",
] as const;

/** Renders the answer as one indented JSON object; names as in records, amounts as text. */
export function renderWhatIfJson({ source, change, summary }: WhatIfAnswer): string {
  const { records, outcomes, before, after, otherUnits, firstProblem, samples } = summary;
  const json = {
    source,
    change: toJson(change),
    examined: records,
    judged: outcomes.unchanged + outcomes.accepts + outcomes.rejects,
    other_unit: outcomes.other_unit,
    other_units: otherUnits,
    not_judgeable: outcomes.not_judgeable,
    first_problem: firstProblem ?? null,
    before,
    after,
    flips: { to_accept: outcomes.accepts, to_reject: outcomes.rejects },
    net_edges: summary.netEdges.map(({ edge_unit, accepts, rejects }) => ({
      edge_unit,
      new_accepts: accepts,
      new_rejects: rejects,
    })),
    by_reason: summary.byReasonCode.map(named("reason_code")),
    by_symbol: summary.bySymbol.map(named("symbol")),
    by_strategy: summary.byStrategy.map(named("strategy")),
    samples: samples.map(({ record, judged }) => ({
      ...Object.fromEntries(SHOWN_FIELDS.map((name) => [name, record[name] ?? null])),
      new_decision: judged.decision,
      new_reason_code: judged.reason_code,
      new_net_edge: judged.net_edge ?? null,
      new_min_threshold: judged.min_threshold ?? null,
      new_margin: judged.margin ?? null,
    })),
  };
  return `${printableJson(json, 2)}\n`;
}

function named(name: string) {
  return ({ value, accepts, rejects }: FlipCount) => ({ [name]: value, to_accept: accepts, to_reject: rejects });
}

function toJson({
  edgeUnit,
  minThreshold,
  thresholdBy,
  feesEst,
  slippageEst,
  gasEst,
  latencyBuffer,
  gates,
}: WhatIfChange) {
  return {
    edge_unit: edgeUnit,
    min_threshold: minThreshold,
    threshold_by: thresholdBy,
    fees_est: feesEst,
    slippage_est: slippageEst,
    gas_est: gasEst,
    latency_buffer: latencyBuffer,
    gates,
  };
}
