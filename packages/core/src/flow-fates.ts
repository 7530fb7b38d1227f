// Decides at the end of a flow whether its trace is kept, and holds the last ones until nobody can want them any more.
import type { FlowSink, KeepReason } from "./ended-flow.ts";
import { Fate, type LiveFlow } from "./live-flow.ts";

/** What the decision depends on. */
export interface FlowFateOptions {
  /** The share of flows to keep of those that nothing else keeps: 0 to 1. */
  readonly sampleRatio: number;
  /** How many of the last flows are held: 0 to 4096. */
  readonly recentFlows: number;
  readonly flowSinks: readonly FlowSink[];
  /** Kept flows wait to be handed over. */
  readonly onWaiting: () => void;
  readonly onDrop: (what: "flow", reason: "queue_full" | "sink_threw", count: number) => void;
}

/** Kept flows that may wait for the end of the tick. A burst beyond it is counted and dropped, never grown into. */
const MAX_WAITING = 16_384;

/** The fates of an engine's flows. */
export class FlowFates {
  kept = 0;
  dropped = 0;
  readonly #options: FlowFateOptions;
  /** A flow is drawn when the last word of its trace id, as unsigned, is below this. */
  readonly #drawLimit: number;
  /** A ring of the last flows whose fate is open although they ended. */
  readonly #recent: (LiveFlow | undefined)[];
  #recentNext = 0;
  #waiting: LiveFlow[] = [];

  constructor(options: FlowFateOptions) {
    this.#options = options;
    this.#drawLimit = options.sampleRatio >= 1 ? 2 ** 32 : Math.round(options.sampleRatio * 2 ** 32);
    this.#recent = new Array<LiveFlow | undefined>(options.recentFlows).fill(undefined);
  }

  /** Called once a flow, after it has ended. */
  decide(flow: LiveFlow): void {
    const root = flow.root;
    const reason = this.#reasonToKeep(flow);
    if (reason !== undefined) this.commit(root, reason);
    if (root.fate === Fate.kept) {
      flow.fate = Fate.kept;
      // What the flow came to says more than what had committed it on the way (its context was passed on).
      if (reason === "accepted" || reason === "failed") flow.keepReason = reason;
      flow.keepReason ??= reason ?? "parent";
      this.#wait(flow);
    } else if (root === flow) this.#remember(flow);
    else if (root.fate === Fate.open) {
      root.nested ??= [];
      root.nested.push(flow);
    } else this.#discard(flow);
  }

  /** Makes the fate of an open root flow "kept", whether it runs or has ended. */
  commit(root: LiveFlow, reason: KeepReason): void {
    if (root.fate !== Fate.open) return;
    root.fate = Fate.kept;
    root.keepReason = reason;
    if (root.hasEnded) this.#rescue(root);
  }

  /** Hands the kept flows to the sinks, after the tick. Never throws. */
  handOver(): void {
    if (this.#waiting.length === 0) return;
    const flows = this.#waiting;
    this.#waiting = [];
    const sinks = this.#options.flowSinks;
    for (const flow of flows) {
      try {
        for (let i = 0; i < sinks.length; i++) sinks[i]!.flowKept(flow);
        this.kept++;
      } catch {
        this.#options.onDrop("flow", "sink_threw", 1);
      }
      flow.dropHeld();
      flow.release();
    }
  }

  /** Keeps the last flows, from the oldest on, so that they leave in the order in which they ended. */
  keepRecent(reason: "halt" | "crash"): number {
    let count = 0;
    for (let i = 0; i < this.#recent.length; i++) {
      const flow = this.#recent[(this.#recentNext + i) % this.#recent.length];
      if (flow === undefined) continue;
      this.commit(flow, reason);
      count++;
    }
    return count;
  }

  #reasonToKeep(flow: LiveFlow): KeepReason | undefined {
    if (flow.accepted) return "accepted";
    if (flow.failed) return "failed";
    if (flow.endMs - flow.startMs >= flow.kind.slowMs) return "slow";
    // W3C Trace Context level 2: the rightmost 56 bits are random, so that the last 32 are a fair draw.
    return flow.trace3 >>> 0 < this.#drawLimit ? "ratio" : undefined;
  }

  /** Takes a root flow back that ended with an open fate; while its own end is still being decided it is not there yet. */
  #rescue(root: LiveFlow): void {
    const at = this.#recent.indexOf(root);
    if (at >= 0) {
      this.#recent[at] = undefined;
      this.#wait(root);
    }
    this.#settleNested(root);
  }

  #settleNested(root: LiveFlow): void {
    const nested = root.nested;
    root.nested = undefined;
    if (nested === undefined) return;
    for (const flow of nested) {
      flow.fate = root.fate;
      if (root.fate === Fate.kept) {
        flow.keepReason ??= "parent";
        this.#wait(flow);
      } else this.#discard(flow);
    }
  }

  /** Puts an ended flow of open fate among the last ones; the oldest of them is dropped for good. */
  #remember(flow: LiveFlow): void {
    const recent = this.#recent;
    if (recent.length === 0) return this.#discard(flow);
    const oldest = recent[this.#recentNext];
    recent[this.#recentNext] = flow;
    this.#recentNext = this.#recentNext + 1 === recent.length ? 0 : this.#recentNext + 1;
    if (oldest !== undefined) this.#discard(oldest);
  }

  #discard(flow: LiveFlow): void {
    flow.fate = Fate.dropped;
    flow.dropHeld();
    this.dropped++;
    if (flow.nested !== undefined) this.#settleNested(flow);
    flow.release();
  }

  #wait(flow: LiveFlow): void {
    if (flow.nested !== undefined) this.#settleNested(flow);
    if (this.#waiting.length >= MAX_WAITING) {
      this.#options.onDrop("flow", "queue_full", 1);
      return this.#discard(flow);
    }
    if (this.#waiting.push(flow) === 1) this.#options.onWaiting();
  }
}
