// What a host sees of a flow: one pass of one market event through a service.
import type { Attributes, AttributeValue, Context } from "@opentelemetry/api";

/** Anything that can be put on a span; bigint becomes a decimal string. */
export type FlowAttributeValue = AttributeValue | bigint | undefined;

/** What is known of a flow when it starts. Hoist the object out of the loop when it does not change. */
export interface FlowAttributes {
  /** The instrument, as the service calls it: `BTC/USDT`. A label of metrics: bounded. */
  readonly symbol?: string | undefined;
  /** The strategy. A label of metrics: bounded. */
  readonly strategy?: string | undefined;
  /** A trace id to run under: a UUID or 32 hex digits; anything else is ignored and counted. */
  readonly traceId?: string | undefined;
  /** The context to start in, such as {@link extractContext} read from a message; default: the active one. */
  readonly parent?: Context | undefined;
  /** Further attributes; on the span they stand behind `trading.`, unless the name has a dot. */
  readonly [name: string]: FlowAttributeValue | Context;
}

/**
 * One running flow. All methods are safe at any time, also after the end (then they do nothing and are counted).
 *
 * It is an OpenTelemetry span as well: `trace.getActiveSpan()` inside the flow returns it, and attributes, events,
 * exceptions and status set there are on the root span when the trace is kept.
 */
export interface Flow<Stage extends string = string> {
  /** 32 lower-case hex digits; empty when telemetry is off. Made when first read (about 150 ns). */
  readonly traceId: string;
  /** 16 lower-case hex digits of the root span; empty when telemetry is off. */
  readonly spanId: string;
  /** Closes a stage: its duration is the time since the previous mark. Cost: a clock read and two array writes. */
  mark(stage: Stage): void;
  /**
   * Says how the flow ends: a reason code (`no_signal`) and, for people, a sentence. Returns undefined, for
   * `return flow.stop("no_signal")`. The last call wins. The flow itself ends when `run` is through, or with `end`.
   */
  stop(reasonCode: string, reason?: string): undefined;
  /** The same with reason code `error`: for an error that the host handles itself. The trace is kept. */
  fail(error: unknown): undefined;
  /** Marks the trace to be kept. */
  keep(): void;
  /** Puts an attribute on the root span; the name is taken as given. */
  setAttribute(name: string, value: AttributeValue): this;
  /** Puts attributes on the root span; the names are taken as given. */
  setAttributes(attributes: Attributes): this;
  /** Runs `fn` inside the flow: calls in it join the trace. For flows begun with `start`. */
  within<T>(fn: () => T): T;
  /** Returns `target` (a function or an event emitter) bound to this flow, however later it is called. */
  bind<T>(target: T): T;
  /** Ends a flow begun with `start`. */
  end(reasonCode?: string, reason?: string): void;
}

/** What a flow is: its name and stages, declared once. */
export interface FlowOptions<Stage extends string> {
  /** The stages in their usual order, 1 to 30; a flow may skip some or repeat one. */
  readonly stages: readonly Stage[];
  /** A flow that took at least this many milliseconds is kept. Default: the runtime's (`TELEMETRY_SLOW_MS`, 250). */
  readonly slowMs?: number;
  /** The stage spans' and root span's kind. Default `internal`. */
  readonly spanKind?: "internal" | "consumer" | "server" | "producer" | "client";
}

/** A declared flow: start it once per market event. */
export interface FlowDefinition<Stage extends string = string> {
  readonly name: string;
  readonly stages: readonly Stage[];
  /**
   * Runs `fn` as one flow, in its context, and returns what it returns; the flow ends when `fn` has returned or its promise
   * is settled. An error is recorded (outcome `error`) and thrown on, unchanged.
   */
  run<T>(attributes: FlowAttributes | undefined, fn: (flow: Flow<Stage>) => T): T;
  /** Starts a flow by hand, without entering its context: for the hottest paths. Call `end` on it. */
  start(attributes?: FlowAttributes): Flow<Stage>;
}

/** The plain data of a definition, as a runtime gets it. */
export interface FlowDeclaration {
  readonly name: string;
  readonly stages: readonly string[];
  readonly slowMs: number | undefined;
  readonly spanKind: NonNullable<FlowOptions<string>["spanKind"]>;
}
