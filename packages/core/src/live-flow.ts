// One running flow: OpenTelemetry span and context in one object, its numbers in the engine's arrays.
import { type Context, context as contextApi, type Span, type SpanContext, TraceFlags } from "@opentelemetry/api";
import { FLOW_KEY, LayeredContext, RUN_KEY, SPAN_KEY } from "./context-keys.ts";
import type { EndedFlow, FlowKind, KeepReason } from "./ended-flow.ts";
import type { Flow, FlowAttributes } from "./flow.ts";
import { type FlowSlab, MAX_MARKS } from "./flow-slab.ts";
import { FlowSpan } from "./flow-span.ts";
import { traceIdToHex, wordsToHex } from "./ids.ts";
import { toLabel } from "./label.ts";
import type { EventRecord } from "./record.ts";
import type { FlowVerdict } from "./runtime.ts";

/** The fate of a trace: open until the end of its root flow, then final. */
export const Fate = { open: 0, kept: 1, dropped: 2 } as const;
/** One of the values of {@link Fate}. */
export type Fate = (typeof Fate)[keyof typeof Fate];

/** What a flow needs of the engine it runs in. */
export interface FlowHome {
  readonly slab: FlowSlab;
  readonly nowMs: () => number;
  /** Called once, when the flow has ended and its outcome is known. */
  ended(flow: LiveFlow): void;
  /** Makes the fate of an open root flow "kept". */
  commit(root: LiveFlow, reason: KeepReason): void;
  /** Counts a call that could not do what it says: a mark after the end, an unknown stage. */
  misused(what: FlowMisuse): void;
}

/** The ways to misuse a flow that are counted. */
export type FlowMisuse =
  | "unknown_stage"
  | "too_many_marks"
  | "after_end"
  | "invalid_trace_id"
  | "too_many_attributes"
  | "too_many_children"
  | "unreadable_attributes"
  | "unreadable_options"
  | "unreadable_verdict"
  | "observer_threw";

/** The state that all flows of one definition share inside an engine. */
export interface LiveKind extends FlowKind {
  readonly slowMs: number;
}

const MAX_HELD_SPANS = 1024;
const MAX_RECORDS = 1024;
/** W3C Trace Context level 2, section 3.2.2.5: the rightmost 56 bits of the trace id are random. */
const RANDOM_FLAG = 0x2;

/** A running flow; also its own context, its own span and, once ended, what metrics and exporters read. */
export class LiveFlow extends FlowSpan implements Flow, Span, Context, EndedFlow {
  readonly home: FlowHome;
  readonly kind: LiveKind;
  readonly given: FlowAttributes | undefined;
  readonly parent: Context;
  /** The outermost flow of this trace in this process; its fate is the fate of all. */
  readonly root: LiveFlow;
  readonly runId: string;
  symbol: string | undefined;
  strategy: string | undefined;
  /** The slot in the slab; -1 once released. */
  slot: number;
  // The ids as words: small integers inside the object, so that they outlive the slot.
  trace0 = 0;
  trace1 = 0;
  trace2 = 0;
  trace3 = 0;
  span0 = 0;
  span1 = 0;
  parent0 = 0;
  parent1 = 0;
  markCount = 0;
  fate: Fate = Fate.open;
  keepReason: KeepReason | undefined = undefined;
  accepted = false;
  /** True when the parent's span is exported, or will be if this flow's trace is. */
  parentKept = false;
  hasParent = false;
  #reasonCode: string | undefined = undefined;
  /** The record of the verdict that decided this flow. */
  verdictRecord: EventRecord | undefined = undefined;
  /** Nearly all flows have one record, and need no array for it. */
  #firstRecord: EventRecord | undefined = undefined;
  /** Flows nested in this one that ended before its fate was known. */
  nested: LiveFlow[] | undefined = undefined;
  #spanContext: SpanContext | undefined = undefined;

  constructor(
    home: FlowHome,
    kind: LiveKind,
    given: FlowAttributes | undefined,
    parent: Context,
    root: LiveFlow | undefined,
    runId: string,
    slot: number,
  ) {
    super();
    this.home = home;
    this.kind = kind;
    this.given = given;
    this.parent = parent;
    this.root = root ?? this;
    this.runId = runId;
    this.slot = slot;
    this.symbol = given === undefined ? undefined : toLabel(given.symbol);
    this.strategy = given === undefined ? undefined : toLabel(given.strategy);
  }

  // --- Flow

  mark(stage: string): void {
    if (this.hasEnded) return this.home.misused("after_end");
    const count = this.markCount;
    if (count >= MAX_MARKS) return this.home.misused("too_many_marks");
    const stages = this.kind.stages;
    // Marks nearly always come in the declared order: try the next stage before searching.
    const index = stages[count] === stage ? count : stages.indexOf(stage);
    if (index < 0) return this.home.misused("unknown_stage");
    const slab = this.home.slab;
    const at = slab.timeBase(this.slot) + 1 + count;
    slab.times[at] = this.home.nowMs();
    slab.stages[at] = index;
    this.markCount = count + 1;
  }

  stop(reasonCode: string, reason?: string): undefined {
    if (this.hasEnded) {
      this.home.misused("after_end");
      return undefined;
    }
    this.#reasonCode = toLabel(reasonCode);
    if (reason !== undefined || this.rare !== undefined) this.makeRare().reason = toLabel(reason);
    return undefined;
  }

  fail(error: unknown): undefined {
    if (this.hasEnded) {
      this.home.misused("after_end");
      return undefined;
    }
    this.failed = true;
    this.#reasonCode = "error";
    const rare = this.makeRare();
    rare.error = error;
    rare.reason = undefined;
    return undefined;
  }

  keep(): void {
    this.commit("marked");
  }

  within<T>(fn: () => T): T {
    return contextApi.with(this, fn);
  }

  bind<T>(target: T): T {
    return contextApi.bind(this, target);
  }

  end(reasonCode?: unknown, reason?: unknown): void {
    if (this.hasEnded) return this.home.misused("after_end");
    // As an OpenTelemetry span, `end` takes a time, which a flow does not need: it has measured its own.
    if (typeof reasonCode === "string") this.stop(reasonCode, typeof reason === "string" ? reason : undefined);
    const slab = this.home.slab;
    slab.times[slab.timeBase(this.slot) + MAX_MARKS + 1] = this.home.nowMs();
    this.hasEnded = true;
    this.home.ended(this);
  }

  protected nowMs(): number {
    return this.home.nowMs();
  }

  protected overflowed(): void {
    this.home.misused("too_many_attributes");
  }

  // --- decided by the engine and by verdicts

  /** A verdict was put on the record inside this flow. */
  decided(record: EventRecord, verdict: FlowVerdict): void {
    if (this.hasEnded) return;
    this.verdictRecord = record;
    if (verdict.accepted) this.accepted = true;
    if (this.strategy === undefined) this.strategy = record.strategy;
    if (this.symbol === undefined) this.symbol = record.symbol;
  }

  /** Keeps the whole trace, whatever the draw says: something outside depends on it. */
  commit(reason: KeepReason): void {
    if (this.root.fate === Fate.open) this.home.commit(this.root, reason);
  }

  /** Remembers a record of this flow; false once the flow has ended or has no room for more. */
  attach(record: EventRecord): boolean {
    if (this.hasEnded) return false;
    if (this.#firstRecord === undefined) {
      this.#firstRecord = record;
      return true;
    }
    const rare = this.makeRare();
    rare.records ??= [];
    return rare.records.length < MAX_RECORDS && rare.records.push(record) > 0;
  }

  /** Takes a span of an instrumentation inside this flow until the fate is known; false when it has no room. */
  hold(span: unknown): boolean {
    const rare = this.root.makeRare();
    rare.held ??= [];
    if (rare.held.length >= MAX_HELD_SPANS) {
      this.home.misused("too_many_children");
      return false;
    }
    rare.held.push(span);
    return true;
  }

  // --- EndedFlow

  get startMs(): number {
    const slab = this.home.slab;
    return slab.times[slab.timeBase(this.slot)] ?? 0;
  }

  get endMs(): number {
    const slab = this.home.slab;
    return slab.times[slab.timeBase(this.slot) + MAX_MARKS + 1] ?? 0;
  }

  markStage(i: number): number {
    const slab = this.home.slab;
    return slab.stages[slab.timeBase(this.slot) + 1 + i] ?? 0;
  }

  markMs(i: number): number {
    const slab = this.home.slab;
    return slab.times[slab.timeBase(this.slot) + 1 + i] ?? 0;
  }

  readTimes(into: Float64Array): void {
    const { times } = this.home.slab;
    const base = this.home.slab.timeBase(this.slot);
    const marks = this.markCount;
    for (let i = 0; i <= marks; i++) into[i] = times[base + i]!;
    into[marks + 1] = times[base + MAX_MARKS + 1]!;
  }

  get outcomeStage(): string {
    return this.markCount === 0 ? "start" : (this.kind.stages[this.markStage(this.markCount - 1)] ?? "start");
  }

  get reasonCode(): string {
    if (this.#reasonCode !== undefined) return this.#reasonCode;
    const verdict = this.verdictRecord?.payload as FlowVerdict | undefined;
    return verdict === undefined ? "no_reason" : verdict.reasonCode;
  }

  get reason(): string | undefined {
    return this.rare?.reason;
  }

  get parentSpanId(): string | undefined {
    return this.hasParent && this.#parentIsExported() ? this.#parentSpanHex() : undefined;
  }

  get linkedSpanId(): string | undefined {
    return this.hasParent && !this.#parentIsExported() ? this.#parentSpanHex() : undefined;
  }

  get records(): readonly EventRecord[] {
    const first = this.#firstRecord;
    if (first === undefined) return NO_RECORDS;
    const more = this.rare?.records;
    return more === undefined ? [first] : [first, ...more];
  }

  get recordCount(): number {
    if (this.#firstRecord === undefined) return 0;
    return 1 + (this.rare?.records?.length ?? 0);
  }

  recordAt(i: number): EventRecord | undefined {
    return i === 0 ? this.#firstRecord : this.rare?.records?.[i - 1];
  }

  get heldSpans(): readonly unknown[] {
    return this.rare?.held ?? NONE;
  }

  #parentIsExported(): boolean {
    return this.root === this ? this.parentKept : this.root.fate === Fate.kept;
  }

  #parentSpanHex(): string {
    return wordsToHex(this.parent0, this.parent1);
  }

  // --- ids

  get traceId(): string {
    return this.spanContext().traceId;
  }

  get spanId(): string {
    return this.spanContext().spanId;
  }

  spanContext(): SpanContext {
    const sampled = this.root.fate === Fate.dropped ? 0 : TraceFlags.SAMPLED;
    const known = this.#spanContext;
    if (known !== undefined && known.traceFlags === (sampled | RANDOM_FLAG)) return known;
    const made = {
      traceId: known?.traceId ?? traceIdToHex(this.trace0, this.trace1, this.trace2, this.trace3),
      spanId: known?.spanId ?? wordsToHex(this.span0, this.span1),
      traceFlags: sampled | RANDOM_FLAG,
    };
    this.#spanContext = made;
    return made;
  }

  /** Lets go of the spans that waited for this flow. */
  dropHeld(): void {
    if (this.rare !== undefined) this.rare.held = undefined;
  }

  /** Gives the slot back; the times are gone, the ids stay. */
  release(): void {
    if (this.slot < 0) return;
    const slot = this.slot;
    this.slot = -1;
    this.home.slab.release(slot);
  }

  // --- Context

  getValue(key: symbol): unknown {
    return key === SPAN_KEY || key === FLOW_KEY ? this : key === RUN_KEY ? this.runId : this.parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new LayeredContext(this, key, value);
  }

  deleteValue(key: symbol): Context {
    return new LayeredContext(this, key, undefined);
  }
}

const NONE: readonly unknown[] = Object.freeze([]);
const NO_RECORDS: readonly EventRecord[] = Object.freeze([]);
