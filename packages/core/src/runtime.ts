// The contract between the facade that hosts import and the telemetry that runs: what fills the slot.
import type { Clock } from "./clock.ts";
import type { FlowObserver, FlowSink, KeepReason } from "./ended-flow.ts";
import type { Flow, FlowAttributes, FlowDeclaration } from "./flow.ts";
import type { EventKind, EventRecord, RecordSink } from "./record.ts";

/** Where an event belongs when it is not the active flow's. */
export interface EmitOptions {
  /** The flow it belongs to; default: the active one. */
  readonly flow?: Flow | undefined;
  /** A trace id (UUID or 32 hex digits) it belongs to; wins over `flow`. */
  readonly traceId?: string | undefined;
  /** The run; default: the flow's, or the one of `withRun`, or the process's. */
  readonly runId?: string | undefined;
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
}

/** A verdict, as far as a flow needs to know it: what was decided and by which code. */
export interface FlowVerdict {
  readonly accepted: boolean;
  readonly reasonCode: string;
}

/** One flow definition inside a runtime. */
export interface FlowStarter {
  run<T>(attributes: FlowAttributes | undefined, fn: (flow: Flow) => T): T;
  start(attributes: FlowAttributes | undefined): Flow;
}

/** What runs while telemetry is on. Copies of core of other versions call it: only add to it, never change it. */
export interface Runtime {
  readonly version: 1;
  readonly instanceId: string;
  readonly runId: string;
  readonly clock: Clock;
  /** Compiles a declaration; the same declaration object gives the same starter. */
  flow(declaration: FlowDeclaration): FlowStarter;
  /** Puts an event on the record. Never throws. */
  emit(kind: EventKind, payload: unknown, options: EmitOptions | undefined): void;
  /** The same for a verdict, which also decides how its flow ends and whether it is kept. */
  emitVerdict(kind: EventKind, payload: FlowVerdict, options: EmitOptions | undefined): void;
  /** Keeps the traces of the last flows (64 by default), whatever their fate was going to be. Returns how many. */
  keepRecent(reason: Extract<KeepReason, "halt" | "crash">): number;
  /** The next number of this instance's sequence, for records that a sink makes itself. */
  nextSeq(): number;
  /** The last number given out; 0 before the first. */
  readonly lastSeq: number;
}

/** Makes a runtime hear and speak: `node` adds what the environment asks for. */
export interface RuntimeWiring {
  readonly flowObservers: readonly FlowObserver[];
  readonly recordObservers: readonly RecordObserver[];
  readonly flowSinks: readonly FlowSink[];
  readonly recordSinks: readonly RecordSink[];
}

/** Hears of every record after the tick, in the order of `seq`: no throw, no wait, no I/O. */
export interface RecordObserver {
  recordEmitted(record: EventRecord): void;
}
