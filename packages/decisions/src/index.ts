// @tracebook/decisions: exact edges, gates, verdicts.
export type { Context, ContextValue } from "./context.ts";
export {
  addDecimals,
  compareDecimals,
  type Decimal,
  formatDecimal,
  parseDecimal,
  subtractDecimals,
} from "./decimal.ts";
export { type DecimalInput, type DecimalLike, toDecimal, toDecimalText } from "./decimal-input.ts";
export { DECISION_KIND, type DecisionOptions, type Decisions, decisions } from "./decisions.ts";
export { calculateNetEdge, type EdgeBreakdown, type EdgeCosts, type EdgeInput, edgeBreakdown } from "./edge.ts";
export { checkEdge } from "./edge-check.ts";
export { DECISION_ERRORS, type DecisionErrorCode, type DecisionErrorEntry, TracebookDecisionError } from "./errors.ts";
export { type Comparison, evaluateGate, type GateInput, type GateResult } from "./gate.ts";
export { type JudgeInput, judge, type Veto } from "./judge.ts";
export { type NearMiss, nearMiss } from "./near-miss.ts";
export {
  defineReasonCodes,
  type HostReasonCode,
  isReasonCode,
  REASON_CODES,
  type ReasonCode,
  type ReasonCodes,
} from "./reason-code.ts";
export type { DecisionWord, Verdict, VerdictFields } from "./verdict.ts";
export { createReJudge, type ReJudge, type ReJudged, reJudge, type WhatIfOutcome } from "./what-if.ts";
export type { CostChange, WhatIfChange } from "./what-if-change.ts";
export type { RecordedDecision, RecordedGate } from "./what-if-record.ts";
export {
  createWhatIfFold,
  type DecisionCounts,
  type FlipCount,
  type NetEdgeSum,
  type WhatIfFlip,
  type WhatIfFold,
  type WhatIfFoldOptions,
  type WhatIfRecord,
  type WhatIfSummary,
} from "./what-if-summary.ts";
export { explainNoTrade, type NoTradeAnswer, type NoTradePart } from "./why-no-trade.ts";
export type { EdgeShortfall, NoTradeFacts, ReasonTally } from "./why-no-trade-facts.ts";
export type { NoTradeRange } from "./why-no-trade-range.ts";
