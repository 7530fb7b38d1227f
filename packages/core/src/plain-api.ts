// The second way: no Tracebook runtime, but an OpenTelemetry SDK of someone else's. The plain API, slower, same signals.
import {
  type Attributes,
  type Context,
  type Counter,
  context as contextApi,
  type Histogram,
  type Logger,
  logs,
  type Meter,
  metrics,
  ProxyTracerProvider,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { FLOW_KEY, runIdOf } from "./context-keys.ts";
import type { Flow, FlowAttributes, FlowDeclaration } from "./flow.ts";
import { exceptionAttributes } from "./flow-span.ts";
import { parseTraceId } from "./ids.ts";
import { toLogAttributes, toSpanAttributes } from "./otel-names.ts";
import type { EventKind, EventRecord } from "./record.ts";
import type { EmitOptions, FlowVerdict } from "./runtime.ts";

const SCOPE = "tracebook";
/** What the API answers when no SDK is registered; compared by identity. */
const NO_SDK = new ProxyTracerProvider().getDelegate();

/** Watches for an SDK cheaply enough to ask at every flow: one field read, and the global registry at every 256th question. */
export class PlainApi {
  #provider = trace.getTracerProvider();
  #asked = 0;
  #signals: PlainSignals | undefined;

  /** The signals of someone else's SDK, or undefined while there is none. */
  signals(): PlainSignals | undefined {
    if ((++this.#asked & 255) === 0) this.#provider = trace.getTracerProvider();
    const provider = this.#provider;
    if (provider instanceof ProxyTracerProvider && provider.getDelegate() === NO_SDK) return undefined;
    this.#signals ??= new PlainSignals();
    return this.#signals;
  }
}

/** Instruments of the API that stand in for the engine. */
export class PlainSignals {
  readonly tracer: Tracer = trace.getTracer(SCOPE);
  readonly logger: Logger = logs.getLogger(SCOPE);
  readonly meter: Meter = metrics.getMeter(SCOPE);
  readonly stageSeconds: Histogram = this.meter.createHistogram("trading_stage_duration_seconds", {
    description: "Time a flow spent in a stage",
    unit: "s",
  });
  readonly outcomes: Counter = this.meter.createCounter("trading_flow_outcomes_total", {
    description: "Flows by the way they ended",
  });

  start(declaration: FlowDeclaration, given: FlowAttributes | undefined): PlainFlow {
    return new PlainFlow(this, declaration, given);
  }

  /** Emits an event as a log record of the SDK; in the context of `options.flow` or the active one. */
  emit(kind: EventKind, payload: unknown, options: EmitOptions | undefined): void {
    const flow = options?.flow instanceof PlainFlow ? options.flow : undefined;
    const active = flow?.context ?? contextApi.active();
    const spanContext = trace.getSpanContext(active);
    const record = plainRecord(kind, payload, options, runIdOf(active) ?? "");
    try {
      this.logger.emit({
        eventName: `trading.${kind.eventType}`,
        severityNumber: kind.severityNumber,
        attributes: toLogAttributes(record, parseTraceId(options?.traceId) ?? spanContext?.traceId),
        context: active,
      });
    } catch {
      // Someone else's processor threw; a record of ours must not stop the host.
    }
  }

  emitVerdict(kind: EventKind, payload: FlowVerdict, options: EmitOptions | undefined): void {
    const active = options?.flow ?? contextApi.active().getValue(FLOW_KEY);
    if (active instanceof PlainFlow) active.decided(kind, payload, options?.strategy);
    this.emit(kind, payload, options);
  }
}

function plainRecord(kind: EventKind, payload: unknown, options: EmitOptions | undefined, runId: string): EventRecord {
  return {
    kind,
    payload,
    seq: 0,
    timeMs: performance.now(),
    runId: options?.runId ?? runId,
    symbol: options?.symbol,
    strategy: options?.strategy,
    traced: false,
    trace0: 0,
    trace1: 0,
    trace2: 0,
    trace3: 0,
    span0: 0,
    span1: 0,
  };
}

/** A flow made of ordinary spans. */
export class PlainFlow implements Flow {
  readonly context: Context;
  readonly #signals: PlainSignals;
  readonly #declaration: FlowDeclaration;
  readonly #span: Span;
  readonly #symbol: string;
  #strategy: string;
  #lastMs = performance.now();
  #lastTime = Date.now();
  #stage = "start";
  #reasonCode: string | undefined;
  #ended = false;

  constructor(signals: PlainSignals, declaration: FlowDeclaration, given: FlowAttributes | undefined) {
    this.#signals = signals;
    this.#declaration = declaration;
    this.#symbol = given?.symbol ?? "";
    this.#strategy = given?.strategy ?? "";
    const parent = given?.parent ?? contextApi.active();
    this.#span = signals.tracer.startSpan(declaration.name, { attributes: toSpanAttributes(given) }, parent);
    this.context = trace.setSpan(parent, this.#span).setValue(FLOW_KEY, this);
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get spanId(): string {
    return this.#span.spanContext().spanId;
  }

  mark(stage: string): void {
    if (this.#ended || !this.#declaration.stages.includes(stage)) return;
    const now = performance.now();
    const time = Date.now();
    this.#signals.tracer.startSpan(stage, { startTime: this.#lastTime }, this.context).end(time);
    this.#signals.stageSeconds.record((now - this.#lastMs) / 1000, { flow: this.#declaration.name, stage });
    this.#lastMs = now;
    this.#lastTime = time;
    this.#stage = stage;
  }

  stop(reasonCode: string, reason?: string): undefined {
    this.#reasonCode = reasonCode;
    if (reason !== undefined) this.#span.setAttribute("trading.reason", reason);
    return undefined;
  }

  fail(error: unknown): undefined {
    this.#reasonCode = "error";
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.addEvent("exception", exceptionAttributes(error));
    return undefined;
  }

  decided(kind: EventKind, verdict: FlowVerdict, strategy: string | undefined): void {
    this.#reasonCode ??= verdict.reasonCode;
    if (this.#strategy === "" && strategy !== undefined) this.#strategy = strategy;
    const attributes = kind.toAttributes?.(verdict);
    if (attributes !== undefined) this.#span.setAttributes(attributes as Attributes);
  }

  keep(): void {
    this.#span.setAttribute("trading.keep_reason", "marked");
  }

  setAttribute(...[name, value]: Parameters<Flow["setAttribute"]>): this {
    this.#span.setAttribute(name, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    this.#span.setAttributes(attributes);
    return this;
  }

  within<T>(fn: () => T): T {
    return contextApi.with(this.context, fn);
  }

  bind<T>(target: T): T {
    return contextApi.bind(this.context, target);
  }

  end(reasonCode?: string, reason?: string): void {
    if (this.#ended) return;
    this.#ended = true;
    if (reasonCode !== undefined) this.stop(reasonCode, reason);
    const code = this.#reasonCode ?? "no_reason";
    this.#span.setAttributes({ "trading.stage": this.#stage, "trading.reason_code": code });
    this.#signals.outcomes.add(1, {
      flow: this.#declaration.name,
      stage: this.#stage,
      reason_code: code,
      strategy: this.#strategy,
      symbol: this.#symbol,
    });
    this.#span.end();
  }
}
