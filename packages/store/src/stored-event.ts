// Events, decisions and spans as a store gives them back; names are those of its columns and of the API.
import type { EventData } from "./store-input.ts";

/** An event of the store. */
export interface StoredEvent {
  /** Rises with the order of writing: what is read after it was written after it. */
  readonly id: number;
  readonly event_type: string;
  /** `2026-11-20T12:34:56.789012Z`. */
  readonly timestamp: string;
  readonly run_id: string | null;
  readonly symbol: string | null;
  /** What the event carries. Of a row whose JSON is damaged: `{ "unreadable": "the text as it is" }`. */
  readonly data: EventData;
  readonly trace_id: string | null;
  readonly span_id: string | null;
  readonly severity_number: number;
  readonly instance_id: string | null;
  readonly service_name: string | null;
  readonly seq: number | null;
}

/** A decision: the columns that queries want, decimals as text. The event of the same id has the rest. */
export interface StoredDecision {
  readonly event_id: number;
  readonly timestamp: string;
  readonly decision: string;
  readonly reason_code: string;
  readonly strategy: string | null;
  readonly symbol: string | null;
  readonly trace_id: string | null;
  readonly run_id: string | null;
  readonly edge_unit: string | null;
  readonly gross_edge: string | null;
  readonly fees_est: string | null;
  readonly slippage_est: string | null;
  readonly gas_est: string | null;
  readonly latency_buffer: string | null;
  readonly net_edge: string | null;
  readonly min_threshold: string | null;
}

/** A gate as its decision has it; decimals as text. */
export interface StoredGate {
  readonly gate_name: string;
  readonly passed: boolean;
  readonly score: string | null;
  readonly threshold: string | null;
  /** How the score was held against the threshold; null: `>=`. */
  readonly comparison: string | null;
  readonly reason_code: string | null;
}

/** A decision with what it takes to judge it again. */
export interface JudgedDecision extends StoredDecision {
  /** The sentence for people. */
  readonly reason: string | null;
  /** In the order in which they were judged; empty where there were none, and where they cannot be read. */
  readonly gates: readonly StoredGate[];
  /** True where the event says something of gates that are none: it was cut, or is damaged. */
  readonly gates_unreadable: boolean;
}

/** A span. */
export interface StoredSpan {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly service_name: string;
  readonly instance_id: string | null;
  readonly operation_name: string;
  readonly span_kind: number;
  /** `2026-11-20T12:34:56.789012Z`; nanoseconds below the microsecond (0 to 999) in `start_nanos`. */
  readonly start_time: string;
  readonly start_nanos: number;
  readonly duration_nanos: number;
  readonly duration_ms: number;
  /** 0 unset, 1 ok, 2 error. */
  readonly status_code: number;
  readonly status_message: string | null;
  readonly scope: string | null;
  readonly http_method: string | null;
  readonly http_url: string | null;
  readonly http_status_code: number | null;
  readonly user_id: string | null;
  /** The attributes. */
  readonly tags: EventData;
  readonly events: readonly { readonly name: string; readonly timeMicros: number; readonly attributes: EventData }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: EventData }[];
}

/** A trace in a list: its root, or where that is somewhere else the span with which it came into a service of the store. Spans are counted up to 10,000. */
export interface TraceSummary {
  readonly trace_id: string;
  readonly root: StoredSpan;
  readonly span_count: number;
  readonly error_count: number;
  readonly services: readonly string[];
}
