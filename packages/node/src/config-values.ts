// What the configuration comes to: the values that the rest of this package works with.
import type { HistogramAggregation, LogLevel, RecordScope } from "./config-options.ts";
import type { OtlpConfig } from "./config-otlp.ts";
import type { ResourceAttributes } from "./config-pair-parsers.ts";
import type { InstrumentationName } from "./instrumentations.ts";

/** How items wait for export: how many, how many at once, for how long. */
export interface QueueConfig {
  readonly maxSize: number;
  /** At most `maxSize`. */
  readonly batchSize: number;
  readonly delayMs: number;
  readonly timeoutMs: number;
}

/** Everything that telemetry was told, checked, complete and frozen; ranges are in `TelemetryOptions`. */
export interface TelemetryConfig {
  /** Telemetry is on. False with `prometheus.enabled`: metrics only. */
  readonly enabled: boolean;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly logLevel: LogLevel;
  readonly shutdownTimeoutMs: number;
  readonly serviceName: string;
  /** Undefined: not said. */
  readonly environment: string | undefined;
  /** Complete: `service.name` and, if said, `deployment.environment.name` included. */
  readonly resourceAttributes: ResourceAttributes;
  /** Undefined: whoever starts telemetry makes one. */
  readonly runId: string | undefined;
  /** Undefined: whoever starts telemetry makes one. */
  readonly instanceId: string | undefined;
  /** All undefined while `enabled` is false. */
  readonly otlp: OtlpConfig;
  readonly sampleRatio: number;
  readonly slowMs: number;
  readonly recentFlows: number;
  readonly maxFlows: number;
  readonly prometheus: {
    readonly enabled: boolean;
    /** False: on no port, only mounted by the host. */
    readonly server: boolean;
    readonly host: string;
    readonly port: number;
  };
  readonly metricsIntervalMs: number;
  readonly histogramAggregation: HistogramAggregation;
  /** Ends in `_`, as the metric catalogue takes it. */
  readonly metricPrefix: string;
  /** Ends in `_`, as the metric catalogue takes it. */
  readonly signalPrefix: string;
  readonly labelLimit: number;
  readonly journal: {
    /** False while telemetry is off. */
    readonly enabled: boolean;
    /** As given: relative to the working directory. */
    readonly dir: string;
    readonly maxBytes: number;
    readonly retentionDays: number;
    readonly bufferSize: number;
    readonly flushMs: number;
    readonly fsync: "never" | "interval";
  };
  /** Which flows get a line in `logs/metrics.jsonl`. */
  readonly metricsLog: RecordScope;
  /** Which events leave as OTLP logs. */
  readonly logRecords: RecordScope;
  readonly spanQueue: QueueConfig;
  readonly logQueue: QueueConfig;
  readonly delivery: {
    /** For each signal, in memory. */
    readonly maxBytes: number;
    /** Undefined: nothing waits on disk. The folder is the service's own. */
    readonly spool: { readonly dir: string; readonly maxBytes: number; readonly maxAgeMs: number } | undefined;
  };
  /** Lower-case host globs. */
  readonly propagateTo: readonly string[];
  readonly redactKeys: readonly string[];
  readonly instrument: readonly InstrumentationName[];
  /**
   * Where each value is from, by the name of its option (`otlpTracesHeaders` and the like for one signal's own): `option`,
   * `default`, or the name of a variable.
   */
  readonly sources: Readonly<Record<string, string>>;
}
