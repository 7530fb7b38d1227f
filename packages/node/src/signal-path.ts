// The way of signals through this process: engine, journal, log records, spans, metrics, and the queues they leave by.

import type { Resource } from "@opentelemetry/resources";
import { createRedactor, currentRunId, type Redactor } from "@tracebook/core";
import {
  createFlowEngine,
  createIdSource,
  createSystemClock,
  type EndedFlow,
  type FlowEngine,
  type FlowSink,
  type SystemClock,
} from "@tracebook/core/extension";
import { createJournal, type Journal } from "@tracebook/journal";
import {
  createFlowMetrics,
  createRecordMetrics,
  type FlowMetrics,
  sharedTradingMetrics,
  type TradingMetrics,
} from "@tracebook/metrics";
import type { TelemetryConfig } from "./config.ts";
import { createDestinations, type Destinations } from "./destinations.ts";
import { createDropLedger, type DropLedger } from "./drop-ledger.ts";
import { FlowSpanProcessor } from "./flow-span-processor.ts";
import { createHostProcessors, type HostProcessors, type TelemetryExtensions } from "./host-processors.ts";
import { createLogSink, type LogSink } from "./log-sink.ts";
import { createOtlpDelivery, type OtlpDelivery } from "./otlp-delivery.ts";
import { redactSpan } from "./redacted-signals.ts";
import { createSignalFans, type SignalFans } from "./request-fan.ts";
import { createResource } from "./resource.ts";
import { createSelfMetrics } from "./self-metrics.ts";
import { createSignalOutlets, type SignalOutlets } from "./signal-outlets.ts";
import { createSignalSinks } from "./signal-sinks.ts";

/** The longest that flows wait to be counted, in milliseconds, when the market leaves few of them; what reads metrics does not wait. */
const PAUSE_MS = 50;

/** Everything a signal passes through. */
export interface SignalPath {
  readonly clock: SystemClock;
  readonly redactor: Redactor;
  readonly resource: Resource;
  readonly metrics: TradingMetrics;
  readonly flowMetrics: FlowMetrics;
  readonly ledger: DropLedger;
  readonly otlp: OtlpDelivery;
  readonly fans: SignalFans;
  readonly destinations: Destinations;
  readonly host: HostProcessors;
  readonly outlets: SignalOutlets;
  readonly journal: Journal | undefined;
  readonly logSink: LogSink;
  readonly engine: FlowEngine;
  readonly spanProcessor: FlowSpanProcessor;
  /** Hands all that flows, records and loggers have made so far to the lanes. Never throws. */
  drain(): void;
  /** Sends all that is in outlets and lanes, within the deadline. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
  /** Lets go of the metrics, which outlive it. */
  release(): void;
}

/** Lays the path that `config` asks for. A flush by the SDK takes at most `networkMs` milliseconds. */
export function createSignalPath(
  config: TelemetryConfig,
  extensions: TelemetryExtensions,
  networkMs: number,
  say: (line: string) => void,
): SignalPath {
  const instanceId = config.instanceId ?? crypto.randomUUID();
  const clock = createSystemClock();
  const ids = createIdSource();
  const redactor = createRedactor({ keys: config.redactKeys });
  const resource = createResource(config, instanceId, redactor);
  const metrics = createMetrics(config, say);
  const stopHearing = metrics.registry.onProblem((problem) => say(`tracebook: ${problem.message}`));
  const self = createSelfMetrics(metrics);
  const ledger = createDropLedger(say, self.dropped);
  const otlp = createOtlpDelivery(config, ledger, self.sent);
  const host = createHostProcessors(extensions, say);
  const fans = createSignalFans(otlp);
  const outlets = createSignalOutlets(config, { otlp, fans, host, ledger, say, clock, ids, redactor, resource });
  const flowMetrics = createFlowMetrics(metrics.registry, clock);

  // The journal numbers its own records from the engine's sequence, and the engine records into the journal.
  const sequence: { next: () => number } = { next: () => 0 };
  const journal = openJournal(config, { instanceId, clock, redactor, nextSeq: () => sequence.next(), say });
  const stopFollowing = self.watch(otlp.delivery, journal);
  const drain = (): void => {
    engine.drain();
    logSink.drain();
    outlets.drain();
  };
  const destinations = createDestinations({
    fans,
    metrics,
    ledger,
    say,
    redact: (text) => redactor.text(text),
    maxItems: Math.max(config.spanQueue.maxSize, config.logQueue.maxSize),
    maxBytes: config.delivery.maxBytes,
    closingMs: networkMs,
    drain,
    onChange: () => sinks.update(),
  });
  const flush = async (deadlineMs = networkMs): Promise<void> => {
    outlets.drain();
    await Promise.all([otlp.delivery.flush(deadlineMs), destinations.flush(deadlineMs), host.flush()]);
  };
  const logSink = createLogSink({
    redactor,
    records: config.logRecords,
    isWanted: () => outlets.takesLogs,
    pushRecord: outlets.pushRecord,
    pushLog: outlets.pushLog,
    onDrop: (reason, count) => ledger.add("logs", reason, count),
    flush,
  });
  const pause = createPause(PAUSE_MS);
  const spanSink: FlowSink = {
    flowKept(flow: EndedFlow) {
      const { heldSpans: held } = flow;
      for (let i = 0; i < held.length; i++) outlets.pushSpan(redactSpan(held[i] as never, redactor));
      outlets.pushFlow(flow);
    },
  };
  const sinks = createSignalSinks({
    config,
    outlets,
    counter: self,
    journal,
    logSink,
    spanSink,
    exemplars: flowMetrics,
  });
  const engine = createFlowEngine({
    clock,
    ids,
    instanceId,
    runId: config.runId ?? crypto.randomUUID(),
    sampleRatio: config.enabled ? config.sampleRatio : 0,
    slowMs: config.slowMs,
    recentFlows: config.enabled ? config.recentFlows : 0,
    maxFlows: config.maxFlows,
    afterTick: (fn) => setImmediate(fn),
    afterPause: pause.start,
    onDrop: (what, reason, count) => ledger.add(what, reason, count),
    flowObservers: config.metricsLog === "all" && journal !== undefined ? [flowMetrics, journal] : [flowMetrics],
    recordObservers: [createRecordMetrics(metrics.registry, metrics.catalogue)],
    flowSinks: sinks.flowSinks,
    recordSinks: sinks.recordSinks,
  });
  sequence.next = () => engine.nextSeq();
  // As the seeds' hosts know it: what is measured by hand stands in the same file as what flows measure.
  const stopLatencies = metrics.onLatency(({ trace_id: traceId, ...stages }, flow) =>
    journal?.recordLatencies({ traceId, flow, stages, runId: currentRunId() ?? engine.runId }),
  );
  // Whoever reads metrics reads those of the tick before as well.
  const stopDraining = metrics.registry.onCollect(() => engine.drain());
  const spanProcessor = new FlowSpanProcessor(engine, {
    span: (span) => {
      if (outlets.takesSpans) outlets.pushSpan(redactSpan(span, redactor));
    },
    dropped: (count) => ledger.add("spans", "too_many_in_flow", count),
    flush,
  });
  return {
    clock,
    redactor,
    resource,
    metrics,
    flowMetrics,
    ledger,
    otlp,
    fans,
    destinations,
    host,
    outlets,
    journal,
    logSink,
    engine,
    spanProcessor,
    drain,
    flush,
    release() {
      pause.stop();
      stopDraining();
      stopLatencies();
      stopHearing();
      stopFollowing();
      destinations.release();
    },
  };
}

function createMetrics(config: TelemetryConfig, say: (line: string) => void): TradingMetrics {
  const metrics = sharedTradingMetrics({
    prefix: config.metricPrefix,
    signalPrefix: config.signalPrefix,
    maxValuesPerLabel: config.labelLimit,
  });
  const { name } = metrics.catalogue.orderTransitions;
  if (!name.startsWith(config.metricPrefix))
    say(
      `metrics were used before telemetry started: ${name} and the others keep their prefix, ${config.metricPrefix} comes too late`,
    );
  return metrics;
}

interface JournalParts {
  readonly instanceId: string;
  readonly clock: SystemClock;
  readonly redactor: Redactor;
  readonly nextSeq: () => number;
  readonly say: (line: string) => void;
}

function openJournal(config: TelemetryConfig, { say, ...parts }: JournalParts): Journal | undefined {
  const { enabled, dir, bufferSize, flushMs, maxBytes, retentionDays, fsync } = config.journal;
  if (!enabled) return undefined;
  return createJournal({
    ...parts,
    dir,
    bufferSize,
    flushIntervalMs: flushMs,
    maxBytes,
    retentionDays,
    fsync,
    latencies: config.metricsLog === "all" ? "all" : "kept",
    onProblem: (line) => say(`tracebook: ${line}`),
  });
}

/** One timer for all: starting it anew costs a fraction of making one. It does not keep the process alive. */
function createPause(ms: number): { start(work: () => void): void; stop(): void } {
  let next: (() => void) | undefined;
  const timer = setTimeout(() => next?.(), ms).unref();
  return {
    start(work) {
      next = work;
      timer.refresh();
    },
    stop: () => clearTimeout(timer),
  };
}
