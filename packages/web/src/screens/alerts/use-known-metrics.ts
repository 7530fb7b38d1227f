// The metrics that there are in the range of the page, for a rule to be about.
import { useAnswer } from "../../api/use-answer.ts";
import { useSteadySpan } from "../../url/steady-span.ts";

/** Their names, in order. */
export function useKnownMetrics(isBusiness: boolean): readonly string[] {
  const { query } = useSteadySpan();
  const options = { freshMs: 60_000 };
  const system = useAnswer("/api/telemetry/system-performance", query, { ...options, enabled: !isBusiness });
  const business = useAnswer("/api/telemetry/business-totals", query, { ...options, enabled: isBusiness });
  const known = isBusiness ? business.data?.totals : system.data?.metrics;
  return [...new Set(known?.map(({ metric_name: name }) => name))].sort();
}
