// How sure the generated signals were.
import { type ScoreRow, toDistribution } from "../../queries/confidence-bins.ts";
import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText } from "../../queries/query-values.ts";
import type { Edge } from "../../queries/range-parts.ts";
import type { ConfidenceDistribution, TimeRange } from "../../store-queries.ts";
import { confidenceOf } from "../signal-fields.ts";
import { fieldsAtEdge } from "./edge-fields.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

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
