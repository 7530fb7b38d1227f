// What the screen is filtered by: it stands in the address, under the names of the API.
import { useParameters } from "../../url/search-parameters.ts";

/** The filters; undefined: everything. */
export interface DecisionFilters {
  readonly symbol: string | undefined;
  readonly strategy: string | undefined;
  readonly flow: string | undefined;
  readonly decision: "ACCEPT" | "REJECT" | undefined;
  readonly reasonCode: string | undefined;
  readonly edgeUnit: string | undefined;
}

/** Filters of the list alone, by their parameters. */
export const LIST_FILTERS = ["decision", "reason_code", "edge_unit"] as const;

/** Those of the address. */
export function useDecisionFilters(): DecisionFilters {
  const [parameters] = useParameters();
  return filtersOf(parameters);
}

/** The query that all questions of the screen have in common. */
export function scopeOf(
  range: { readonly startTime: string; readonly endTime: string },
  { symbol, strategy }: DecisionFilters,
) {
  return { start_time: range.startTime, end_time: range.endTime, symbol, strategy };
}

/** Reads them; a decision that is none does not count. */
function filtersOf(parameters: URLSearchParams): DecisionFilters {
  const text = (name: string) => parameters.get(name) || undefined;
  const decision = text("decision");
  return {
    symbol: text("symbol"),
    strategy: text("strategy"),
    flow: text("flow"),
    decision: decision === "ACCEPT" || decision === "REJECT" ? decision : undefined,
    reasonCode: text("reason_code"),
    edgeUnit: text("edge_unit"),
  };
}
