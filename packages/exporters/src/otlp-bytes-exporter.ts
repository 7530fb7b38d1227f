// Sends requests that are bytes already, by the transport of OpenTelemetry's own exporters. The one file that knows of its inside.
import type { ExportResult } from "@opentelemetry/core";
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
  type OTLPExporterNodeConfigBase,
} from "@opentelemetry/otlp-exporter-base/node-http";
import {
  type ISerializer,
  LogsExporterMetricsHelper,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from "@opentelemetry/otlp-transformer";
import type { OtlpBlock } from "./otlp-blocks.ts";
import type { OtlpEnvelope } from "./otlp-envelope.ts";

/** An exporter of blocks. The interface is that of OpenTelemetry's exporters, with blocks for spans. */
export interface OtlpBytesExporter {
  /** Sends the blocks in one request; calls `done` once. */
  export(blocks: readonly OtlpBlock[], done: (result: ExportResult) => void): void;
  /** Waits for requests under way. Rejects never. */
  shutdown(): Promise<void>;
}

/** Options of the transport: address, headers, timeout, compression, agent. */
export type OtlpBytesExporterOptions = OTLPExporterNodeConfigBase;

/** What tells the signals apart. */
const SIGNALS = {
  traces: {
    environment: "TRACES",
    path: "v1/traces",
    component: "otlp_http_span_exporter",
    serializer: ProtobufTraceSerializer as ISerializer<never, object>,
    name: TraceExporterMetricsHelper.name,
  },
  logs: {
    environment: "LOGS",
    path: "v1/logs",
    component: "otlp_http_log_exporter",
    serializer: ProtobufLogsSerializer as ISerializer<never, object>,
    name: LogsExporterMetricsHelper.name,
  },
} as const;

/** Makes the exporter of a signal; `envelope` is that of the encoder whose entries are in the blocks. */
export function createOtlpBytesExporter(
  signal: keyof typeof SIGNALS,
  envelope: OtlpEnvelope,
  options: OtlpBytesExporterOptions,
): OtlpBytesExporter {
  const { environment, path, component, serializer, name } = SIGNALS[signal];
  const delegate = createOtlpHttpExportDelegate<readonly OtlpBlock[], object>(
    convertLegacyHttpOptions(options, environment, path, { "Content-Type": "application/x-protobuf" }),
    {
      serializeRequest: (blocks) => envelope.wrapAll(blocks),
      deserializeResponse: (data) => serializer.deserializeResponse(data),
    },
    component,
    { name, countItems: (blocks) => blocks.reduce((sum, block) => sum + block.items, 0) },
    options.selfObsMeterProvider,
  );
  return {
    export: (blocks, done) => delegate.export(blocks, done),
    shutdown: () => delegate.shutdown().catch(() => {}),
  };
}
