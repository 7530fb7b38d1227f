// The data of the events that Tracebook knows by name; fields are spelled as they stand in the record.

/** A decimal as text, exact (`"42150.10"`); numbers are accepted where a source gives them. */
export type DecimalText = string | number;

/** One level of an order book. */
export interface BookLevel {
  readonly price: DecimalText;
  readonly size: DecimalText;
}

/** A scan of symbols begins. */
export interface ScanStarted {
  readonly symbols: readonly string[];
  readonly profile: string;
  readonly symbol_count: number;
}

/** A scan of symbols is through; `duration_ms` in milliseconds. */
export interface ScanCompleted {
  readonly symbols_scanned: number;
  readonly signals_generated: number;
  readonly signals_rejected: number;
  readonly duration_ms: number;
}

/** A signal passed all gates. */
export interface SignalGenerated {
  readonly symbol: string;
  readonly direction: string;
  readonly confidence_score?: number;
  readonly setup_type?: string;
  readonly entry_price?: DecimalText;
  readonly risk_reward_ratio?: number;
  readonly [field: string]: unknown;
}

/** A signal failed: `reason_code` from the closed vocabulary, `reason` for people. */
export interface SignalRejected {
  readonly symbol: string;
  readonly reason_code: string;
  readonly reason: string;
  readonly gate_name?: string;
  readonly score?: DecimalText;
  readonly threshold?: DecimalText;
}

/** One quality gate was checked. */
export interface QualityGate {
  readonly gate_name: string;
  readonly details?: unknown;
  readonly symbol?: string;
}

/** An error that the host wants on the record. */
export interface ErrorOccurred {
  readonly error_message: string;
  readonly error_type: string;
  readonly traceback?: string;
  readonly symbol?: string;
}

/** A step of the pipeline, with whatever fields the host has. */
export interface PipelineStep {
  readonly symbol?: string;
  readonly [field: string]: unknown;
}

/** What a user did, what an API was asked, what went wrong for a user. `duration_ms` in milliseconds. */
export interface UserEvent {
  readonly event_name: string;
  readonly event_category?: string;
  readonly event_data?: unknown;
  readonly user_id?: string;
  readonly license_id?: string;
  readonly source?: string;
  readonly source_ip?: string;
  readonly duration_ms?: number;
  readonly tags?: readonly string[];
}

/** An order changed its state. */
export interface OrderTransition {
  readonly symbol: string;
  readonly status: string;
  readonly previous_status?: string;
  readonly client_order_id?: string;
  readonly exchange_order_id?: string;
  readonly reason_code?: string;
}

/** The state of an order book, whole or its top; `token_id` or `symbol`. */
export interface OrderbookSnapshot {
  readonly token_id?: string;
  readonly symbol?: string;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  readonly [field: string]: unknown;
}

/** A trading signal, with the fields of the strategy that gave it. */
export interface TradingSignal {
  readonly strategy: string;
  readonly trace_id?: string;
  readonly yes_token?: string;
  readonly no_token?: string;
  readonly yes_price?: DecimalText;
  readonly no_price?: DecimalText;
  readonly expected_profit?: DecimalText;
  readonly [field: string]: unknown;
}

/** An order is about to leave. */
export interface OrderRequest {
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: string;
  readonly order_type?: string;
  readonly quantity: DecimalText;
  readonly price?: DecimalText;
  readonly venue?: string;
  readonly [field: string]: unknown;
}

/** The venue answered, or did not. */
export interface OrderResult {
  readonly client_order_id: string;
  readonly symbol: string;
  readonly status: string;
  readonly exchange_order_id?: string;
  readonly filled_quantity?: DecimalText;
  readonly average_price?: DecimalText;
  readonly fee?: DecimalText;
  readonly fee_asset?: string;
  readonly reason_code?: string;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

/** The wall clock stepped; durations and order are not affected. `step_ms` in milliseconds, positive: forward. */
export interface ClockStep {
  readonly step_ms: number;
}

/** Trading stopped; the traces of the last flows are kept. */
export interface TradingHalted {
  readonly reason_code: string;
  readonly reason?: string;
  readonly symbol?: string;
}

/** Labels by name, or words. */
export type MetricTags = Readonly<Record<string, string>> | readonly string[];

/** A value of a system's metric. Service, host and instance are those of the process where they are not given. */
export interface SystemMetric {
  readonly metric_name: string;
  readonly metric_type: "counter" | "gauge" | "histogram" | "timer";
  readonly metric_value: number;
  /** `percentage`, `milliseconds`, `bytes`, ... */
  readonly metric_unit: string;
  readonly service_name?: string;
  readonly host_name?: string;
  readonly instance_id?: string;
  readonly percentile_50?: number;
  readonly percentile_90?: number;
  readonly percentile_95?: number;
  readonly percentile_99?: number;
  readonly tags?: MetricTags;
}

/** A figure of the business over a period. `metric_value` is a decimal as text (`"49.99"`): it may be money, and a float is not exact. */
export interface BusinessMetric {
  readonly metric_name: string;
  /** `revenue`, `user_engagement`, ... */
  readonly metric_category: string;
  readonly metric_value: string;
  /** `count`, `usd`, ... Figures of different units, or currencies, are never added up. */
  readonly metric_unit: string;
  readonly currency?: string;
  /** A time as `2024-01-01T00:00:00Z`, or a day as `2024-01-01`. */
  readonly period_start: string;
  readonly period_end: string;
  readonly period_type: "hourly" | "daily" | "weekly" | "monthly" | "quarterly" | "yearly" | (string & {});
  /** `sum`, `average`, ... */
  readonly calculation_method?: string;
  readonly user_id?: string;
  readonly license_id?: string;
  readonly tags?: MetricTags;
}
