// LogQL over what Tracebook sends: decisions and events as Loki keeps them. Attributes of a log record are structured metadata,
// with underscores for dots (`trading.net_edge` is `trading_net_edge`); the line is the body: `decision: net edge ...`.

/** Log lines of the chosen environment and services. */
const CHOSEN_LOGS = '{service_name=~"$service",deployment_environment_name=~"$environment"}';

/** Decisions of the chosen symbols and strategies. */
const CHOSEN_DECISIONS = `${CHOSEN_LOGS} | trading_decision=~"ACCEPT|REJECT" | trading_symbol=~"$symbol" | trading_strategy=~"$strategy"`;

/** The fields of an edge that decisions carry; the unit beside them is never mixed. */
export type EdgeField = "gross_edge" | "fees_est" | "slippage_est" | "gas_est" | "latency_buffer" | "net_edge";

const UNIT = "trading_edge_unit";
/** What is left of a value that is no number; a figure must not come of it. */
const NUMBERS_ONLY = '__error__=""';

/** A quantile of an edge field over time, by unit and decision. */
export function edgeQuantile(quantile: number, field: EdgeField): string {
  const values = `${CHOSEN_DECISIONS} | trading_${field}!="" | unwrap trading_${field} | ${NUMBERS_ONLY}`;
  return `quantile_over_time(${quantile}, ${values} [$__auto]) by (${UNIT})`;
}

/** The mean of an edge field over time, by unit. */
export function edgeMean(field: EdgeField): string {
  const values = `${CHOSEN_DECISIONS} | trading_${field}!="" | unwrap trading_${field} | ${NUMBERS_ONLY}`;
  return `avg_over_time(${values} [$__auto]) by (${UNIT})`;
}

/** A quantile of net edge minus threshold over time: at 0 and above the edge was enough. */
export function marginQuantile(quantile: number): string {
  const margin = "label_format margin=`{{ subf .trading_net_edge .trading_min_threshold }}`";
  const values = `${CHOSEN_DECISIONS} | trading_net_edge!="" | ${margin} | unwrap margin | ${NUMBERS_ONLY}`;
  return `quantile_over_time(${quantile}, ${values} [$__auto]) by (${UNIT})`;
}

/** Decisions as one line each, with what they came from. */
export const DECISION_LINES = [
  CHOSEN_DECISIONS,
  "line_format `{{.trading_decision}} {{.trading_symbol}} {{.trading_strategy}}: {{.trading_reason}}" +
    " {{if .trading_gross_edge}}(gross {{.trading_gross_edge}}, fees {{.trading_fees_est}}, slippage {{.trading_slippage_est}}, gas {{.trading_gas_est}}, buffer {{.trading_latency_buffer}}){{end}}`",
].join(" | ");

/** Orders: what was asked of the venue and what it said. */
export const ORDER_LINES = `${CHOSEN_LOGS} |~ "^order_(request|result|transition|submitted)" | trading_symbol=~"$symbol"`;

/** Warnings and errors of the services, theirs and ours. */
export const TROUBLE_LINES = `${CHOSEN_LOGS} | detected_level=~"warn|error|fatal|critical"`;

/** Everything that was logged within one trace, by whatever service. */
export const TRACE_LINES = '{service_name=~".+"} | trace_id="$trace_id"';

/** Halts of trading, as moments on the time axis. */
export const HALT_LINES = `${CHOSEN_LOGS} |~ "^trading_halted"`;
