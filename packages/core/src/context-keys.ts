// The keys under which core keeps things in an OpenTelemetry context.
import { type Context, createContextKey, ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";

/** The innermost live flow of a context. */
export const FLOW_KEY = createContextKey("tracebook.flow");
/** The `run_id` that `withRun` set. */
export const RUN_KEY = createContextKey("tracebook.run_id");
/** The trace id that `withTraceId` set, for what starts a trace in this context. */
export const TRACE_ID_KEY = createContextKey("tracebook.trace_id");

/**
 * The key under which the OpenTelemetry API keeps the active span. The API does not export it, but it hands it to every
 * context it is asked to put a span into, so a context of ours learns it from the API's own call.
 */
export const SPAN_KEY: symbol = learnSpanKey();

function learnSpanKey(): symbol {
  let learnt: symbol | undefined;
  const probe: Context = {
    getValue: () => undefined,
    setValue(key) {
      learnt = key;
      return probe;
    },
    deleteValue: () => probe,
  };
  trace.setSpan(probe, trace.wrapSpanContext({ traceId: "", spanId: "", traceFlags: 0 }) as Span);
  return learnt ?? createContextKey("OpenTelemetry Context Key SPAN");
}

/** A context that adds one value to another. OpenTelemetry's own copies a map for each value; a flow's must not. */
export class LayeredContext implements Context {
  readonly #parent: Context;
  readonly #key: symbol;
  readonly #value: unknown;

  constructor(parent: Context, key: symbol, value: unknown) {
    this.#parent = parent;
    this.#key = key;
    this.#value = value;
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new LayeredContext(this, key, value);
  }

  deleteValue(key: symbol): Context {
    return new LayeredContext(this, key, undefined);
  }
}

/** The run id of a context, if `withRun` set one. */
export function runIdOf(context: Context): string | undefined {
  if (context === ROOT_CONTEXT) return undefined;
  const value = context.getValue(RUN_KEY);
  return typeof value === "string" ? value : undefined;
}
