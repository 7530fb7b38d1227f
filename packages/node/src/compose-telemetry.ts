// Puts the parts together: engine, journal, exporters, metrics, instrumentations, and their end.

import { createRedactor, tradingEvents } from "@tracebook/core";
import {
  createFlowEngine,
  createIdSource,
  createSystemClock,
  type FlowEngine,
  installRuntime,
} from "@tracebook/core/extension";
import { createJournal, type Journal } from "@tracebook/journal";
import { createFlowMetrics, createRecordMetrics, sharedTradingMetrics } from "@tracebook/metrics";
import type { TelemetryConfig } from "./config.ts";
import { createDropLedger } from "./drop-ledger.ts";
import { FlowSpanProcessor } from "./flow-span-processor.ts";
import { buildFlowSpans } from "./flow-spans.ts";
import { createLogSink } from "./log-sink.ts";
import { createOtlpExporters } from "./otlp-exporters.ts";
import { watchProcessEnd } from "./process-end.ts";
import { redactSpan } from "./redacted-signals.ts";
import { createResource } from "./resource.ts";
import { startSdk } from "./sdk.ts";
import { createSelfMetrics } from "./self-metrics.ts";
import { createSignalPumps } from "./signal-pumps.ts";
import { formatStartLine } from "./start-line.ts";
import type { Telemetry } from "./telemetry.ts";

const CLOCK_CHECK_MS = 1_000;
const REPORT_MS = 60_000;
/** The share of the shutdown timeout that the network may take; the rest is for closing files. */
const NETWORK_SHARE = 0.8;

/** Starts everything that `config` asks for. `say` prints one line; `forget` is called when telemetry is off again. */
export async function composeTelemetry(
  config: TelemetryConfig,
  say: (line: string) => void,
  forget: () => void,
): Promise<Telemetry> {
  const networkMs = Math.round(config.shutdownTimeoutMs * NETWORK_SHARE);
  const instanceId = config.instanceId ?? crypto.randomUUID();
  const clock = createSystemClock();
  const ids = createIdSource();
  const redactor = createRedactor({ keys: config.redactKeys });
  const resource = createResource(config, instanceId);
  const prefixes = { prefix: config.metricPrefix, signalPrefix: config.signalPrefix };
  const metrics = sharedTradingMetrics({ ...prefixes, maxValuesPerLabel: config.labelLimit });
  const { registry } = metrics;
  registry.onProblem((problem) => say(`tracebook: ${problem.message}`));
  const self = createSelfMetrics(metrics);
  const ledger = createDropLedger(say, self.dropped);
  const exporters = await createOtlpExporters(config.otlp, networkMs);
  const pumps = createSignalPumps(config, exporters, ledger);

  let engine: FlowEngine;
  const journal: Journal | undefined = config.journal.enabled
    ? createJournal({
        dir: config.journal.dir,
        instanceId,
        clock,
        nextSeq: () => engine.nextSeq(),
        bufferSize: config.journal.bufferSize,
        flushIntervalMs: config.journal.flushMs,
        maxBytes: config.journal.maxBytes,
        retentionDays: config.journal.retentionDays,
        fsync: config.journal.fsync,
        latencies: config.metricsLog === "all" ? "all" : "kept",
        redactor,
        onProblem: (line) => say(`tracebook: ${line}`),
      })
    : undefined;
  const logSink = createLogSink({
    clock,
    redactor,
    resource,
    instanceId,
    records: pumps.logs === undefined ? "none" : config.logRecords,
    push: (record) => pumps.logs?.push(record),
    flush: () => pumps.logs?.flush(config.shutdownTimeoutMs) ?? Promise.resolve(),
  });
  const flowMetrics = createFlowMetrics(registry);
  const recordMetrics = createRecordMetrics(registry, metrics.catalogue);
  const spanPump = pumps.spans;
  engine = createFlowEngine({
    clock,
    ids,
    instanceId,
    runId: config.runId ?? crypto.randomUUID(),
    sampleRatio: config.enabled ? config.sampleRatio : 0,
    slowMs: config.slowMs,
    recentFlows: config.enabled ? config.recentFlows : 0,
    maxFlows: config.maxFlows,
    afterTick: (fn) => setImmediate(fn),
    onDrop: (what, reason, count) => ledger.add(what, reason, count),
    flowObservers: journal !== undefined && config.metricsLog === "all" ? [flowMetrics, journal] : [flowMetrics],
    recordObservers: [recordMetrics],
    flowSinks: [
      self,
      ...(journal !== undefined && config.metricsLog === "kept" ? [journal] : []),
      ...(pumps.logs === undefined ? [] : [logSink]),
      ...(spanPump === undefined
        ? []
        : [
            {
              flowKept: (flow: Parameters<typeof buildFlowSpans>[0]) => {
                for (const span of flow.heldSpans) spanPump.push(redactSpan(span as never, redactor));
                for (const span of buildFlowSpans(flow, { clock, ids, redactor, resource })) spanPump.push(span);
              },
            },
          ]),
    ],
    recordSinks: [...(journal === undefined ? [] : [journal]), ...(pumps.logs === undefined ? [] : [logSink])],
  });

  const spanProcessor = new FlowSpanProcessor(engine, {
    span: (span) => spanPump?.push(redactSpan(span, redactor)),
    dropped: (count) => ledger.add("spans", "too_many_in_flow", count),
    flush: () => spanPump?.flush(config.shutdownTimeoutMs) ?? Promise.resolve(),
  });
  const sdk = await startSdk({
    config,
    engine,
    resource,
    metrics,
    redactor,
    ledger,
    say,
    exporters,
    spanProcessor,
    logSink,
  });
  const uninstall = installRuntime(engine);
  self.watch(pumps, journal);

  const timers = [
    setInterval(() => {
      const step = clock.check();
      if (step !== 0) tradingEvents.clockStep.emit({ step_ms: step });
    }, CLOCK_CHECK_MS),
    setInterval(() => ledger.report(), REPORT_MS),
  ];
  for (const timer of timers) timer.unref();

  const flush = async (deadlineMs: number): Promise<void> => {
    engine.drain();
    await Promise.all([journal?.flush(), logSink.flush(), pumps.flush(deadlineMs), sdk.flush(deadlineMs)]);
  };
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer);
    engine.drain();
    logSink.drain();
    // Evidence first: it is written before anything waits for a network.
    journal?.writeSync();
    await limited(Promise.all([pumps.close(networkMs), sdk.shutdown(networkMs)]), networkMs);
    exporters.disconnect();
    uninstall();
    stopWatching();
    await limited(journal?.close() ?? Promise.resolve(), config.shutdownTimeoutMs - networkMs);
    ledger.report();
    forget();
  };
  const shutdown = (): Promise<void> => {
    ending ??= limited(end(), config.shutdownTimeoutMs);
    return ending;
  };
  const stopWatching = watchProcessEnd({
    shutdown,
    flush: () => limited(flush(networkMs), config.shutdownTimeoutMs),
    lastWrite(why) {
      if (why === "crash") engine.keepRecent("crash");
      engine.drain();
      journal?.writeSync();
      if (ending === undefined) ledger.report();
    },
  });

  const startLine = formatStartLine(config, {
    metricsUrl: sdk.metricsUrl,
    instrumentations: sdk.instrumented,
    instanceId,
    runId: engine.runId,
  });
  if (!config.quiet) say(startLine);
  return {
    enabled: true,
    instanceId,
    runId: engine.runId,
    startLine,
    health: () => ({
      enabled: true,
      flows: engine.stats(),
      ...pumps.health(),
      metricsUrl: sdk.metricsUrl,
      journal: journal?.stats(),
      dropped: withJournalDrops(ledger.counts(), journal),
      misuse: engine.stats().misuse,
    }),
    stagePercentiles: (flow) => flowMetrics.stagePercentiles(flow),
    flush: () => limited(flush(config.shutdownTimeoutMs), config.shutdownTimeoutMs),
    shutdown,
  };
}

/** What the journal dropped stands beside what was dropped on the way out: `{ "journal_market": { "queue_full": 3 } }`. */
function withJournalDrops(
  counts: Readonly<Record<string, Readonly<Record<string, number>>>>,
  journal: Journal | undefined,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  if (journal === undefined) return counts;
  const stats = journal.stats();
  const all: Record<string, Readonly<Record<string, number>>> = { ...counts };
  for (const [name, reasons] of Object.entries(stats.dropped))
    if (Object.keys(reasons).length > 0) all[`journal_${name}`] = reasons;
  if (stats.latencies.dropped > 0) all["journal_latencies"] = { queue_full: stats.latencies.dropped };
  return all;
}

/** Waits for `work`, but not longer than `ms` milliseconds; never rejects. */
async function limited(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.then(ignore, ignore), late]);
  clearTimeout(timer);
}

function ignore(): void {}
