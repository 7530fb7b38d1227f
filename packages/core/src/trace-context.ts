// Trace ids and runs across calls, processes and message payloads.
import { type Context, context as contextApi, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { FLOW_KEY, RUN_KEY, runIdOf, TRACE_ID_KEY } from "./context-keys.ts";
import { quoteValue, TracebookError } from "./errors.ts";
import type { Flow } from "./flow.ts";
import { generateTraceId, parseTraceId } from "./ids.ts";
import { tracebookSlot } from "./slot.ts";

/**
 * The trace id of whatever is running: 32 lower-case hex digits, or undefined outside of any trace.
 *
 * The active flow's, the active span's, or the one {@link withTraceId} set, in this order.
 */
export function currentTraceId(): string | undefined {
  const active = contextApi.active();
  if (active === ROOT_CONTEXT) return undefined;
  const spanContext = trace.getSpanContext(active);
  if (spanContext !== undefined && trace.isSpanContextValid(spanContext)) return spanContext.traceId;
  return active.getValue(TRACE_ID_KEY) as string | undefined;
}

/** The flow that is running here, if there is one. */
export function currentFlow(): Flow | undefined {
  return contextApi.active().getValue(FLOW_KEY) as Flow | undefined;
}

/**
 * Runs `fn` under a trace id: flows that start and events that are emitted inside bear it.
 *
 * `traceId`: a UUID or 32 hex digits, for example from {@link generateTraceId}; default: a new one. Throws `invalid_option`
 * for anything else. `fn` gets the id as 32 hex digits.
 */
export function withTraceId<T>(traceId: string | undefined, fn: (traceId: string) => T): T {
  const hex = traceId === undefined ? generateTraceId() : parseTraceId(traceId);
  if (hex === undefined)
    throw new TracebookError("invalid_option", `traceId is ${quoteValue(traceId)}, not a UUID or 32 hex digits.`);
  // A new trace: the surrounding flow and span, if any, are not its parents.
  return contextApi.with(ROOT_CONTEXT.setValue(TRACE_ID_KEY, hex).setValue(RUN_KEY, runIdOf(contextApi.active())), () =>
    fn(hex),
  );
}

/** Runs `fn` as part of a run: every record made inside bears `runId`, any text of 1 to 128 characters. Throws `invalid_option`. */
export function withRun<T>(runId: string, fn: () => T): T {
  if (typeof runId !== "string" || runId.length < 1 || runId.length > 128)
    throw new TracebookError("invalid_option", `runId is ${quoteValue(runId)}, not a text of 1 to 128 characters.`);
  return contextApi.with(contextApi.active().setValue(RUN_KEY, runId), fn);
}

/** The run that records made here would bear; undefined while telemetry is off and no run is set. */
export function currentRunId(): string | undefined {
  return runIdOf(contextApi.active()) ?? tracebookSlot().runtime?.runId;
}

/**
 * Puts the active trace context into a message payload (W3C Trace Context: the field `traceparent`, and `tracestate`), so
 * that whoever receives the message joins the trace. Returns the payload. The trace is kept from here on.
 *
 * Explicit on purpose: nothing is ever put into a payload by itself. Does nothing while no propagator is set.
 */
export function injectContext<P extends object>(payload: P): P {
  propagation.inject(contextApi.active(), payload);
  return payload;
}

/**
 * Reads the trace context from a message payload, for `tick.run({ parent: extractContext(message) }, ...)`.
 * Hostile or missing fields give the active context unchanged.
 */
export function extractContext(payload: unknown): Context {
  const active = contextApi.active();
  if (typeof payload !== "object" || payload === null) return active;
  const carrier: Record<string, string> = {};
  try {
    for (const field of ["traceparent", "tracestate"] as const) {
      const value = (payload as Record<string, unknown>)[field];
      // 512 characters is what W3C Trace Context (section 3.3.1.5) asks implementations to carry of a tracestate.
      if (typeof value === "string" && value.length <= 512) carrier[field] = value;
    }
    return propagation.extract(active, carrier);
  } catch {
    return active;
  }
}
