// Why signals were rejected, and how decisions came out.

import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText, wholeNumber } from "../../queries/query-values.ts";
import { type Edge, minuteOf } from "../../queries/range-parts.ts";
import { rankedCounts } from "../../queries/ranked-counts.ts";
import type { DecisionCount, ReasonCount, TimeRange } from "../../store-queries.ts";
import { OTHER } from "../count-keys.ts";
import { OTHER_REASONS, shortenReason } from "../reason-texts.ts";
import { rejectionOf } from "../signal-fields.ts";
import { VERDICT } from "./decision-scope.ts";
import { fieldsAtEdge } from "./edge-fields.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

/**
 * Exact. A sentence that was counted with the other ones in its minute, because there were too many, is one of them here.
 * Cost: as a count, and the rejections of two minutes are read.
 */
export function rejectionBreakdown(
  statements: Statements,
  filter: TimeRange & { readonly symbol?: string | undefined },
  limit: number,
): readonly ReasonCount[] {
  wholeNumber("limit", limit, 1);
  const range = rangeOf(filter);
  const symbol = optionalText("symbol", filter.symbol);
  const { segments, edges } = partsOf(statements, "reason_rollups", range);
  const conditions = "AND r.event_type = 'signal_rejected' AND ($symbol IS NULL OR r.symbol = $symbol)";
  const whole = sumRollups<ReasonCount>(
    statements,
    { table: "reason_rollups", keys: ["reason_code", "reason"], sums: ["count"], conditions },
    segments,
    { symbol },
  );
  const rest = edges.flatMap((edge) => rejectionsOf(statements, edge, symbol));
  return rankedCounts([...whole, ...rest], (row) => [row.reason_code, row.reason]).slice(0, limit);
}

/** Exact. Cost: as a count, and the decisions of two minutes are read from an index. */
export function decisionReasons(
  statements: Statements,
  filter: TimeRange & { readonly symbol?: string | undefined; readonly strategy?: string | undefined },
): readonly DecisionCount[] {
  const range = rangeOf(filter);
  const parameters = {
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
  };
  const { segments, edges } = partsOf(statements, "reason_rollups", range);
  const matching = "AND ($symbol IS NULL OR symbol = $symbol) AND ($strategy IS NULL OR strategy = $strategy)";
  const whole = sumRollups<DecisionCount>(
    statements,
    {
      table: "reason_rollups",
      keys: ["decision", "reason_code"],
      sums: ["count"],
      conditions: `AND event_type = 'decision' ${matching}`,
    },
    segments,
    parameters,
  );
  const rest = edges.flatMap((edge) =>
    statements.all<DecisionCount>(
      `SELECT ${VERDICT} AS decision, reason_code, count(*) AS count FROM decision_entries
       WHERE timestamp >= $start AND timestamp <= $end ${matching} GROUP BY 1, 2`,
      { ...parameters, ...edge },
    ),
  );
  return rankedCounts([...whole, ...rest], (row) => [row.reason_code, row.decision]);
}

function rejectionsOf(statements: Statements, edge: Edge, symbol: string | undefined): ReasonCount[] {
  const counted = statements.all<{ reason_code: string; reason: string }>(
    `SELECT DISTINCT reason_code, reason FROM reason_rollups
     WHERE resolution = 60 AND bucket >= $from AND bucket <= $to AND event_type = 'signal_rejected'`,
    { from: minuteOf(edge.start), to: minuteOf(edge.end) },
  );
  const codes = new Set(counted.map((row) => row.reason_code));
  const reasons = new Set(counted.map((row) => row.reason));
  const rows = fieldsAtEdge(statements, edge, {
    eventType: "signal_rejected",
    symbol,
    fields: ["reason_code", "reason"],
  });
  return rows.map(({ data, count }) => {
    const { reasonCode, reason } = rejectionOf(data);
    const text = shortenReason(reason);
    return {
      reason_code: codes.has(reasonCode) ? reasonCode : OTHER,
      reason: reasons.has(text) ? text : OTHER_REASONS,
      count,
    };
  });
}
