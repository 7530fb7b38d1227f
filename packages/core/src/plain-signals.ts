// Instruments of the OpenTelemetry API that stand in for the engine while someone else's SDK has the process.
import {
  type Context,
  type Counter,
  context as contextApi,
  type Histogram,
  type Logger,
  logs,
  type Meter,
  metrics,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { boundAttributes } from "./bound-attributes.ts";
import { FLOW_KEY, runIdOf, TRACE_ID_KEY } from "./context-keys.ts";
import type { FlowAttributes, FlowDeclaration } from "./flow.ts";
import { FLOW_INSTRUMENTS } from "./flow-instruments.ts";
import { parseTraceId } from "./ids.ts";
import { toLabel } from "./label.ts";
import { toLogAttributes } from "./otel-names.ts";
import { PlainFlow } from "./plain-flow.ts";
import type { EventKind, EventRecord } from "./record.ts";
import { createRedactor, type Redactor } from "./redaction.ts";
import type { EmitOptions, FlowVerdict } from "./runtime.ts";

const SCOPE = "tracebook";
const SEVERITY_TEXT: Readonly<Record<number, string>> = { 5: "DEBUG", 9: "INFO", 13: "WARN", 17: "ERROR" };

/** Flows, events and decisions through someone else's SDK. Nothing here throws, whatever that SDK's processors do. */
export class PlainSignals {
  readonly tracer: Tracer = trace.getTracer(SCOPE);
  readonly logger: Logger = logs.getLogger(SCOPE);
  readonly meter: Meter = metrics.getMeter(SCOPE);
  readonly redactor: Redactor = createRedactor();
  readonly stageSeconds: Histogram = this.#histogram(FLOW_INSTRUMENTS.stageDuration);
  readonly flowSeconds: Histogram = this.#histogram(FLOW_INSTRUMENTS.flowDuration);
  readonly outcomes: Counter = this.#counter(FLOW_INSTRUMENTS.flowOutcomes);
  readonly #events: Counter = this.#counter(FLOW_INSTRUMENTS.events);
  readonly #decisions: Counter = this.#counter(FLOW_INSTRUMENTS.decisions);

  start(declaration: FlowDeclaration, given: FlowAttributes | undefined): PlainFlow {
    try {
      return new PlainFlow(this, declaration, given);
    } catch {
      // A getter, a Proxy or null where attributes belong: the flow is traced without them.
      return new PlainFlow(this, declaration, undefined);
    }
  }

  /** Emits an event as a log record of the SDK; in the context of `options.flow` or the active one. */
  emit(kind: EventKind, payload: unknown, options: EmitOptions | undefined): void {
    try {
      const flow = flowFor(options);
      const active = flow?.context ?? contextApi.active();
      this.#events.add(1, { event_type: kind.eventType });
      const record = plainRecord(kind, payload, options, flow, active);
      const attributes = boundAttributes(toLogAttributes(record, traceIdOf(options, active)), this.redactor);
      const reason = attributes["trading.reason"] ?? attributes["exception.message"];
      this.logger.emit({
        eventName: `trading.${kind.eventType}`,
        severityNumber: kind.severityNumber,
        severityText: SEVERITY_TEXT[kind.severityNumber] ?? "INFO",
        body: reason === undefined ? kind.eventType : `${kind.eventType}: ${String(reason)}`,
        attributes,
        context: active,
      });
    } catch {
      // Someone else's processor threw, or the payload did; a record of ours must not stop the host.
    }
  }

  /** The same for a verdict, which also says how its flow ends. */
  emitVerdict(kind: EventKind, payload: FlowVerdict, options: EmitOptions | undefined): void {
    try {
      const flow = flowFor(options);
      flow?.decided(kind, payload, options);
      this.#decisions.add(1, {
        decision: payload.accepted ? "ACCEPT" : "REJECT",
        reason_code: this.redactor.text(String(payload.reasonCode)),
        strategy: toLabel(options?.strategy) ?? flow?.strategy ?? "",
        symbol: toLabel(options?.symbol) ?? flow?.symbol ?? "",
      });
    } catch {
      // As above.
    }
    this.emit(kind, payload, options);
  }

  #histogram({ name, help, unit, bounds }: (typeof FLOW_INSTRUMENTS)["stageDuration" | "flowDuration"]): Histogram {
    const advice = { explicitBucketBoundaries: [...bounds] };
    return this.meter.createHistogram(name, { description: help, unit, advice });
  }

  #counter({ name, help, unit }: (typeof FLOW_INSTRUMENTS)["flowOutcomes" | "events" | "decisions"]): Counter {
    return this.meter.createCounter(name, { description: help, unit });
  }
}

function flowFor(options: EmitOptions | undefined): PlainFlow | undefined {
  const flow = options?.flow ?? contextApi.active().getValue(FLOW_KEY);
  return flow instanceof PlainFlow ? flow : undefined;
}

/** The trace a record belongs to: the one given, the active span's, or the one `withTraceId` set. */
function traceIdOf(options: EmitOptions | undefined, active: Context): string | undefined {
  return (
    parseTraceId(options?.traceId) ??
    trace.getSpanContext(active)?.traceId ??
    (active.getValue(TRACE_ID_KEY) as string | undefined)
  );
}

function plainRecord(
  kind: EventKind,
  payload: unknown,
  options: EmitOptions | undefined,
  flow: PlainFlow | undefined,
  active: Context,
): EventRecord {
  return {
    kind,
    payload,
    seq: 0,
    timeMs: performance.now(),
    runId: toLabel(options?.runId) ?? runIdOf(active) ?? "",
    symbol: toLabel(options?.symbol) ?? flow?.symbol,
    strategy: toLabel(options?.strategy) ?? flow?.strategy,
    traced: false,
    trace0: 0,
    trace1: 0,
    trace2: 0,
    trace3: 0,
    span0: 0,
    span1: 0,
  };
}
