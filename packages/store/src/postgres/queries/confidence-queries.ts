// How sure the generated signals were.
import { type ScoreRow, toDistribution } from "../../queries/confidence-bins.ts";
import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText } from "../../queries/query-values.ts";
import type { Edge } from "../../queries/range-parts.ts";
import { confidenceOf } from "../../sqlite/signal-fields.ts";
import type { ConfidenceDistribution, TimeRange } from "../../store-queries.ts";
import { fieldsAtEdge } from "./edge-fields.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import { equalTo } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";

/** Exact. Cost: as a count, and the generated signals of two minutes are read. */
export async function confidenceDistribution(
  statements: Statements,
  filter: TimeRange & { readonly symbol?: string | undefined },
): Promise<ConfidenceDistribution> {
  const range = rangeOf(filter);
  const symbol = optionalText("symbol", filter.symbol);
  const { segments, edges } = await partsOf(statements, "confidence_rollups", range);
  const conditions = equalTo({ symbol }, { symbol: "r.symbol" });
  const rows = [
    ...(await sumRollups<ScoreRow>(
      statements,
      { table: "confidence_rollups", keys: ["score_bin"], sums: ["count", "sum"], conditions },
      segments,
      { symbol },
    )),
  ];
  for (const edge of edges) rows.push(...(await scoresOf(statements, edge, symbol)));
  return toDistribution(rows);
}

async function scoresOf(statements: Statements, edge: Edge, symbol: string | undefined): Promise<readonly ScoreRow[]> {
  const rows = await fieldsAtEdge(statements, edge, {
    eventType: "signal_generated",
    symbol,
    fields: ["confidence_score"],
  });
  return rows.flatMap(({ data, count }) => {
    const confidence = confidenceOf(data);
    return confidence === undefined ? [] : [{ score_bin: confidence.bin, count, sum: confidence.score * count }];
  });
}
