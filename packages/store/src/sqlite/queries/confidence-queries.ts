// How sure the generated signals were.
import type { ConfidenceDistribution, TimeRange } from "../../store-queries.ts";
import { confidenceOf, MAX_SCORE, SCORE_BIN_WIDTH } from "../signal-fields.ts";
import { fieldsAtEdge } from "./edge-fields.ts";
import { rangeOf } from "./event-scope.ts";
import { optionalText } from "./query-values.ts";
import type { Edge } from "./range-parts.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

interface ScoreRow {
  readonly score_bin: number;
  readonly count: number;
  readonly sum: number;
}

/** Exact. Cost: as a count, and the generated signals of two minutes are read. */
export function confidenceDistribution(
  statements: Statements,
  filter: TimeRange & { readonly symbol?: string | undefined },
): ConfidenceDistribution {
  const range = rangeOf(filter);
  const symbol = optionalText("symbol", filter.symbol);
  const { segments, edges } = partsOf(statements, "confidence_rollups", range);
  const whole = sumRollups<ScoreRow>(
    statements,
    {
      table: "confidence_rollups",
      keys: ["score_bin"],
      sums: ["count", "sum"],
      conditions: "AND ($symbol IS NULL OR symbol = $symbol)",
    },
    segments,
    { symbol },
  );
  const rest = edges.flatMap((edge) => scoresOf(statements, edge, symbol));
  return toDistribution([...whole, ...rest]);
}

function scoresOf(statements: Statements, edge: Edge, symbol: string | undefined): ScoreRow[] {
  const rows = fieldsAtEdge(statements, edge, { eventType: "signal_generated", symbol, fields: ["confidence_score"] });
  return rows.flatMap(({ data, count }) => {
    const confidence = confidenceOf(data);
    return confidence === undefined ? [] : [{ score_bin: confidence.bin, count, sum: confidence.score * count }];
  });
}

function toDistribution(rows: readonly ScoreRow[]): ConfidenceDistribution {
  const counts = Array.from({ length: MAX_SCORE / SCORE_BIN_WIDTH }, () => 0);
  let sum = 0;
  for (const row of rows) {
    counts[row.score_bin]! += row.count;
    sum += row.sum;
  }
  const count = counts.reduce((all, one) => all + one, 0);
  const buckets = counts.map((one, i) => ({ from: i * SCORE_BIN_WIDTH, to: (i + 1) * SCORE_BIN_WIDTH, count: one }));
  return { count, avg: count === 0 ? null : sum / count, buckets };
}
