// A flow made of ordinary spans, for someone else's SDK.
import {
  type Attributes,
  type Context,
  type Counter,
  context as contextApi,
  type Histogram,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { collectInto, type RecordAttributes } from "./attribute-sink.ts";
import { boundAttributes } from "./bound-attributes.ts";
import { FLOW_KEY, runIdOf } from "./context-keys.ts";
import type { Flow, FlowAttributes, FlowDeclaration } from "./flow.ts";
import { END_TO_END } from "./flow-instruments.ts";
import { exceptionAttributes } from "./flow-span.ts";
import { toLabel } from "./label.ts";
import { toSpanAttributes } from "./otel-names.ts";
import type { EventKind } from "./record.ts";
import type { Redactor } from "./redaction.ts";
import type { EmitOptions, FlowVerdict } from "./runtime.ts";

/** What a plain flow is made with. */
export interface PlainInstruments {
  readonly tracer: Tracer;
  readonly redactor: Redactor;
  readonly stageSeconds: Histogram;
  readonly flowSeconds: Histogram;
  readonly outcomes: Counter;
}

const SPAN_KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;
const ACCEPTING_CODES = new Set(["order_submitted", "accepted"]);

/** A flow made of ordinary spans: the same names, outcome and metrics as the engine's. A throwing processor stops nothing. */
export class PlainFlow implements Flow {
  readonly context: Context;
  symbol: string | undefined;
  strategy: string | undefined;
  readonly #instruments: PlainInstruments;
  readonly #declaration: FlowDeclaration;
  readonly #span: Span;
  readonly #startMs = performance.now();
  /** One anchor for all times of the flow, so that stages stay inside it whatever the wall clock does. */
  readonly #anchorMs = Date.now() - this.#startMs;
  #lastMs = this.#startMs;
  #marks = 0;
  #stage = "start";
  #reasonCode: string | undefined;
  #reason: string | undefined;
  #verdictCode: string | undefined;
  #accepted = false;
  #failed = false;
  #ended = false;

  constructor(instruments: PlainInstruments, declaration: FlowDeclaration, given: FlowAttributes | undefined) {
    this.#instruments = instruments;
    this.#declaration = declaration;
    this.symbol = toLabel(given?.symbol);
    this.strategy = toLabel(given?.strategy);
    const parent = given?.parent ?? withoutFormerSpan(contextApi.active());
    const runId = runIdOf(parent);
    const options = {
      kind: SPAN_KINDS[declaration.spanKind] ?? SpanKind.INTERNAL,
      startTime: this.#anchorMs + this.#startMs,
      attributes: this.#clean({
        ...toSpanAttributes(given),
        ...(runId === undefined ? undefined : { "trading.run_id": runId }),
      }),
    };
    this.#span =
      attempt(() => instruments.tracer.startSpan(declaration.name, options, parent)) ??
      trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
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
    const from = this.#lastMs;
    const now = performance.now();
    const { tracer, stageSeconds } = this.#instruments;
    attempt(() => {
      const startTime = this.#anchorMs + from;
      tracer.startSpan(stage, { startTime }, this.context).end(this.#anchorMs + now);
    });
    attempt(() => stageSeconds.record((now - from) / 1000, { flow: this.#declaration.name, stage }));
    this.#lastMs = now;
    this.#stage = stage;
    this.#marks++;
  }

  stop(reasonCode: string, reason?: string): undefined {
    this.#reasonCode = toLabel(reasonCode);
    this.#reason = toLabel(reason);
    return undefined;
  }

  fail(error: unknown): undefined {
    if (this.#ended) return undefined;
    this.stop("error");
    this.#failed = true;
    const attributes = this.#clean(exceptionAttributes(error));
    const message = attributes["exception.message"];
    const status = { code: SpanStatusCode.ERROR };
    attempt(() => this.#span.setStatus(message === undefined ? status : { ...status, message: String(message) }));
    attempt(() => this.#span.addEvent("exception", attributes));
    return undefined;
  }

  /** A verdict was put on the record inside this flow. */
  decided(kind: EventKind, verdict: FlowVerdict, options: EmitOptions | undefined): void {
    if (this.#ended) return;
    this.#verdictCode = toLabel(verdict.reasonCode);
    if (verdict.accepted) this.#accepted = true;
    this.strategy ??= toLabel(options?.strategy);
    this.symbol ??= toLabel(options?.symbol);
    attempt(() => {
      if (kind.writeSpanAttributes === undefined) return;
      const attributes: RecordAttributes = {};
      kind.writeSpanAttributes(verdict, this.#instruments.redactor, collectInto(attributes));
      this.#span.setAttributes(this.#clean(attributes));
    });
  }

  keep(): void {
    attempt(() => this.#span.setAttribute("trading.keep_reason", "marked"));
  }

  setAttribute(...[name, value]: Parameters<Flow["setAttribute"]>): this {
    return typeof name === "string" ? this.setAttributes({ [name]: value }) : this;
  }

  setAttributes(attributes: Attributes): this {
    attempt(() => this.#span.setAttributes(this.#clean(attributes)));
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
    if (typeof reasonCode === "string") this.stop(reasonCode, reason);
    this.#ended = true;
    const endMs = performance.now();
    const code = this.#instruments.redactor.text(this.#reasonCode ?? this.#verdictCode ?? "no_reason");
    attempt(() => this.#span.setAttributes(this.#clean(this.#outcome(code))));
    attempt(() => this.#span.end(this.#anchorMs + endMs));
    attempt(() => this.#measure(code, endMs));
  }

  #outcome(code: string): Attributes {
    const attributes: Attributes = { "trading.stage": this.#stage, "trading.reason_code": code };
    if (this.#reason !== undefined) attributes["trading.reason"] = this.#reason;
    if (this.symbol !== undefined) attributes["trading.symbol"] = this.symbol;
    if (this.strategy !== undefined) attributes["trading.strategy"] = this.strategy;
    // A Collector that samples keeps what bears a keep reason.
    if (this.#accepted || ACCEPTING_CODES.has(code)) attributes["trading.keep_reason"] = "accepted";
    else if (this.#failed) attributes["trading.keep_reason"] = "failed";
    return attributes;
  }

  #measure(code: string, endMs: number): void {
    const { name: flow, stages } = this.#declaration;
    const { flowSeconds, outcomes, stageSeconds } = this.#instruments;
    const { strategy = "", symbol = "" } = this;
    outcomes.add(1, { flow, stage: this.#stage, reason_code: code, strategy, symbol });
    flowSeconds.record((endMs - this.#startMs) / 1000, { flow });
    if (this.#marks >= 2 && !stages.includes(END_TO_END))
      stageSeconds.record((this.#lastMs - this.#startMs) / 1000, { flow, stage: END_TO_END });
  }

  #clean(attributes: object): Attributes {
    return boundAttributes(attributes, this.#instruments.redactor);
  }
}

/**
 * The context without a span that is over: sockets and timers keep the context they were made in for life, and what ended there
 * is no parent. Nor is a client's span, which is over when its answer is there. One that was not sampled stays: so are its children.
 */
function withoutFormerSpan(active: Context): Context {
  const span = trace.getSpan(active);
  if (span === undefined) return active;
  const { isRemote, traceFlags } = span.spanContext();
  if (isRemote === true) return active;
  const { kind } = span as { readonly kind?: unknown };
  const isOver = !span.isRecording() && (traceFlags & TraceFlags.SAMPLED) !== 0;
  return isOver || kind === SpanKind.CLIENT || kind === SpanKind.PRODUCER ? trace.deleteSpan(active) : active;
}

/** What `call` returns, or undefined when someone else's processor throws: telemetry must not stop the host. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
