// The public names of @tracebook/exporters.

export { createFlowEncoder, type FlowEncoder } from "./flow-encoder.ts";
export { buildFlowSpans, type FlowSpanOptions, TRACEBOOK_SCOPE, toHrTime } from "./flow-spans.ts";
export { buildLogRecord, type LogRecordOptions } from "./log-records.ts";
export { createOtlpBlocks, type OtlpBlock, type OtlpBlockOptions, type OtlpBlocks } from "./otlp-blocks.ts";
export {
  createOtlpBytesExporter,
  type OtlpBytesExporter,
  type OtlpBytesExporterOptions,
} from "./otlp-bytes-exporter.ts";
export type { OtlpEntries, OtlpEnvelope } from "./otlp-envelope.ts";
export { OtlpWriter } from "./otlp-writer.ts";
export { createRecordEncoder, type RecordEncoder } from "./record-encoder.ts";
