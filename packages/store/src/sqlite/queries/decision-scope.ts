// Which decisions a question is about, and the walk over their entries that finds them: no rows of events are read by it.

import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText } from "../../queries/query-values.ts";
import { minuteOf, type Range } from "../../queries/range-parts.ts";
import type { DecisionFilter } from "../../store-queries.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP } from "./event-scope.ts";
import { presentDays, sumRollups } from "./rollup-sums.ts";
import type { Parameters, Statements } from "./statements.ts";

/** A filter whose values were looked at. */
export interface DecisionScope {
  readonly parameters: Parameters & { readonly start: string; readonly end: string };
  /** No more than these can match, by the counts of the days that the range touches; undefined: that was not looked up. */
  readonly most: number | undefined;
}

/** How a decision came out, as the counts have it. */
export const VERDICT = "CASE WHEN decision IN ('ACCEPT', 'REJECT') THEN decision ELSE '' END";

const DAY = 86_400;
const WHOSE = "AND ($symbol IS NULL OR symbol = $symbol) AND ($strategy IS NULL OR strategy = $strategy)";
const MATCHING = `AND ($reasonCode IS NULL OR reason_code = $reasonCode) AND ($decision IS NULL OR decision = $decision)
  AND ($edgeUnit IS NULL OR edge_unit = $edgeUnit) ${WHOSE}`;
/** All verdicts by name: then the key is followed as far as the reason. */
const OF_REASON = `AND r.event_type = 'decision' AND r.decision IN ('', 'ACCEPT', 'REJECT') AND r.reason_code = $reasonCode ${WHOSE}`;

/** Reads a filter; throws `invalid_query`. */
export function decisionScopeOf(statements: Statements, filter: DecisionFilter): DecisionScope {
  const range = rangeOf(filter);
  const { start = FIRST_TIMESTAMP, end = LAST_TIMESTAMP } = range;
  const counted = {
    reasonCode: optionalText("reasonCode", filter.reasonCode),
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
  };
  const others = {
    decision: optionalText("decision", filter.decision),
    edgeUnit: optionalText("edgeUnit", filter.edgeUnit),
  };
  // Reasons may be rare, or there were none: a walk that looks for more of them than there are goes on to the first entry of the range.
  const most = counted.reasonCode === undefined ? undefined : mostOf(statements, range, counted);
  return { parameters: { start, end, ...counted, ...others }, most };
}

/**
 * Columns of the newest decisions, newest first, as a query with `$limit`, from the place `$beforeTimestamp`, `$beforeId` on. A walk over
 * the entries of the range: with a limit of no more than there are, it ends at the last of what is rare, and not at the first entry.
 */
export function walkDecisions(columns: string): string {
  return `SELECT ${columns} FROM decision_entries
    WHERE timestamp >= $start AND (timestamp, event_id) < ($beforeTimestamp, $beforeId) ${MATCHING}
    ORDER BY timestamp DESC, event_id DESC LIMIT $limit`;
}

/** Cost: a few steps into the counts of each day. */
function mostOf(statements: Statements, { start, end }: Range, counted: Parameters): number {
  const present = presentDays(statements, "reason_rollups");
  if (present === undefined) return 0;
  const from = start === undefined ? present.from : Math.max(dayOf(start), present.from);
  const to = end === undefined ? present.to : Math.min(dayOf(end) + DAY, present.to);
  const [sum] = sumRollups<{ readonly count: number }>(
    statements,
    { table: "reason_rollups", keys: [], sums: ["count"], conditions: OF_REASON },
    from < to ? [{ resolution: DAY, from, to }] : [],
    counted,
  );
  return sum?.count ?? 0;
}

function dayOf(timestamp: string): number {
  return Math.floor(minuteOf(timestamp) / DAY) * DAY;
}
