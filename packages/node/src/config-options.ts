// The options of telemetry in code: the variables of docs/configuration.md under TypeScript's names.
import type { InstrumentationName } from "./instrumentations.ts";

/** Which records or flows: those of kept traces, all, or none. */
export type RecordScope = "kept" | "all" | "none";

/** How OTLP bodies are written. */
export type OtlpProtocol = "http/json" | "http/protobuf";

/** How much the OpenTelemetry SDK says about itself. */
export type LogLevel = "none" | "error" | "warn" | "info" | "debug" | "verbose" | "all";

/** What histograms become over OTLP. */
export type HistogramAggregation = "explicit_bucket_histogram" | "base2_exponential_bucket_histogram";

/**
 * Options in code. Each wins over its variables of the environment; left out or undefined, the variable or the default counts.
 * A wrong value throws a {@link TracebookConfigError} (`invalid_option`), an unknown name too (`unknown_option`).
 */
export interface TelemetryOptions {
  /** Switches telemetry on. Default false. `OTEL_SDK_DISABLED=true` wins over it. */
  readonly enabled?: boolean | undefined;
  /** Wrong variables of the environment throw instead of falling back. Default false. */
  readonly strict?: boolean | undefined;
  /** No line at start. Default false. */
  readonly quiet?: boolean | undefined;
  /** Diagnostics of the OpenTelemetry SDK on stderr. Default `info`. */
  readonly logLevel?: LogLevel | undefined;
  /** Milliseconds that the end of the process may wait for telemetry; 100 to 60,000. Default 3,000. */
  readonly shutdownTimeoutMs?: number | undefined;

  /** The name of the service; 1 to 255 printable characters. Default `unknown_service:node`. */
  readonly serviceName?: string | undefined;
  /** Where it runs (`production`): `deployment.environment.name`. Default: not said. */
  readonly environment?: string | undefined;
  /** Further attributes of the resource; they win over `OTEL_RESOURCE_ATTRIBUTES` one by one. Default none. */
  readonly resourceAttributes?: Readonly<Record<string, string>> | undefined;
  /** Ties the records of this process together; 1 to 128 printable characters. Default: made at start. */
  readonly runId?: string | undefined;
  /** Names this process or worker; 1 to 64 of `A-Z a-z 0-9 . _ -`. Default: made at start. */
  readonly instanceId?: string | undefined;

  /** Base URL that traces, metrics and logs go to (`/v1/traces` is added); `none` for nowhere. Default: OTLP off. */
  readonly otlpEndpoint?: string | undefined;
  /** Full URL for traces. Default: from `otlpEndpoint`. */
  readonly otlpTracesEndpoint?: string | undefined;
  /** Full URL for metrics. Default: from `otlpEndpoint`. */
  readonly otlpMetricsEndpoint?: string | undefined;
  /** Full URL for logs. Default: from `otlpEndpoint`. */
  readonly otlpLogsEndpoint?: string | undefined;
  /** Headers of every OTLP request; never printed. At most 64, without line breaks. Default none. */
  readonly otlpHeaders?: Readonly<Record<string, string>> | undefined;
  /** Default `http/protobuf`, which takes a third of the bytes and a quarter of the time of `http/json`. */
  readonly otlpProtocol?: OtlpProtocol | undefined;
  /** Milliseconds that an OTLP request may take; 1 to 600,000. Default 10,000. */
  readonly otlpTimeoutMs?: number | undefined;
  /** Compression of OTLP bodies. Default `none`. */
  readonly otlpCompression?: "gzip" | "none" | undefined;
  /** `none`: no traces over OTLP. `["otlp"]`: over OTLP, also without an endpoint (then to localhost:4318). */
  readonly tracesExporters?: "none" | readonly "otlp"[] | undefined;
  /** The same for metrics, with `prometheus` for /metrics; `none` switches off both. */
  readonly metricsExporters?: "none" | readonly ("otlp" | "prometheus")[] | undefined;
  /** The same as `tracesExporters`, for logs. */
  readonly logsExporters?: "none" | readonly "otlp"[] | undefined;

  /** Share of flows whose traces are kept whatever their end; 0 to 1. Default 1. */
  readonly sampleRatio?: number | undefined;
  /** Flows that take this many milliseconds or more are kept; 0 to 86,400,000. Default 250. */
  readonly slowMs?: number | undefined;
  /** This many flows are held back, to be kept if the program halts or crashes; 0 to 4,096. Default 64. */
  readonly recentFlows?: number | undefined;
  /** Flows that may run at once; further ones are counted, not traced. 1 to 1,048,576. Default 65,536. */
  readonly maxFlows?: number | undefined;

  /** Serve /metrics; true works without `enabled`, too. Default: as `enabled`. */
  readonly prometheus?: boolean | undefined;
  /** Serve it on a port of its own; false: only where the host has mounted `telemetry.metricsHandler`. Default true. */
  readonly prometheusServer?: boolean | undefined;
  /** The address that /metrics listens on. Default `127.0.0.1`. */
  readonly prometheusHost?: string | undefined;
  /** The port of /metrics; 0 to 65,535, 0 for any free one. Default 9464. */
  readonly prometheusPort?: number | undefined;
  /** Milliseconds between two exports of metrics over OTLP; 100 to 86,400,000. Default 60,000. */
  readonly metricsIntervalMs?: number | undefined;
  /** What histograms become over OTLP; /metrics has explicit buckets always. Default `explicit_bucket_histogram`. */
  readonly histogramAggregation?: HistogramAggregation | undefined;
  /** In front of the application's own metrics. Default `tvtelegrambingx`. */
  readonly metricPrefix?: string | undefined;
  /** In front of the metrics of the signal source. Default `tradingview`. */
  readonly signalPrefix?: string | undefined;
  /** Values that one label may take before the rest becomes `other`; 1 to 10,000. Default 200. */
  readonly labelLimit?: number | undefined;

  /** Write the journal. Default true (when telemetry is enabled). */
  readonly journal?: boolean | undefined;
  /** The folder that gets `data/events` and `logs`. Default `.`. */
  readonly dir?: string | undefined;
  /** Size of all journal files together, in bytes; at least 1 MiB (1,048,576). Default 10 GB (10^10). */
  readonly journalMaxBytes?: number | undefined;
  /** Days that journal files are kept; 1 to 36,500. Default 30. */
  readonly journalRetentionDays?: number | undefined;
  /** This many waiting records are written at once; 1 to 65,536. Default 100. */
  readonly journalBufferSize?: number | undefined;
  /** Fewer wait no longer than this, in milliseconds; 1 to 60,000. Default 100. */
  readonly journalFlushMs?: number | undefined;
  /** `interval` puts the journal on the medium once a second, against power loss. Default `never`. */
  readonly journalFsync?: "never" | "interval" | undefined;
  /** Which flows get a line of stage latencies in `logs/metrics.jsonl`. Default `kept`. */
  readonly metricsLog?: RecordScope | undefined;
  /** Which events leave as OTLP logs; `kept`: those of kept traces and of no trace. Default `kept`. */
  readonly logRecords?: RecordScope | undefined;

  /** Hosts beyond the private ones that may see trace headers: `*` globs, `:port` optional. Default none. */
  readonly propagateTo?: readonly string[] | undefined;
  /** Names whose values are secrets, beyond the known ones. Default none. */
  readonly redactKeys?: readonly string[] | undefined;
  /** What is instrumented. Default `all`. */
  readonly instrument?: "all" | "none" | readonly InstrumentationName[] | undefined;

  /** Spans that may wait for export; 1 to 1,048,576. Default 65,536. */
  readonly spanQueueSize?: number | undefined;
  /** Spans of one export; 1 to `spanQueueSize`. Default 512. */
  readonly spanBatchSize?: number | undefined;
  /** Milliseconds that spans wait for a full batch; 0 to 3,600,000. Default 5,000. */
  readonly spanDelayMs?: number | undefined;
  /** Milliseconds after which an export of spans counts as failed; 1 to 600,000. Default 30,000. */
  readonly spanExportTimeoutMs?: number | undefined;
  /** Log records that may wait for export; 1 to 1,048,576. Default 65,536. */
  readonly logQueueSize?: number | undefined;
  /** Log records of one export; 1 to `logQueueSize`. Default 512. */
  readonly logBatchSize?: number | undefined;
  /** Milliseconds that log records wait for a full batch; 0 to 3,600,000. Default 1,000. */
  readonly logDelayMs?: number | undefined;
  /** Milliseconds after which an export of log records counts as failed; 1 to 600,000. Default 30,000. */
  readonly logExportTimeoutMs?: number | undefined;

  /** Bytes of finished OTLP requests that may wait in memory, for each signal; at least 64 KiB (65,536). Default 16 MiB. */
  readonly queueMaxBytes?: number | undefined;
  /** Keep on disk what OTLP cannot deliver, and send it later. Default true. */
  readonly spool?: boolean | undefined;
  /** The folder for that. Default `spool` in `dir`. */
  readonly spoolDir?: string | undefined;
  /** Bytes of all files of one process's spool; at least 1 MiB. Default 1 GB (10^9). */
  readonly spoolMaxBytes?: number | undefined;
  /** Hours after which what waits on disk is let go; 1 to 8,760. Default 72. */
  readonly spoolMaxAgeHours?: number | undefined;
}
