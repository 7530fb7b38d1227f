// The running telemetry of one process: starts flows, numbers records, decides at the end of a flow whether its trace is kept.
import {
  type Context,
  context as contextApi,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { AfterTick } from "./after-tick.ts";
import type { Clock } from "./clock.ts";
import { FLOW_KEY, runIdOf, TRACE_ID_KEY } from "./context-keys.ts";
import { EmittedRecord, traceByContext, traceByHex } from "./emitted-record.ts";
import type { KeepReason } from "./ended-flow.ts";
import type { FlowAttributes, FlowDeclaration } from "./flow.ts";
import { FlowFates } from "./flow-fates.ts";
import { FlowSlab } from "./flow-slab.ts";
import { type BeginFlow, Starter } from "./flow-starter.ts";
import { hexToWord, type IdSource, parseTraceId } from "./ids.ts";
import { toLabel } from "./label.ts";
import { Fate, type FlowHome, type FlowMisuse, LiveFlow, type LiveKind } from "./live-flow.ts";
import type { EventKind } from "./record.ts";
import type { EmitOptions, FlowStarter, FlowVerdict, Runtime, RuntimeWiring } from "./runtime.ts";

/** How an engine is set up; everything is decided here, so that a tick decides nothing. */
export interface FlowEngineOptions extends RuntimeWiring {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly instanceId: string;
  readonly runId: string;
  /** The share of flows to keep of those that nothing else keeps: 0 to 1. */
  readonly sampleRatio: number;
  /** A flow of at least this many milliseconds is kept. */
  readonly slowMs: number;
  /** How many of the last flows are held until it is known that nothing halted: 0 to 4096. */
  readonly recentFlows: number;
  /** How many flows may be in the air at once; more are not traced and counted. */
  readonly maxFlows: number;
  /** Runs a function after the tick (`setImmediate`); must not run it at once. */
  readonly afterTick: (fn: () => void) => void;
  /** Runs a function within some milliseconds, by one timer that begins anew with each call; must not run it at once. */
  readonly afterPause: (fn: () => void) => void;
  /** Hears of whatever is lost: a class (`flow`) and a reason. Must not throw. */
  readonly onDrop: (what: "flow", reason: "too_many_flows" | "queue_full" | "sink_threw", count: number) => void;
}

/** An engine and what its owner may look at. */
export interface FlowEngine extends Runtime {
  /** Counts since the start; `drain` first to have the last ticks in them. */
  stats(): FlowEngineStats;
  /** Does everything that waits for the end of the tick, now: observers, fates, sinks. Never throws. */
  drain(): void;
  /** The flow that a context belongs to, if it is one of this engine's. */
  flowOf(context: Context): LiveFlow | undefined;
}

/** What an engine has done. */
export interface FlowEngineStats {
  readonly flowsStarted: number;
  readonly flowsEnded: number;
  readonly flowsKept: number;
  readonly flowsDropped: number;
  readonly flowsOpen: number;
  readonly misuse: Readonly<Record<string, number>>;
}

const SPAN_KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;
const ACCEPTING_CODES = new Set(["order_submitted", "accepted"]);

/** Makes the engine; `installRuntime` puts it to work. */
export function createFlowEngine(options: FlowEngineOptions): FlowEngine {
  return new Engine(options);
}

class Engine implements FlowEngine, FlowHome {
  readonly version = 1;
  readonly slab: FlowSlab;
  readonly nowMs: () => number;
  readonly clock: Clock;
  readonly instanceId: string;
  readonly runId: string;
  lastSeq = 0;
  readonly #options: FlowEngineOptions;
  readonly #wiring: RuntimeWiring;
  readonly #starters = new WeakMap<FlowDeclaration, FlowStarter>();
  readonly #idWords = new Int32Array(6);
  readonly #fates: FlowFates;
  readonly #afterTick: AfterTick;
  #kindCount = 0;
  #started = 0;
  #ended = 0;
  readonly #misuse = new Map<FlowMisuse, number>();

  constructor(options: FlowEngineOptions) {
    this.#options = options;
    this.#wiring = options;
    this.clock = options.clock;
    this.nowMs = options.clock.nowMs;
    this.instanceId = options.instanceId;
    this.runId = options.runId;
    this.slab = new FlowSlab(options.maxFlows);
    this.#fates = new FlowFates({ ...options, onWaiting: () => this.#afterTick.wake() });
    this.#afterTick = new AfterTick(options, {
      settle: (flow) => this.#settle(flow),
      handOver: () => this.#fates.handOver(),
      observerThrew: () => this.misused("observer_threw"),
    });
  }

  // --- flows

  flow(declaration: FlowDeclaration): FlowStarter {
    let starter = this.#starters.get(declaration);
    if (starter === undefined) {
      const kind: LiveKind = {
        name: declaration.name,
        index: this.#kindCount++,
        stages: declaration.stages,
        slowMs: declaration.slowMs ?? this.#options.slowMs,
        spanKind: SPAN_KINDS[declaration.spanKind] ?? SpanKind.INTERNAL,
      };
      starter = new Starter(this.#begin, kind);
      this.#starters.set(declaration, starter);
    }
    return starter;
  }

  readonly #begin: BeginFlow = (kind, given) => {
    let slot = this.slab.take();
    if (slot < 0) {
      // Those that have ended and wait for the end of the tick still hold theirs.
      this.drain();
      slot = this.slab.take();
    }
    if (slot < 0) {
      this.#options.onDrop("flow", "too_many_flows", 1);
      return undefined;
    }
    try {
      return this.#beginIn(slot, kind, given);
    } catch {
      // A getter, a Proxy or null where attributes belong: the flow is traced without them.
      this.misused("unreadable_attributes");
      return this.#beginIn(slot, kind, undefined);
    }
  };

  #beginIn(slot: number, kind: LiveKind, given: FlowAttributes | undefined): LiveFlow {
    const parent = given?.parent ?? contextApi.active();
    let flow: LiveFlow;
    if (parent === ROOT_CONTEXT) {
      flow = new LiveFlow(this, kind, given, parent, undefined, this.runId, slot);
      this.#newTrace(flow, given?.traceId);
    } else flow = this.#beginInside(parent, kind, given, slot);
    this.slab.times[this.slab.timeBase(slot)] = this.nowMs();
    this.#started++;
    return flow;
  }

  #beginInside(parent: Context, kind: LiveKind, given: FlowAttributes | undefined, slot: number): LiveFlow {
    const runId = runIdOf(parent) ?? this.runId;
    const surrounding = given?.parent === undefined ? parentOf(parent) : trace.getSpan(parent);
    const ownTraceId = parseTraceId(given?.traceId);
    const spanContext = surrounding?.spanContext();
    if (spanContext === undefined || ownTraceId !== undefined || !trace.isSpanContextValid(spanContext)) {
      const flow = new LiveFlow(this, kind, given, parent, undefined, runId, slot);
      this.#newTrace(flow, given?.traceId ?? (parent.getValue(TRACE_ID_KEY) as string | undefined));
      return flow;
    }
    const outer = this.flowOf(parent);
    const root = outer !== undefined && outer.root.fate === Fate.open ? outer.root : undefined;
    const flow = new LiveFlow(this, kind, given, parent, root, runId, slot);
    this.#newTrace(flow, spanContext.traceId);
    flow.hasParent = true;
    flow.parent0 = hexToWord(spanContext.spanId, 0);
    flow.parent1 = hexToWord(spanContext.spanId, 8);
    if (root === undefined && (spanContext.traceFlags & TraceFlags.SAMPLED) !== 0) {
      // The parent is exported: so are we, or the trace would be cut here.
      flow.parentKept = true;
      this.commit(flow, "parent");
    }
    return flow;
  }

  #newTrace(flow: LiveFlow, traceId: string | undefined): void {
    const words = this.#idWords;
    this.#options.ids.fill(words, 0, 6);
    flow.trace0 = words[0]!;
    flow.trace1 = words[1]!;
    flow.trace2 = words[2]!;
    flow.trace3 = words[3]!;
    flow.span0 = words[4]!;
    // An id of zeros is invalid; once in 2^64 flows the last word is made 1.
    flow.span1 = words[4] === 0 && words[5] === 0 ? 1 : words[5]!;
    if (traceId === undefined) return;
    const hex = parseTraceId(traceId);
    if (hex === undefined) return this.misused("invalid_trace_id");
    flow.trace0 = hexToWord(hex, 0);
    flow.trace1 = hexToWord(hex, 8);
    flow.trace2 = hexToWord(hex, 16);
    flow.trace3 = hexToWord(hex, 24);
  }

  flowOf(context: Context): LiveFlow | undefined {
    if (context === ROOT_CONTEXT) return undefined;
    if (context instanceof LiveFlow) return context.home === this ? context : undefined;
    const flow = context.getValue(FLOW_KEY);
    return flow instanceof LiveFlow && flow.home === this ? flow : undefined;
  }

  ended(flow: LiveFlow): void {
    this.#ended++;
    this.#afterTick.ended(flow);
  }

  #settle(flow: LiveFlow): void {
    try {
      if (ACCEPTING_CODES.has(flow.reasonCode)) flow.accepted = true;
    } catch {
      // A verdict of the host's that cannot be read any more decides nothing.
      this.misused("unreadable_verdict");
    }
    this.#fates.decide(flow);
  }

  commit(root: LiveFlow, reason: KeepReason): void {
    this.#fates.commit(root, reason);
  }

  drain(): void {
    this.#afterTick.drain();
  }

  keepRecent(reason: "halt" | "crash"): number {
    this.drain();
    return this.#fates.keepRecent(reason);
  }

  misused(what: FlowMisuse): void {
    this.#misuse.set(what, (this.#misuse.get(what) ?? 0) + 1);
  }

  // --- records

  nextSeq(): number {
    return ++this.lastSeq;
  }

  emit(kind: EventKind, payload: unknown, options: EmitOptions | undefined): void {
    try {
      const flow = this.#flowFor(options);
      this.#publish(this.#makeRecord(kind, payload, options, flow), flow);
    } catch {
      // Options that cannot be read; the event happened all the same. No number was given out for it yet.
      this.misused("unreadable_options");
      const flow = this.#flowFor(undefined);
      this.#publish(this.#makeRecord(kind, payload, undefined, flow), flow);
    }
  }

  emitVerdict(kind: EventKind, payload: FlowVerdict, options: EmitOptions | undefined): void {
    if (!isVerdict(payload)) return this.misused("unreadable_verdict");
    try {
      this.#publishVerdict(kind, payload, options);
    } catch {
      this.misused("unreadable_options");
      this.#publishVerdict(kind, payload, undefined);
    }
  }

  #publishVerdict(kind: EventKind, payload: FlowVerdict, options: EmitOptions | undefined): void {
    const flow = this.#flowFor(options);
    const record = this.#makeRecord(kind, payload, options, flow);
    if (flow !== undefined) flow.decided(record, payload);
    this.#publish(record, flow);
  }

  #flowFor(options: EmitOptions | undefined): LiveFlow | undefined {
    const given = options === undefined ? undefined : options.flow;
    if (given !== undefined) return given instanceof LiveFlow ? given : undefined;
    return this.flowOf(contextApi.active());
  }

  #makeRecord(
    kind: EventKind,
    payload: unknown,
    options: EmitOptions | undefined,
    flow: LiveFlow | undefined,
  ): EmittedRecord {
    // All that may throw is read before a number is given out: a gap in the numbers is damage.
    const runId =
      toLabel(options?.runId) ?? (flow === undefined ? (runIdOf(contextApi.active()) ?? this.runId) : flow.runId);
    const symbol = toLabel(options?.symbol) ?? flow?.symbol;
    const strategy = toLabel(options?.strategy) ?? flow?.strategy;
    const traceId = options?.traceId;
    const record = new EmittedRecord(kind, ++this.lastSeq, this.nowMs(), runId, payload, symbol, strategy);
    let known = true;
    if (traceId !== undefined) known = traceByHex(record, traceId, undefined);
    else if (flow !== undefined) record.ids = flow;
    else known = traceByContext(record, contextApi.active());
    if (!known) this.misused("invalid_trace_id");
    return record;
  }

  #publish(record: EmittedRecord, flow: LiveFlow | undefined): void {
    const held = flow?.attach(record) ?? false;
    try {
      // Sinks first: nothing that counts may stand between evidence and the disk.
      const sinks = this.#wiring.recordSinks;
      for (let i = 0; i < sinks.length; i++) sinks[i]!.accept(record, held);
    } catch {
      this.misused("observer_threw");
    }
    this.#afterTick.emitted(record);
  }

  stats(): FlowEngineStats {
    return {
      flowsStarted: this.#started,
      flowsEnded: this.#ended,
      flowsKept: this.#fates.kept,
      flowsDropped: this.#fates.dropped,
      flowsOpen: this.slab.inUse,
      misuse: Object.fromEntries(this.#misuse),
    };
  }
}

/** True for what can be a verdict; whoever calls from JavaScript may pass anything. */
function isVerdict(payload: FlowVerdict): boolean {
  try {
    return typeof payload.accepted === "boolean" && typeof payload.reasonCode === "string";
  } catch {
    return false;
  }
}

/**
 * The span of the active context that a new flow belongs below, if there is one.
 *
 * Sockets and timers keep the context they were made in for life: every message of a WebSocket arrives "inside" the request that
 * opened it, or inside the flow that reconnected. Those are not parents: a flow that has ended, and a client's span, which is
 * over when its answer is there. A span of another process is one, and so is a span that is being recorded here (a server's).
 */
function parentOf(active: Context): Span | undefined {
  const span = trace.getSpan(active);
  if (span === undefined || span.spanContext().isRemote === true) return span;
  const { kind } = span as { readonly kind?: unknown };
  const isClient = !(span instanceof LiveFlow) && (kind === SpanKind.CLIENT || kind === SpanKind.PRODUCER);
  return span.isRecording() && !isClient ? span : undefined;
}
