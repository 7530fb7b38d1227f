// How far net edges were from their thresholds, asked for once for all parts of the screen.
import type { UseQueryResult } from "@tanstack/react-query";
import type { Answer, ApiProblem } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useParameters } from "../../url/search-parameters.ts";
import type { TimeRange } from "../../url/time-range.ts";
import { scopeOf, useDecisionFilters } from "./decision-filters.ts";
import { steadyRange, walkSeconds } from "./steady-range.ts";
import { isAmount } from "./what-if-parameters.ts";

/** What the server says of margins. */
export type Margins = Answer<"/api/telemetry/decisions/margins">;

/** Near misses are within so many percent, unless the address has another number. */
export const DEFAULT_WITHIN = "10";

/** The number of the address; the default for what is none. */
export function withinOf(parameters: URLSearchParams): string {
  const asked = parameters.get("within") ?? "";
  return isAmount(asked) && !asked.startsWith("-") ? asked : DEFAULT_WITHIN;
}

/** The margins of a range, which moves on less often for this: every decision of it is looked at. */
export function useMargins(range: TimeRange): UseQueryResult<Margins, ApiProblem> {
  const [parameters] = useParameters();
  const filters = useDecisionFilters();
  return useAnswer("/api/telemetry/decisions/margins", {
    ...scopeOf(steadyRange(range, walkSeconds(range)), filters),
    edge_unit: filters.edgeUnit,
    within_percent: withinOf(parameters),
    bins: 60,
  });
}
