// @tracebook/store: what a store is, whichever database it is on.
export { STORE_ERRORS, StoreError, type StoreErrorCode } from "./errors.ts";
export { OTLP_ERRORS, OtlpError, type OtlpErrorCode } from "./otlp/otlp-error.ts";
export type { OtlpFormat, OtlpSignal } from "./otlp/read-otlp.ts";
export type {
  BeyondBounds,
  CleanUpOptions,
  CleanUpResult,
  ExportFormat,
  ImportOptions,
  ImportResult,
  Store,
  StoreHealth,
  TakeOptions,
} from "./store.ts";
export type {
  EventData,
  EventInput,
  HistogramPointInput,
  InputSource,
  JsonValue,
  MetricPointInput,
  NumberPointInput,
  SpanEventInput,
  SpanInput,
  SpanLinkInput,
} from "./store-input.ts";
export type {
  ConfidenceDistribution,
  DecisionCount,
  DecisionFilter,
  DecisionSlice,
  DecisionTimelineFilter,
  EventFilter,
  EventPage,
  EventPageJson,
  EventSearch,
  EventSlice,
  EventsJson,
  EventTimelineFilter,
  Facets,
  FlowFilter,
  FlowOutcome,
  HistogramSeries,
  MarginHistogram,
  MetricFilter,
  MetricName,
  NumberSeries,
  ReasonCount,
  StoreFacts,
  StoreQueries,
  StoreSource,
  SymbolCounts,
  TimeRange,
  TraceDetail,
  TraceFilter,
} from "./store-queries.ts";
export type {
  JudgedDecision,
  StoredDecision,
  StoredEvent,
  StoredGate,
  StoredSpan,
  TraceSummary,
} from "./stored-event.ts";
export { percentOf, type SymbolTotals, symbolTotalsOf, type Totals, type TotalsQueries, totalsOf } from "./totals.ts";
export type { WriteResult } from "./write-result.ts";
