// Counts and times every flow, kept or not: runs after the tick.
import type { Clock } from "@tracebook/core";
import { END_TO_END, type EndedFlow, type FlowKind, type FlowObserver, type FlowSink } from "@tracebook/core/extension";
import { FLOW_METRICS } from "./catalogue/flows.ts";
import type { BoundCounter, Counter } from "./counter.ts";
import type { BoundHistogram, Histogram } from "./histogram.ts";
import type { LabelValue } from "./metric-definition.ts";
import type { MetricRegistry } from "./metric-registry.ts";
import { type StagePercentiles, stagePercentiles } from "./stage-percentiles.ts";

/**
 * Hears of the end of every flow and records its stage durations, its duration and its outcome; as a sink of kept flows it
 * remembers them as exemplars of the durations they had.
 */
export interface FlowMetrics extends FlowObserver, FlowSink {
  /** The stage durations of all flows of one name so far, in milliseconds; empty for a flow that never ran. Allocates. */
  stagePercentiles(flowName: string): Record<string, StagePercentiles>;
}

/** The series of one kind of flow, bound once. */
interface BoundKind {
  readonly kind: FlowKind;
  readonly stages: readonly BoundHistogram[];
  readonly endToEnd: BoundHistogram | undefined;
  readonly duration: BoundHistogram;
  /** By symbol, the outcomes it has had: two comparisons find the counter of the next flow. */
  readonly outcomes: Map<string, Outcome[]>;
}

/** An outcome and its counter. */
interface Outcome {
  readonly strategy: string;
  readonly stage: string;
  readonly reasonCode: string;
  readonly counter: BoundCounter;
}

/** Kinds are numbered per runtime; beyond this many they are bound again for each flow rather than kept. */
const MAX_KINDS = 1024;
const MAX_SYMBOLS = 256;
const MAX_OUTCOMES = 16;

/**
 * Makes the observer that turns flows into `trading_stage_duration_seconds`, `trading_flow_duration_seconds` and
 * `trading_flow_outcomes_total`.
 *
 * `clock`, the one that measured the flows, tells when an exemplar was; without it there are none.
 *
 * Cost: about 100 ns for a flow of five stages and 50 ns more for a kept one, no garbage once its series are known.
 */
export function createFlowMetrics(registry: MetricRegistry, clock?: Pick<Clock, "epochMicros">): FlowMetrics {
  return new FlowRecorder(registry, clock);
}

class FlowRecorder implements FlowMetrics {
  readonly #stageDuration: Histogram<"flow" | "stage">;
  readonly #flowDuration: Histogram<"flow">;
  readonly #outcomes: Counter;
  readonly #kinds: (BoundKind | undefined)[] = [];
  /** Used again for each look-up: flow, stage, reason code, strategy, symbol. */
  readonly #values: LabelValue[] = ["", "", "", "", ""];
  readonly #clock: Pick<Clock, "epochMicros"> | undefined;
  #times = new Float64Array(64);
  #seconds = new Float64Array(64);

  constructor(registry: MetricRegistry, clock: Pick<Clock, "epochMicros"> | undefined) {
    this.#clock = clock;
    this.#stageDuration = registry.histogram(FLOW_METRICS.stageDuration);
    this.#flowDuration = registry.histogram(FLOW_METRICS.flowDuration);
    this.#outcomes = registry.counter<string>(FLOW_METRICS.flowOutcomes);
  }

  flowEnded(flow: EndedFlow): void {
    const bound = this.#boundTo(flow.kind);
    const marks = flow.markCount;
    const seconds = this.#durationsOf(flow);
    for (let i = 0; i < marks; i++) bound.stages[flow.markStage(i)]?.recordAt(seconds, i);
    if (marks >= 2) bound.endToEnd?.recordAt(seconds, marks);
    bound.duration.recordAt(seconds, marks + 1);
    this.#countOutcome(bound, flow);
  }

  flowKept(flow: EndedFlow): void {
    if (this.#clock === undefined) return;
    const bound = this.#boundTo(flow.kind);
    const marks = flow.markCount;
    // The same durations, by the same arithmetic, that were recorded at the flow's end: an exemplar lies in its bucket.
    const seconds = this.#durationsOf(flow);
    const timeAt = marks + 2;
    seconds[timeAt] = this.#times[marks + 1]!;
    toEpochMs(this.#clock, seconds, timeAt);
    for (let i = 0; i < marks; i++) bound.stages[flow.markStage(i)]?.noteExemplarAt(seconds, i, timeAt, flow);
    if (marks >= 2) bound.endToEnd?.noteExemplarAt(seconds, marks, timeAt, flow);
    bound.duration.noteExemplarAt(seconds, marks + 1, timeAt, flow);
  }

  /** In seconds: each stage, their sum, the whole flow. In arrays that are used again: numbers handed about would be garbage. */
  #durationsOf(flow: EndedFlow): Float64Array {
    const marks = flow.markCount;
    if (this.#times.length < marks + 3) {
      this.#times = new Float64Array(2 * marks + 3);
      this.#seconds = new Float64Array(2 * marks + 3);
    }
    const times = this.#times;
    const seconds = this.#seconds;
    flow.readTimes(times);
    for (let i = 0; i < marks; i++) seconds[i] = (times[i + 1]! - times[i]!) / 1000;
    seconds[marks] = (times[marks]! - times[0]!) / 1000;
    seconds[marks + 1] = (times[marks + 1]! - times[0]!) / 1000;
    return seconds;
  }

  stagePercentiles(flowName: string): Record<string, StagePercentiles> {
    return stagePercentiles(this.#stageDuration, flowName);
  }

  #countOutcome(bound: BoundKind, flow: EndedFlow): void {
    const { symbol = "", strategy = "", outcomeStage: stage, reasonCode } = flow;
    const outcomes = bound.outcomes.get(symbol);
    if (outcomes !== undefined) {
      for (let i = 0; i < outcomes.length; i++) {
        const outcome = outcomes[i]!;
        if (outcome.reasonCode === reasonCode && outcome.stage === stage && outcome.strategy === strategy) {
          return outcome.counter.add();
        }
      }
    }
    this.#bindOutcome(bound, stage, reasonCode, strategy, symbol).add();
  }

  #bindOutcome(bound: BoundKind, stage: string, reasonCode: string, strategy: string, symbol: string): BoundCounter {
    const values = this.#values;
    values[0] = bound.kind.name;
    values[1] = stage;
    values[2] = reasonCode;
    values[3] = strategy;
    values[4] = symbol;
    const counter = this.#outcomes.bindValues(values);
    remember(bound.outcomes, counter, values);
    return counter;
  }

  #boundTo(kind: FlowKind): BoundKind {
    const known = this.#kinds[kind.index];
    return known !== undefined && known.kind === kind ? known : this.#bindKind(kind);
  }

  #bindKind(kind: FlowKind): BoundKind {
    const flow = kind.name;
    const bound: BoundKind = {
      kind,
      stages: kind.stages.map((stage) => this.#stageDuration.bind({ flow, stage })),
      endToEnd: kind.stages.includes(END_TO_END) ? undefined : this.#stageDuration.bind({ flow, stage: END_TO_END }),
      duration: this.#flowDuration.bind({ flow }),
      outcomes: new Map(),
    };
    if (kind.index >= 0 && kind.index < MAX_KINDS) this.#kinds[kind.index] = bound;
    return bound;
  }
}

/** Replaces the monotonic time at a place by wall-clock milliseconds since 1970. */
function toEpochMs(clock: Pick<Clock, "epochMicros">, times: Float64Array, at: number): void {
  times[at] = clock.epochMicros(times[at]!) / 1000;
}

/**
 * Remembers a counter under its own label texts, which the registry keeps anyway. One with a label that became `other` would
 * never be found again: it stays with the registry, which counts each flow behind it as an overflow.
 */
function remember(outcomes: Map<string, Outcome[]>, counter: BoundCounter, values: readonly LabelValue[]): void {
  const { flow, stage = "", reason_code: reasonCode = "", strategy = "", symbol = "" } = counter.labels;
  if ([flow, stage, reasonCode, strategy, symbol].some((text, i) => text !== values[i])) return;
  const known = outcomes.get(symbol) ?? [];
  if (known.length < MAX_OUTCOMES) known.push({ strategy, stage, reasonCode, counter });
  if (outcomes.size < MAX_SYMBOLS) outcomes.set(symbol, known);
}
