// The OpenTelemetry SDK, set up with our processors, readers and instrumentations through its public options only.

import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import type { Resource } from "@opentelemetry/resources";
import type { IMetricReader } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { ParentBasedSampler, type SpanProcessor, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import type { Redactor } from "@tracebook/core";
import type { FlowEngine } from "@tracebook/core/extension";
import { createPrometheusExposition, type PrometheusExposition } from "@tracebook/exporters";
import type { TradingMetrics } from "@tracebook/metrics";
import { rememberRegistration } from "./api-registration.ts";
import type { TelemetryConfig } from "./config.ts";
import type { DropLedger } from "./drop-ledger.ts";
import { FlowContextManager } from "./flow-context-manager.ts";
import { guardMeters } from "./guarded-meters.ts";
import { startHostMetrics } from "./host-metrics.ts";
import { createHttpSizes } from "./http-sizes.ts";
import { type InstrumentationName, loadInstrumentations } from "./instrumentations.ts";
import type { LogSink } from "./log-sink.ts";
import { createMetricExporter, createMetricReader } from "./metric-exporter.ts";
import { createMetricProducer } from "./metric-producer.ts";
import {
  INSTRUMENTED_PACKAGES,
  installModuleHooks,
  loadedTooEarly,
  patchBuiltins,
  syncBuiltins,
} from "./module-hooks.ts";
import { type PrometheusEndpoint, servePrometheus } from "./prometheus-endpoint.ts";
import { createGuardedPropagator } from "./propagation.ts";
import { createPropagationRule } from "./propagation-targets.ts";
import type { SignalFans } from "./request-fan.ts";
import { isScrape } from "./request-route.ts";
import { hearSdk } from "./sdk-diagnostics.ts";

/** What the SDK is set up with. */
export interface SdkParts {
  readonly config: TelemetryConfig;
  readonly engine: FlowEngine;
  readonly resource: Resource;
  readonly metrics: TradingMetrics;
  readonly redactor: Redactor;
  readonly ledger: DropLedger;
  readonly say: (line: string) => void;
  readonly fans: Pick<SignalFans, "metrics">;
  readonly spanProcessor: SpanProcessor;
  readonly logSink: LogSink;
}

/** The running SDK. */
export interface RunningSdk {
  readonly metricsUrl: string | undefined;
  /** Why /metrics has no port of its own although it should; undefined when it has one, or is off. */
  readonly metricsProblem: string | undefined;
  /** Answers scrapes on any server; undefined when metrics are not served. */
  readonly exposition: PrometheusExposition | undefined;
  readonly instrumented: readonly string[];
  /** Exports the metrics now. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
  shutdown(deadlineMs: number): Promise<void>;
  /** Takes the SDK out of OpenTelemetry's API and out of what it instruments. */
  release(): void;
}

/** What callbacks of the host's observable instruments may take of a scrape, milliseconds. */
const COLLECT_MS = 1_000;
/** A value longer than this is cut (characters); longer ones are never evidence, which the journal has. */
const MAX_VALUE_LENGTH = 4096;

/** Starts the SDK; resolves when instrumentations are in place and /metrics answers (or its port was refused). */
export async function startSdk(parts: SdkParts): Promise<RunningSdk> {
  const { config, engine, metrics, resource, say } = parts;
  const names = config.enabled ? config.instrument : [];
  const packages = INSTRUMENTED_PACKAGES.filter((name) =>
    names.includes(name.replace("-pool", "") as InstrumentationName),
  );
  const early = loadedTooEarly(packages);
  if (early.length > 0)
    say(
      `${early.join(", ")} loaded before telemetry: not instrumented. Start with node --import @tracebook/node/register`,
    );
  const hookProblem = await installModuleHooks(packages);
  if (hookProblem !== undefined) say(hookProblem);

  const propagator = createGuardedPropagator(engine, createPropagationRule(config.propagateTo));
  let endpoint: PrometheusEndpoint | undefined;
  const { instrumentations, loaded, disable } = await loadInstrumentations(names, {
    propagator,
    redactor: parts.redactor,
    warn: say,
    // The host's own server may serve them as well: where is not known before its first answer, but by this name everybody does.
    isOwnRequest: (request) =>
      (endpoint?.port !== undefined && request.socket.localPort === endpoint.port) ||
      (config.prometheus.enabled && isScrape(request)),
    httpSizes: createHttpSizes(({ method, route, status, requestBytes: received, responseBytes: sent }) => {
      const labels = { "http.request.method": method, "http.route": route, "http.response.status_code": status };
      metrics.httpRequestSize.record(received, labels);
      metrics.httpResponseSize.record(sent, labels);
    }),
  });
  // Collects what instrumentations and the host's meters record; the registry is written without a detour through the SDK.
  const prometheus = config.prometheus.enabled ? new PrometheusExporter({ preventServerStart: true }) : undefined;
  const reader = config.enabled ? readerFor(config, prometheus) : undefined;
  const exporter = reader && openMetricExporter(parts, reader);
  const readers = [...new Set<IMetricReader | undefined>([prometheus, reader])].filter((one) => one !== undefined);
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    contextManager: new FlowContextManager(),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.enabled ? config.sampleRatio : 0) }),
    spanProcessors: [parts.spanProcessor],
    spanLimits: { attributeValueLengthLimit: MAX_VALUE_LENGTH },
    logRecordProcessors: config.enabled ? [parts.logSink.processor] : [],
    metricReaders: readers,
    textMapPropagator: propagator,
    instrumentations,
  });
  // After the constructor, which sets a logger of its own where OTEL_LOG_LEVEL is set.
  hearSdk(config.logLevel, say);
  sdk.start();
  guardMeters((metric) => metrics.telemetryInvalidValues.add(1, { metric }));
  const unregister = rememberRegistration();
  let stopHostMetrics = (): void => {};
  if (names.includes("http")) patchBuiltins();
  if (names.includes("host")) {
    stopHostMetrics = await startHostMetrics(metrics, config, say);
    loaded.push("host");
  }
  const exposition = prometheus && exposeMetrics(parts, prometheus);
  if (exposition !== undefined && config.prometheus.server) {
    const { host, port } = config.prometheus;
    endpoint = await servePrometheus(host, port, (request, response) => exposition.handle(request, response), say);
  }
  return {
    metricsUrl: endpoint?.url,
    metricsProblem: endpoint?.problem,
    exposition,
    instrumented: loaded,
    flush: async (deadlineMs) => {
      await exporter?.export(deadlineMs);
    },
    shutdown: async (deadlineMs) => {
      exposition?.close();
      await endpoint?.close();
      await exporter?.close(deadlineMs);
      await Promise.all(readers.map((reader) => reader.shutdown({ timeoutMillis: deadlineMs }).catch(() => {})));
    },
    release() {
      stopHostMetrics();
      disable();
      if (names.includes("http")) syncBuiltins();
      unregister();
    },
  };
}

function exposeMetrics({ ledger, metrics, say }: SdkParts, reader: PrometheusExporter): PrometheusExposition {
  return createPrometheusExposition({
    registry: metrics.registry,
    collect: () => reader.collect({ timeoutMillis: COLLECT_MS }),
    onProblem({ code, message }) {
      if (code !== "collect_failed") ledger.add("metrics", code, 1);
      say(message);
    },
  });
}

/**
 * One reader for both wherever it would hold the same: each one more makes every measurement of an instrumentation cost as much again,
 * also while nobody takes metrics. It has to be there from the start, since the SDK takes none later.
 */
function readerFor({ histogramAggregation }: TelemetryConfig, prometheus: IMetricReader | undefined): IMetricReader {
  const isSame = prometheus !== undefined && histogramAggregation === "explicit_bucket_histogram";
  return isSame ? prometheus : createMetricReader(histogramAggregation);
}

function openMetricExporter({ config, fans, ledger, metrics, resource }: SdkParts, reader: IMetricReader) {
  const options = {
    fan: fans.metrics,
    reader,
    producer: createMetricProducer(metrics.registry, resource, config.histogramAggregation),
    intervalMs: config.metricsIntervalMs,
    onDrop: (count: number): void => ledger.add("metrics", "unreadable", count),
  };
  return createMetricExporter(options);
}
