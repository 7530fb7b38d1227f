// The public names of @tracebook/exporters.

export {
  createDelivery,
  type Delivery,
  type DeliveryOptions,
  type LaneStats,
  type SpoolPlace,
} from "./delivery/delivery.ts";
export type { DeliveryDropReason, DeliveryLane, DeliveryStats, LaneRequest } from "./delivery/delivery-lane.ts";
export { describeDeliveryFailure, describeSpoolFailure } from "./delivery/delivery-warnings.ts";
export {
  createDurableLogExporter,
  createDurableMetricExporter,
  createDurableSpanExporter,
  type Durable,
  type DurableLogExporterOptions,
} from "./delivery/durable-exporters.ts";
export type { DurableExporterOptions } from "./delivery/durable-options.ts";
export { type OtlpAnswer, toSendFailure } from "./delivery/otlp-answer.ts";
export { createOtlpHttpSender, type OtlpHttpSenderOptions } from "./delivery/otlp-http-sender.ts";
export { type OtlpReply, readOtlpReply } from "./delivery/otlp-reply.ts";
export type { OtlpFormat, OtlpRequest, OtlpSender, OtlpSignal, SendFailure, SendOutcome } from "./delivery/sender.ts";
export type { SpoolLaneName } from "./delivery/spool.ts";
export { type TimeoutCode, watchTimeoutCode } from "./delivery/timeout-code.ts";
export {
  type DeliveryExplanation,
  type DeliveryFailure,
  type DeliveryFailureKind,
  type DeliverySettings,
  explainDeliveryFailure,
} from "./delivery-failure.ts";
export { createFlowEncoder, type FlowEncoder } from "./flow-encoder.ts";
export { buildFlowSpans, type FlowSpanOptions, TRACEBOOK_SCOPE, toHrTime } from "./flow-spans.ts";
export { buildLogRecord, type LogRecordOptions } from "./log-records.ts";
export { createOtlpBlocks, type OtlpBlock, type OtlpBlockOptions, type OtlpBlocks } from "./otlp-blocks.ts";
export type { OtlpEntries, OtlpEnvelope } from "./otlp-envelope.ts";
export { countDataPoints, type OtlpBatches, serializeOtlp } from "./otlp-requests.ts";
export { OtlpWriter } from "./otlp-writer.ts";
export type { ExpositionProblem } from "./prometheus/family-plan.ts";
export {
  createPrometheusExposition,
  type PrometheusExposition,
  type PrometheusExpositionOptions,
} from "./prometheus/prometheus-exposition.ts";
export { createRecordEncoder, type RecordEncoder } from "./record-encoder.ts";
export {
  createWrappedSender,
  type WrappedExporters,
  type WrappedSender,
  type WrappedSenderOptions,
} from "./wrapped/wrapped-sender.ts";
