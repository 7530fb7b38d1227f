// Spans of instrumentations: inside a flow they share its fate, outside they go their own way.
import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { FlowEngine, LiveFlow } from "@tracebook/core/extension";
import { Fate } from "@tracebook/core/extension";

/** Where finished spans go. */
export interface SpanOutlet {
  span(span: ReadableSpan): void;
  /** Counts a span that a flow had no room for. */
  dropped(count: number): void;
  flush(): Promise<void>;
}

/** The span processor that is given to the SDK. It never throws out of `startSpan` or `end`. */
export class FlowSpanProcessor implements SpanProcessor {
  readonly #engine: FlowEngine;
  readonly #outlet: SpanOutlet;
  /** The flow of each running span; spans that never end are let go with their flow's object. */
  readonly #flows = new WeakMap<object, LiveFlow>();

  constructor(engine: FlowEngine, outlet: SpanOutlet) {
    this.#engine = engine;
    this.#outlet = outlet;
  }

  onStart(span: Span, parentContext: Context): void {
    try {
      const flow = this.#engine.flowOf(parentContext);
      if (flow !== undefined) this.#flows.set(span, flow);
    } catch {
      // A context of someone else's that throws; the span goes its own way.
    }
  }

  onEnd(span: ReadableSpan): void {
    const flow = this.#flows.get(span);
    const fate = flow === undefined ? Fate.kept : flow.root.fate;
    if (fate === Fate.kept) this.#outlet.span(span);
    else if (fate === Fate.open && flow?.hold(span) === false) this.#outlet.dropped(1);
  }

  forceFlush(): Promise<void> {
    return this.#outlet.flush();
  }

  shutdown(): Promise<void> {
    return this.#outlet.flush();
  }
}
