// Trace context across processes: W3C headers to hosts on the list, and a flow whose context left is kept.
import {
  type Context,
  isSpanContextValid,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { Fate, type FlowEngine } from "@tracebook/core/extension";
import type { PropagationRule } from "./propagation-targets.ts";

/** The propagator given to the SDK, and the hook by which HTTP instrumentations say where a request goes. */
export interface GuardedPropagator extends TextMapPropagator {
  /** Called by an instrumentation's hook right before it injects into the headers of a request to `host`. */
  target(host: string | undefined): void;
}

/**
 * Makes the propagator. An instrumentation announces the host, then injects, in one synchronous stretch; an injection that
 * nobody announced is a host's own `injectContext` into a message payload, which is always explicit and therefore allowed.
 */
export function createGuardedPropagator(engine: FlowEngine, allowed: PropagationRule): GuardedPropagator {
  const inner = new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] });
  let announced: boolean | undefined;
  return {
    target(host) {
      announced = host !== undefined && allowed(host);
    },
    inject(context: Context, carrier: unknown, setter: TextMapSetter) {
      const permitted = announced ?? true;
      announced = undefined;
      if (!permitted) return;
      inner.inject(withHonestFlags(engine, context), carrier, setter);
    },
    extract(context: Context, carrier: unknown, getter: TextMapGetter) {
      return inner.extract(context, carrier, getter);
    },
    fields: () => inner.fields(),
  };
}

/** Commits the flow of a context that leaves; one that was dropped already leaves as unsampled, so that no trace is cut. */
function withHonestFlags(engine: FlowEngine, context: Context): Context {
  const flow = engine.flowOf(context);
  if (flow === undefined) return context;
  flow.commit("propagated");
  if (flow.root.fate !== Fate.dropped) return context;
  const spanContext = trace.getSpanContext(context);
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return context;
  return trace.setSpanContext(context, { ...spanContext, traceFlags: spanContext.traceFlags & ~TraceFlags.SAMPLED });
}
