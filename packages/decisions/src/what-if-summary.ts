// What a what-if comes to over many decisions: counts, flips by what they are of, sums of net edge, the first of them as samples.
import { addDecimals, type Decimal, formatDecimal, parseDecimal } from "./decimal.ts";
import { describeValue } from "./describe.ts";
import { TracebookDecisionError } from "./errors.ts";
import type { ReJudged, WhatIfOutcome } from "./what-if.ts";
import type { RecordedDecision } from "./what-if-record.ts";

/** A recorded decision with what flips are told apart by. */
export interface WhatIfRecord extends RecordedDecision {
  readonly symbol?: string | null | undefined;
  readonly strategy?: string | null | undefined;
}

/** How decisions came out. */
export interface DecisionCounts {
  readonly accepted: number;
  readonly rejected: number;
}

/** Flips of one reason code, symbol or strategy. */
export interface FlipCount {
  /** Empty where the record has none; `other` for those beyond the first 1,000. */
  readonly value: string;
  readonly accepts: number;
  readonly rejects: number;
}

/** Exact sums of net edges, of one unit each. */
export interface NetEdgeSum {
  readonly edge_unit: string;
  /** Of decisions that would have been accepted and were not. */
  readonly accepts: string;
  /** Of decisions that would not have been accepted and were. */
  readonly rejects: string;
}

/** A flip: the record, and what it would have been. */
export interface WhatIfFlip<Recorded extends WhatIfRecord> {
  readonly record: Recorded;
  readonly judged: ReJudged;
}

/** What a what-if comes to. Flips come most first. */
export interface WhatIfSummary<Recorded extends WhatIfRecord = WhatIfRecord> {
  readonly records: number;
  readonly outcomes: Readonly<{ [Outcome in WhatIfOutcome]: number }>;
  /** Of those that were judged again: as they were, and as they would have been. */
  readonly before: DecisionCounts;
  readonly after: DecisionCounts;
  /** By the reason code of the REJECT: the one it had, or the one it would have had. */
  readonly byReasonCode: readonly FlipCount[];
  readonly bySymbol: readonly FlipCount[];
  readonly byStrategy: readonly FlipCount[];
  /** After the change; flips without an edge are in none of them. */
  readonly netEdges: readonly NetEdgeSum[];
  /** Units of the records that were left alone, most first. */
  readonly otherUnits: readonly { readonly value: string; readonly count: number }[];
  /** Why the first record was not judgeable that was not. */
  readonly firstProblem: string | undefined;
  /** The first flips, in the order they came in. */
  readonly samples: readonly WhatIfFlip<Recorded>[];
}

/** Takes judged decisions one by one. */
export interface WhatIfFold<Recorded extends WhatIfRecord = WhatIfRecord> {
  /** Adds a record and what became of it. Cost: below 1 us; memory is bounded however many there are. */
  add(record: Recorded, judged: ReJudged): void;
  /** What they come to so far. */
  summary(): WhatIfSummary<Recorded>;
}

/** How a fold is made. */
export interface WhatIfFoldOptions {
  /** Flips that are kept as samples. Default 20; range 0 to 10,000. */
  readonly samples?: number | undefined;
}

const MAX_VALUES = 1_000;
const DEFAULT_SAMPLES = 20;
const MAX_SAMPLES = 10_000;
const ZERO: Decimal = { coefficient: 0n, scale: 0 };

/**
 * Makes a fold: `for (const record of records) fold.add(record, judge(record))`, then `fold.summary()`.
 *
 * @example
 * const judge = createReJudge({ edgeUnit: "bps", thresholdBy: "-0.10" });
 * const fold = createWhatIfFold();
 * for await (const record of records) fold.add(record, judge(record));
 * fold.summary().netEdges; // [{ edge_unit: "bps", accepts: "12.30", rejects: "0" }]
 */
export function createWhatIfFold<Recorded extends WhatIfRecord>(options: WhatIfFoldOptions = {}): WhatIfFold<Recorded> {
  const { samples = DEFAULT_SAMPLES } = options;
  if (!Number.isInteger(samples) || samples < 0 || samples > MAX_SAMPLES)
    throw new TracebookDecisionError(
      "what_if_malformed",
      `samples: ${describeValue(samples)} is not a whole number from 0 to ${MAX_SAMPLES}`,
    );
  const fold = new Fold<Recorded>(samples);
  return { add: (record, judged) => fold.add(record, judged), summary: () => fold.summary() };
}

class Fold<Recorded extends WhatIfRecord> {
  readonly #outcomes = { unchanged: 0, accepts: 0, rejects: 0, other_unit: 0, not_judgeable: 0 };
  readonly #byReasonCode = new FlipCounts();
  readonly #bySymbol = new FlipCounts();
  readonly #byStrategy = new FlipCounts();
  readonly #sums = new Map<string, { accepts: Decimal; rejects: Decimal }>();
  readonly #otherUnits = new Map<string, number>();
  readonly #samples: WhatIfFlip<Recorded>[] = [];
  readonly #maxSamples: number;
  #records = 0;
  #acceptedBefore = 0;
  #firstProblem: string | undefined;

  constructor(maxSamples: number) {
    this.#maxSamples = maxSamples;
  }

  add(record: Recorded, judged: ReJudged): void {
    const { outcome } = judged;
    this.#records++;
    this.#outcomes[outcome]++;
    if (record.decision === "ACCEPT" && outcome !== "other_unit" && outcome !== "not_judgeable") this.#acceptedBefore++;
    if (outcome === "accepts" || outcome === "rejects") this.#addFlip(record, judged, outcome);
    else if (outcome === "not_judgeable") this.#firstProblem ??= judged.problem;
    else if (outcome === "other_unit") {
      const unit = boundedKey(this.#otherUnits, record.edge_unit ?? "");
      this.#otherUnits.set(unit, (this.#otherUnits.get(unit) ?? 0) + 1);
    }
  }

  #addFlip(record: Recorded, judged: ReJudged, outcome: "accepts" | "rejects"): void {
    this.#byReasonCode.add(outcome === "accepts" ? record.reason_code : judged.reason_code, outcome);
    this.#bySymbol.add(record.symbol ?? "", outcome);
    this.#byStrategy.add(record.strategy ?? "", outcome);
    if (this.#samples.length < this.#maxSamples) this.#samples.push({ record, judged });
    if (judged.net_edge !== undefined && typeof record.edge_unit === "string")
      this.#addNetEdge(record.edge_unit, judged.net_edge, outcome);
  }

  /** Units are never mixed, not even beyond as many as there can be: what does not fit is in no sum. */
  #addNetEdge(unit: string, net: string, outcome: "accepts" | "rejects"): void {
    let sum = this.#sums.get(unit);
    if (sum === undefined) {
      if (this.#sums.size >= MAX_VALUES) return;
      sum = { accepts: ZERO, rejects: ZERO };
      this.#sums.set(unit, sum);
    }
    sum[outcome] = addDecimals(sum[outcome], parseDecimal(net, "net_edge"));
  }

  summary(): WhatIfSummary<Recorded> {
    const sums = [...this.#sums].map(([edge_unit, { accepts, rejects }]) => ({
      edge_unit,
      accepts: formatDecimal(accepts),
      rejects: formatDecimal(rejects),
    }));
    const units = [...this.#otherUnits].map(([value, count]) => ({ value, count }));
    const { unchanged, accepts, rejects } = this.#outcomes;
    const [judged, before] = [unchanged + accepts + rejects, this.#acceptedBefore];
    const after = before + accepts - rejects;
    return {
      records: this.#records,
      outcomes: { ...this.#outcomes },
      before: { accepted: before, rejected: judged - before },
      after: { accepted: after, rejected: judged - after },
      byReasonCode: this.#byReasonCode.ranked(),
      bySymbol: this.#bySymbol.ranked(),
      byStrategy: this.#byStrategy.ranked(),
      netEdges: sums.sort((a, b) => compareTexts(a.edge_unit, b.edge_unit)),
      otherUnits: units.sort((a, b) => b.count - a.count || compareTexts(a.value, b.value)),
      firstProblem: this.#firstProblem,
      samples: [...this.#samples],
    };
  }
}

/** Flips by value. */
class FlipCounts {
  readonly #counts = new Map<string, { accepts: number; rejects: number }>();

  add(given: string, outcome: "accepts" | "rejects"): void {
    const value = boundedKey(this.#counts, given);
    let count = this.#counts.get(value);
    if (count === undefined) {
      count = { accepts: 0, rejects: 0 };
      this.#counts.set(value, count);
    }
    count[outcome]++;
  }

  ranked(): readonly FlipCount[] {
    const all = [...this.#counts].map(([value, count]) => ({ value, ...count }));
    const flips = ({ accepts, rejects }: FlipCount) => accepts + rejects;
    return all.sort((a, b) => flips(b) - flips(a) || compareTexts(a.value, b.value));
  }
}

function boundedKey(counts: ReadonlyMap<string, unknown>, value: string): string {
  return counts.size < MAX_VALUES || counts.has(value) ? value : "other";
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
