// The raw OpenTelemetry SDK, as someone who knows it well sets it up: batch processors, OTLP protobuf, hoisted attributes.
import { type Context, context, ROOT_CONTEXT, SeverityNumber, type Span, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Verdict } from "@tracebook/decisions";
import { exportCallsMs, timeExportCall } from "../export-call-log.ts";
import { STAGE_BOUNDS_S, STAGES, TICK_ATTRIBUTES, TickWork } from "../tick-work.ts";
import { MAX_WAITING, type Variant, type VariantEnvironment } from "../variant.ts";

const METRICS_INTERVAL_MS = 1_000;
/** 32 times the default: a burst waits instead of being dropped. */
const MAX_QUEUE_SIZE = 65_536;
const BATCH_DELAY_MS = 1_000;

/**
 * The SDK keeping the given share of traces; every decision is a log record. With `sameFields` root span and log record carry
 * what Tracebook's carry, so that the same bytes leave; without, what the tick asks for.
 */
export async function createOtel(
  { sinkUrl }: VariantEnvironment,
  sampleRatio: number,
  sameFields = false,
): Promise<Variant> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const sdk = createSdk(sinkUrl, sampleRatio);
  const observe = createTick(sdk, sameFields);
  const keepsAll = sampleRatio >= 1;
  let ticks = 0;
  const spansOf = (count: number): number => (STAGES.length + 1) * count;
  return {
    tick(index) {
      ticks++;
      observe(index);
      return undefined;
    },
    isBehind: () =>
      ticks - sdk.logExporter.exported > MAX_WAITING ||
      (keepsAll && spansOf(ticks) - sdk.spanExporter.exported > MAX_WAITING),
    async flush() {
      await Promise.all([sdk.traces.forceFlush(), sdk.logs.forceFlush(), sdk.metrics.forceFlush()]);
    },
    exportCallsMs,
    output: (count) => ({ spans: keepsAll ? spansOf(count) : undefined, logs: count, dropped: {} }),
    async close() {
      await Promise.all([sdk.traces.shutdown(), sdk.logs.shutdown(), sdk.metrics.shutdown()]);
    },
  };
}

/** The exporter, knowing how many spans it is through with and how long its calls hold the thread: what it does later is not in that. */
class CountingSpanExporter extends OTLPTraceExporter {
  exported = 0;
  override export(...[spans, done]: Parameters<OTLPTraceExporter["export"]>): void {
    timeExportCall(() =>
      super.export(spans, (result) => {
        this.exported += spans.length;
        done(result);
      }),
    );
  }
}

/** The same for log records. */
class CountingLogExporter extends OTLPLogExporter {
  exported = 0;
  override export(...[records, done]: Parameters<OTLPLogExporter["export"]>): void {
    timeExportCall(() =>
      super.export(records, (result) => {
        this.exported += records.length;
        done(result);
      }),
    );
  }
}

type Sdk = ReturnType<typeof createSdk>;

function createSdk(sinkUrl: string, sampleRatio: number) {
  const resource = resourceFromAttributes({ "service.name": "bench" });
  const spanExporter = new CountingSpanExporter({ url: `${sinkUrl}/v1/traces` });
  const logExporter = new CountingLogExporter({ url: `${sinkUrl}/v1/logs` });
  // Batches stay at the SDK's 512: at 2,048 its CPU was the same and its p99.9 in the tick three times as long.
  const queue = {
    maxQueueSize: MAX_QUEUE_SIZE,
    scheduledDelayMillis: BATCH_DELAY_MS,
  };
  return {
    spanExporter,
    logExporter,
    traces: new TracerProvider({
      resource,
      sampler: new ParentBasedSampler({
        root: sampleRatio >= 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(sampleRatio),
      }),
      spanProcessors: [new BatchSpanProcessor({ exporter: spanExporter, ...queue })],
    }),
    logs: new LoggerProvider({
      resource,
      processors: [new BatchLogRecordProcessor({ exporter: logExporter, ...queue })],
    }),
    metrics: new MeterProvider({
      resource,
      readers: [
        new PeriodicExportingMetricReader({
          exporter: new OTLPMetricExporter({ url: `${sinkUrl}/v1/metrics` }),
          exportIntervalMillis: METRICS_INTERVAL_MS,
          exportTimeoutMillis: METRICS_INTERVAL_MS,
        }),
      ],
    }),
  };
}

/** One root span, five stage spans, five histogram records, two counters, one log record; the context is entered once. */
function createTick({ traces, logs, metrics }: Sdk, sameFields: boolean): (index: number) => void {
  const work = new TickWork();
  const tracer = traces.getTracer("bench");
  const logger = logs.getLogger("bench");
  const meter = metrics.getMeter("bench");
  const stageSeconds = meter.createHistogram("trading_stage_duration_seconds", {
    unit: "s",
    advice: { explicitBucketBoundaries: [...STAGE_BOUNDS_S] },
  });
  const outcomes = meter.createCounter("trading_flow_outcomes_total");
  const decided = meter.createCounter("trading_decisions_total");
  const attributesOf = STAGES.map((stage) => ({ flow: "tick", stage }));
  const labels = createCounterLabels();
  const rootOptions = {
    kind: SpanKind.CONSUMER,
    attributes: { "trading.symbol": TICK_ATTRIBUTES.symbol, "trading.strategy": TICK_ATTRIBUTES.strategy },
  };

  const begin = (stage: number, active: Context): Span => tracer.startSpan(STAGES[stage]!, undefined, active);
  /** Ends a stage that began at `fromMs`; returns when the next one begins. */
  const end = (stage: number, span: Span, fromMs: number): number => {
    span.end();
    const toMs = performance.now();
    stageSeconds.record((toMs - fromMs) / 1e3, attributesOf[stage]);
    return toMs;
  };
  const inside = (index: number, active: Context): Verdict => {
    let atMs = performance.now();
    let span = begin(0, active);
    work.updateBook(index);
    atMs = end(0, span, atMs);
    span = begin(1, active);
    const signal = work.findSignal(index);
    atMs = end(1, span, atMs);
    span = begin(2, active);
    const verdict = work.assess(index);
    decided.add(1, labels[verdict.decision].decision);
    logger.emit({
      eventName: "trading.decision",
      severityNumber: SeverityNumber.INFO,
      severityText: "INFO",
      ...(sameFields ? fullLogRecord(verdict, index) : { attributes: decisionAttributes(verdict) }),
      context: active,
    });
    atMs = end(2, span, atMs);
    span = begin(3, active);
    work.send(verdict);
    atMs = end(3, span, atMs);
    span = begin(4, active);
    work.acknowledge(signal);
    end(4, span, atMs);
    return verdict;
  };

  return (index) => {
    const root = tracer.startSpan("tick", rootOptions, ROOT_CONTEXT);
    const active = trace.setSpan(ROOT_CONTEXT, root);
    const verdict = context.with(active, () => inside(index, active));
    root.setAttribute("trading.decision", verdict.decision);
    root.setAttribute("trading.reason_code", verdict.reasonCode);
    if (sameFields) root.setAttributes(fullRootAttributes(verdict));
    root.end();
    outcomes.add(1, labels[verdict.decision].outcome);
  };
}

/** The label sets of both counters for either decision, made once. */
function createCounterLabels() {
  const of = (decision: string, reasonCode: string) => ({
    decision: { strategy: TICK_ATTRIBUTES.strategy, decision, reason_code: reasonCode },
    outcome: { flow: "tick", stage: STAGES.at(-1)!, reason_code: reasonCode, ...TICK_ATTRIBUTES },
  });
  return { ACCEPT: of("ACCEPT", "order_submitted"), REJECT: of("REJECT", "insufficient_edge") };
}

/** The twelve fields of a decision. */
function decisionAttributes(verdict: Verdict): Record<string, string> {
  const edge = verdict.edge!;
  return {
    "trading.strategy": TICK_ATTRIBUTES.strategy,
    "trading.decision": verdict.decision,
    "trading.reason_code": verdict.reasonCode,
    "trading.reason": verdict.reason,
    "trading.edge_unit": edge.edge_unit,
    "trading.gross_edge": edge.gross_edge,
    "trading.fees_est": edge.fees_est,
    "trading.slippage_est": edge.slippage_est,
    "trading.gas_est": edge.gas_est,
    "trading.latency_buffer": edge.latency_buffer,
    "trading.net_edge": edge.net_edge,
    "trading.min_threshold": edge.min_threshold,
  };
}

const RUN_ID = crypto.randomUUID();
const INSTANCE_ID = crypto.randomUUID();

/** What Tracebook's root span carries of a decision and of its flow. */
function fullRootAttributes(verdict: Verdict): Record<string, string> {
  return {
    ...decisionAttributes(verdict),
    "trading.run_id": RUN_ID,
    "trading.stage": STAGES.at(-1)!,
    "trading.keep_reason": "ratio",
  };
}

/** What Tracebook's log record of a decision carries beside its twelve fields. */
function fullLogRecord(verdict: Verdict, index: number) {
  return {
    body: `decision: ${verdict.reason}`,
    attributes: {
      ...decisionAttributes(verdict),
      "trading.seq": index,
      "trading.run_id": RUN_ID,
      "trading.symbol": TICK_ATTRIBUTES.symbol,
      "trading.instance_id": INSTANCE_ID,
    },
  };
}
