// TraceQL over kept flows: their root spans bear `trading.keep_reason`.

/**
 * A flow without a symbol belongs to All and to no symbol, as in PromQL: it matches where the choice matches the empty text. `= nil` is
 * the documented way to ask for what is missing; `!(x != nil)` says the same and does not depend on how a block is stored, where Tempo
 * 3.0 puts the text "nil" for a missing value and compares with that.
 */
const CHOSEN_SYMBOL = '(span.trading.symbol =~ "$symbol" || (!(span.trading.symbol != nil) && "" =~ "$symbol"))';

/** Root spans of flows of the chosen services and symbols. */
export const CHOSEN_FLOWS = `resource.service.name =~ "$service" && span.trading.keep_reason != nil && ${CHOSEN_SYMBOL}`;

/** Flows kept for one of these reasons (`failed|slow`), with what a person looks for in the list. */
export function traceQuery(reasons: string): string {
  const shown = "span.trading.symbol, span.trading.strategy, span.trading.reason_code, span.trading.keep_reason";
  return `{ ${CHOSEN_FLOWS} && span.trading.keep_reason =~ "${reasons}" } | select(${shown})`;
}
