// @tracebook/store: what a store is, whichever database it is on.
export type {
  AlertFeed,
  EventCount,
  EventWant,
  FeedPiece,
  FeedWants,
  KnownMetric,
  MetricSample,
  SampleBuckets,
} from "./alert-feed.ts";
export type {
  AlertChange,
  AlertChanges,
  AlertCommit,
  AlertEngineState,
  AlertFilter,
  AlertHistoryEntry,
  AlertLease,
  AlertNotification,
  AlertRecords,
  AlertSeverity,
  AlertSilence,
  AlertState,
  AlertStatus,
  AlertWrite,
  DeliveryOutcome,
  StoredAlert,
  StoredAlertRule,
} from "./alert-records.ts";
export { STORE_ERRORS, StoreError, type StoreErrorCode } from "./errors.ts";
export { OTLP_ERRORS, OtlpError, type OtlpErrorCode } from "./otlp/otlp-error.ts";
export type { OtlpFormat, OtlpSignal } from "./otlp/read-otlp.ts";
export { toDecimalText } from "./records/decimal-text.ts";
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
export { type StoreLocation, storeLocationOf } from "./store-location.ts";
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
export type {
  BusinessMetricFilter,
  BusinessTotal,
  StoredBusinessMetric,
  StoredSystemMetric,
  SystemMetricFilter,
  SystemPerformance,
  SystemPerformanceFilter,
  UserActivity,
} from "./stored-record.ts";
export { percentOf, type SymbolTotals, symbolTotalsOf, type Totals, type TotalsQueries, totalsOf } from "./totals.ts";
export {
  EXPORT_COLUMNS,
  EXPORT_TABLES,
  type ExportCell,
  type ExportColumn,
  type ExportColumnType,
  type ExportPage,
  type ExportTable,
  SIGNAL_TABLES,
  type SignalTable,
} from "./warehouse/export-columns.ts";
export type { ExportedDay, ExportedPart, ExportManifest } from "./warehouse/export-manifest.ts";
export type { TelemetryExport } from "./warehouse/export-run.ts";
export { exportTelemetryData, type TelemetryExportOptions } from "./warehouse/export-telemetry.ts";
export { WAREHOUSE_FORMATS, type WarehouseFormat } from "./warehouse/row-writer.ts";
export type { WriteResult } from "./write-result.ts";
