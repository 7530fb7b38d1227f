// TraceQL over kept flows: their root spans bear `trading.keep_reason`.

/** Root spans of flows of the chosen services, symbols and strategies. */
export const CHOSEN_FLOWS =
  'resource.service.name =~ "$service" && span.trading.keep_reason != nil && span.trading.symbol =~ "$symbol"';

/** Flows kept for one of these reasons (`failed|slow`), with what a person looks for in the list. */
export function traceQuery(reasons: string): string {
  const shown = "span.trading.symbol, span.trading.strategy, span.trading.reason_code, span.trading.keep_reason";
  return `{ ${CHOSEN_FLOWS} && span.trading.keep_reason =~ "${reasons}" } | select(${shown})`;
}
