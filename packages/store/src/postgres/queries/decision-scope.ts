// Which decisions a question is about, and the walk over their entries that finds them: no rows of events are read by it.
import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText } from "../../queries/query-values.ts";
import { minuteOf, type Range } from "../../queries/range-parts.ts";
import type { DecisionFilter } from "../../store-queries.ts";
import { boundsOf } from "./event-scope.ts";
import { presentDays, sumRollups } from "./rollup-sums.ts";
import { equalTo } from "./sql-texts.ts";
import type { Parameters, Statements } from "./statements.ts";

/** A filter whose values were looked at. */
export interface DecisionScope {
  readonly parameters: Parameters;
  /** `AND ...` for the filters that are given. */
  readonly conditions: string;
  /** No more than these can match, by the counts of the days that the range touches; undefined: that was not looked up. */
  readonly most: number | undefined;
}

/** A place in the order by timestamp and id. */
export interface DecisionPlace {
  readonly beforeTime: string;
  readonly beforeId: number;
}

/** How a decision came out, as the counts have it. */
export const VERDICT = "CASE WHEN decision IN ('ACCEPT', 'REJECT') THEN decision ELSE '' END";

const DAY = 86_400;
const COLUMNS = {
  reasonCode: "reason_code",
  symbol: "symbol",
  strategy: "strategy",
  decision: "decision",
  edgeUnit: "edge_unit",
};
const COUNTED = { reasonCode: "r.reason_code", symbol: "r.symbol", strategy: "r.strategy" };

/** Reads a filter; throws `invalid_query`. */
export async function decisionScopeOf(statements: Statements, filter: DecisionFilter): Promise<DecisionScope> {
  const range = rangeOf(filter);
  const values = {
    reasonCode: optionalText("reasonCode", filter.reasonCode),
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
    decision: optionalText("decision", filter.decision),
    edgeUnit: optionalText("edgeUnit", filter.edgeUnit),
  };
  // Reasons may be rare, or there were none: a walk that looks for more of them than there are goes on to the first entry of the range.
  const most = values.reasonCode === undefined ? undefined : await mostOf(statements, range, values);
  return { parameters: { ...boundsOf(range), ...values }, conditions: equalTo(values, COLUMNS), most };
}

/**
 * Columns of the newest decisions, newest first, as a query with `$limit`, from a place on if there is one: its values are `$beforeTime` and
 * `$beforeId`. With a limit of no more than there are, it ends at the last of what is rare, and not at the first entry.
 */
export function walkDecisions(columns: string, { conditions }: DecisionScope, before?: DecisionPlace): string {
  return `SELECT ${columns} FROM decision_entries WHERE timestamp >= $start AND timestamp <= $end ${conditions}
    ${before === undefined ? "" : "AND timestamp <= $beforeTime AND (timestamp, event_id) < ($beforeTime::timestamptz, $beforeId::bigint)"}
    ORDER BY timestamp DESC, event_id DESC LIMIT $limit`;
}

/** Cost: the counts of each day. */
async function mostOf(statements: Statements, { start, end }: Range, values: Parameters): Promise<number> {
  const present = await presentDays(statements, "reason_rollups");
  if (present === undefined) return 0;
  const from = start === undefined ? present.from : Math.max(dayOf(start), present.from);
  const to = end === undefined ? present.to : Math.min(dayOf(end) + DAY, present.to);
  const [sum] = await sumRollups<{ readonly count: number }>(
    statements,
    {
      table: "reason_rollups",
      keys: [],
      sums: ["count"],
      conditions: `AND r.event_type = 'decision' ${equalTo(values, COUNTED)}`,
    },
    from < to ? [{ resolution: DAY, from, to }] : [],
    values,
  );
  return sum?.count ?? 0;
}

function dayOf(timestamp: string): number {
  return Math.floor(minuteOf(timestamp) / DAY) * DAY;
}
