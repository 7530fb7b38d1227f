// Makes the configuration out of what was found for each setting.
import { join } from "node:path";
import { type ConfigProblem, TracebookConfigError } from "./config-error.ts";
import { type OtlpConfig, type OtlpTarget, resolveTarget } from "./config-otlp.ts";
import { ENVIRONMENT_KEY, type ResourceAttributes, SERVICE_NAME_KEY } from "./config-pair-parsers.ts";
import type { Environment } from "./config-parsers.ts";
import { type Found, readSetting } from "./config-reader.ts";
import { OPTION_SETTINGS, type OptionName, type SettingValues, signalSettingName } from "./config-table.ts";
import { SIGNAL_SETTINGS, SIGNALS, type Signal, type SignalSettings } from "./config-table-otlp.ts";
import type { QueueConfig, TelemetryConfig } from "./config-values.ts";

const HOUR_MS = 3_600_000;

/** What was found, and where it is noted what else comes up. */
export interface Findings {
  readonly found: { readonly [Name in OptionName]: Found<SettingValues[Name]> };
  readonly env: Environment;
  /** The source of each setting; derived values correct theirs. */
  readonly sources: Record<string, string>;
  readonly problems: ConfigProblem[];
}

/** Derives, checks what depends on more than one setting, and freezes. Throws `invalid_option` as {@link readSetting} does. */
export function assembleConfig(findings: Findings): TelemetryConfig {
  const { found, sources } = findings;
  const enabled = found.enabled.value;
  return deepFreeze({
    enabled,
    strict: found.strict.value,
    quiet: found.quiet.value,
    logLevel: found.logLevel.value,
    shutdownTimeoutMs: found.shutdownTimeoutMs.value,
    serviceName: found.serviceName.value,
    environment: found.environment.value,
    resourceAttributes: resolveResource(findings),
    runId: found.runId.value,
    instanceId: found.instanceId.value,
    otlp: resolveOtlp(findings),
    sampleRatio: found.sampleRatio.value,
    slowMs: found.slowMs.value,
    recentFlows: found.recentFlows.value,
    maxFlows: found.maxFlows.value,
    prometheus: resolvePrometheus(findings),
    metricsIntervalMs: found.metricsIntervalMs.value,
    histogramAggregation: found.histogramAggregation.value,
    metricPrefix: found.metricPrefix.value,
    signalPrefix: found.signalPrefix.value,
    labelLimit: found.labelLimit.value,
    journal: {
      enabled: enabled && found.journal.value,
      dir: found.dir.value,
      maxBytes: found.journalMaxBytes.value,
      retentionDays: found.journalRetentionDays.value,
      bufferSize: found.journalBufferSize.value,
      flushMs: found.journalFlushMs.value,
      fsync: found.journalFsync.value,
    },
    metricsLog: found.metricsLog.value,
    logRecords: found.logRecords.value,
    spanQueue: resolveQueue("span", findings),
    logQueue: resolveQueue("log", findings),
    delivery: resolveDelivery(findings),
    propagateTo: found.propagateTo.value,
    redactKeys: found.redactKeys.value,
    instrument: found.instrument.value,
    sources,
  });
}

/** Attributes in code win one by one, so that a platform's `OTEL_RESOURCE_ATTRIBUTES` stay beside them. */
function resolveResource({ found, env, sources, problems }: Findings): ResourceAttributes {
  let attributes = found.resourceAttributes.value;
  if (found.resourceAttributes.source === "option") {
    const below = readSetting(OPTION_SETTINGS.resourceAttributes, undefined, env, problems);
    attributes = { ...below.value, ...attributes };
    if (below.source !== "default") sources.resourceAttributes = `option, ${below.source}`;
  }
  const others = Object.entries(attributes).filter(([key]) => key !== SERVICE_NAME_KEY && key !== ENVIRONMENT_KEY);
  const environment = found.environment.value;
  return {
    ...Object.fromEntries(others),
    [SERVICE_NAME_KEY]: found.serviceName.value,
    ...(environment !== undefined && { [ENVIRONMENT_KEY]: environment }),
  };
}

function resolveOtlp({ found, env, sources, problems }: Findings): OtlpConfig {
  const shared = {
    endpoint: found.otlpEndpoint,
    headers: found.otlpHeaders,
    protocol: found.otlpProtocol,
    timeoutMs: found.otlpTimeoutMs,
    compression: found.otlpCompression,
  };
  const targets = SIGNALS.map((signal): [Signal, OtlpTarget | undefined] => {
    const own = SIGNAL_SETTINGS[signal];
    const { target, sources: parts } = resolveTarget(shared, {
      signal,
      endpoint: { traces: found.otlpTracesEndpoint, metrics: found.otlpMetricsEndpoint, logs: found.otlpLogsEndpoint }[
        signal
      ],
      exporters: { traces: found.tracesExporters, metrics: found.metricsExporters, logs: found.logsExporters }[signal],
      own: {
        headers: readSetting(own.headers, undefined, env, problems),
        protocol: readSetting(own.protocol, undefined, env, problems),
        timeoutMs: readSetting(own.timeoutMs, undefined, env, problems),
        compression: readSetting(own.compression, undefined, env, problems),
      },
    });
    for (const [part, source] of Object.entries(parts)) {
      sources[signalSettingName(signal, part as keyof SignalSettings | "endpoint")] = source;
    }
    return [signal, found.enabled.value ? target : undefined];
  });
  return Object.fromEntries(targets) as OtlpConfig;
}

function resolvePrometheus({ found, sources }: Findings): TelemetryConfig["prometheus"] {
  const address = {
    server: found.prometheusServer.value,
    host: found.prometheusHost.value,
    port: found.prometheusPort.value,
  };
  if (found.enabled.source === "OTEL_SDK_DISABLED") {
    sources.prometheus = found.enabled.source;
    return { enabled: false, ...address };
  }
  if (found.prometheus.value !== undefined) return { enabled: found.prometheus.value, ...address };
  const exporters = found.metricsExporters;
  if (exporters.value !== undefined) sources.prometheus = exporters.source;
  return { enabled: found.enabled.value && exporters.value?.length !== 0, ...address };
}

function resolveQueue(item: "span" | "log", { found, sources, problems }: Findings): QueueConfig {
  const queue = found[`${item}QueueSize`];
  const batch = found[`${item}BatchSize`];
  const rest = { delayMs: found[`${item}DelayMs`].value, timeoutMs: found[`${item}ExportTimeoutMs`].value };
  if (batch.value <= queue.value) return { maxSize: queue.value, batchSize: batch.value, ...rest };
  const excess = `${batch.value}, more than the ${queue.value} that may wait`;
  if (batch.source === "option") throw new TracebookConfigError("invalid_option", `${item}BatchSize is ${excess}.`);
  // What is not asked for follows the smaller queue without a word.
  const fallback = OPTION_SETTINGS[`${item}BatchSize`].fallback;
  const used = Math.min(fallback, queue.value);
  const source = used === fallback ? "default" : queue.source;
  if (batch.source !== "default") {
    problems.push({ variable: batch.source, line: `${batch.source} is ${excess}: using ${used} (${source})` });
  }
  sources[`${item}BatchSize`] = source;
  return { maxSize: queue.value, batchSize: used, ...rest };
}

function resolveDelivery({ found }: Findings): TelemetryConfig["delivery"] {
  const maxBytes = found.queueMaxBytes.value;
  if (!found.enabled.value || !found.spool.value) return { maxBytes, spool: undefined };
  const root = found.spoolDir.value ?? join(found.dir.value, "spool");
  // A name that is no folder's becomes one: it stays the service's own as long as it is the same.
  const folder = found.serviceName.value
    .replace(/[^A-Za-z0-9._-]/g, "_")
    .replace(/^\.+/, "_")
    .slice(0, 64);
  return {
    maxBytes,
    spool: {
      dir: join(root, folder),
      maxBytes: found.spoolMaxBytes.value,
      maxAgeMs: found.spoolMaxAgeHours.value * HOUR_MS,
    },
  };
}

/** Freezes an object and all that hangs on it. */
export function deepFreeze<T extends object>(object: T): T {
  for (const value of Object.values(object)) if (typeof value === "object" && value !== null) deepFreeze(value);
  return Object.freeze(object);
}
