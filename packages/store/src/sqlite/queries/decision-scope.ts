// Which decisions a question is about, and the walk over an index that finds them: no rows are read by it.
import type { DecisionFilter } from "../../store-queries.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP, rangeOf } from "./event-scope.ts";
import { optionalText } from "./query-values.ts";
import type { Parameters } from "./statements.ts";

/** A filter whose values were looked at. */
export interface DecisionScope {
  readonly index: "idx_decisions_reason" | "idx_decisions_timestamp";
  readonly parameters: Parameters & { readonly start: string; readonly end: string };
}

const MATCHING = `AND ($reasonCode IS NULL OR reason_code = $reasonCode) AND ($decision IS NULL OR decision = $decision)
  AND ($symbol IS NULL OR symbol = $symbol) AND ($strategy IS NULL OR strategy = $strategy)
  AND ($edgeUnit IS NULL OR edge_unit = $edgeUnit)`;

/** Reads a filter; throws `invalid_query`. */
export function decisionScopeOf(filter: DecisionFilter): DecisionScope {
  const { start = FIRST_TIMESTAMP, end = LAST_TIMESTAMP } = rangeOf(filter);
  const reasonCode = optionalText("reasonCode", filter.reasonCode);
  const others = {
    decision: optionalText("decision", filter.decision),
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
    edgeUnit: optionalText("edgeUnit", filter.edgeUnit),
  };
  const isByReason = reasonCode !== undefined && Object.values(others).every((value) => value === undefined);
  return {
    index: isByReason ? "idx_decisions_reason" : "idx_decisions_timestamp",
    parameters: { start, end, reasonCode, ...others },
  };
}

/**
 * Columns of the newest decisions, newest first, as a query with `$limit`, from the place `$beforeTimestamp`, `$beforeId` on. Decisions
 * of one reason have an index of their own; that of times answers whatever else is asked without the rows.
 */
export function walkDecisions({ index }: DecisionScope, columns: string): string {
  const matching = index === "idx_decisions_reason" ? "AND reason_code = $reasonCode" : MATCHING;
  return `SELECT ${columns} FROM decisions INDEXED BY ${index}
    WHERE timestamp >= $start AND (timestamp, event_id) < ($beforeTimestamp, $beforeId) ${matching}
    ORDER BY timestamp DESC, event_id DESC LIMIT $limit`;
}
