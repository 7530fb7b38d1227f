// Reads latency files and works out the figures of every stage.
import { createReadReport, type LatencyLine, type ReadReport, readLatencies } from "@tracebook/journal";
import { parseInstant } from "../instant.ts";
import { type StageFigures, StageValues } from "./stage-values.ts";

/** What is summarized, and how exactly. */
export interface SummaryOptions {
  readonly files: readonly string[];
  /** Only this flow. */
  readonly flow?: string | undefined;
  /** Only so many seconds, back from the newest timestamp in the files. */
  readonly windowSeconds?: number | undefined;
  /** Values kept one by one, of all stages together; beyond it all stages become histograms. Default 8,000,000 (64 MB). */
  readonly maxExactValues?: number;
}

/** One stage of a summary. */
export interface StageSummary extends StageFigures {
  /** The field of the files: `book_to_signal_ms`. */
  readonly field: string;
}

/** The figures of all stages, and what they are made of. */
export interface LatencySummary {
  readonly files: readonly string[];
  /** Lines that count: of the flow and within the window. */
  readonly events: number;
  /** In the order of their flow as far as it is known, `end_to_end_ms` last. */
  readonly stages: readonly StageSummary[];
  readonly flow: string | undefined;
  readonly windowSeconds: number | undefined;
  /** The earliest and the latest timestamp of the events that count, in microseconds since 1970. */
  readonly firstMicros: number | undefined;
  readonly lastMicros: number | undefined;
  /** False when percentiles come from histograms and are within 0.3 % of the nearest-rank ones. */
  readonly isExact: boolean;
  /** The flows of the events that count, and of all others. */
  readonly flows: ReadonlyMap<string, number>;
  /** Lines that have no timestamp although a window needs one. */
  readonly untimed: number;
  /** Durations below 0 or above 1e12 ms. */
  readonly outOfRange: number;
  /** Durations of stages beyond the first 64. */
  readonly unlisted: number;
  readonly report: ReadReport;
}

const MAX_EXACT_VALUES = 8_000_000;
const MAX_STAGES = 64;
const MAX_FLOWS = 64;
/** 31 years: what is longer is no duration, and would drown the average. */
const MAX_MS = 1e12;

/** Works out a summary in one pass, with a window in two: its end is known when every file was read. Memory is bounded. */
export async function summarizeLatencies(options: SummaryOptions): Promise<LatencySummary> {
  const { files, windowSeconds } = options;
  const newestMicros = windowSeconds === undefined ? undefined : await findNewest(files);
  const report = createReadReport();
  const collector = new Collector(options, newestMicros);
  for (const file of files) for await (const line of readLatencies(file, report)) collector.add(line);
  return collector.result(report);
}

async function findNewest(files: readonly string[]): Promise<number | undefined> {
  let newest: number | undefined;
  for (const file of files)
    for await (const { timestamp } of readLatencies(file)) {
      const micros = timestamp === undefined ? undefined : parseInstant(timestamp);
      if (micros !== undefined && (newest === undefined || micros > newest)) newest = micros;
    }
  return newest;
}

class Collector {
  readonly #options: SummaryOptions;
  readonly #stages = new Map<string, StageValues>();
  readonly #flows = new Map<string, number>();
  readonly #from: number;
  readonly #to: number;
  #values = 0;
  #isExact = true;
  #events = 0;
  #first: number | undefined;
  #last: number | undefined;
  #untimed = 0;
  #outOfRange = 0;
  #unlisted = 0;

  constructor(options: SummaryOptions, newestMicros: number | undefined) {
    this.#options = options;
    // Lines that were written between the two passes are newer than the window.
    this.#to = newestMicros ?? Number.POSITIVE_INFINITY;
    this.#from = newestMicros === undefined ? Number.NEGATIVE_INFINITY : newestMicros - options.windowSeconds! * 1e6;
  }

  add(line: LatencyLine): void {
    const micros = line.timestamp === undefined ? undefined : parseInstant(line.timestamp);
    if (this.#options.windowSeconds !== undefined) {
      if (micros === undefined) this.#untimed++;
      if (micros === undefined || micros < this.#from || micros > this.#to) return;
    }
    this.#countFlow(line.flow);
    if (this.#options.flow !== undefined && line.flow !== this.#options.flow) return;
    this.#events++;
    if (micros !== undefined) {
      if (this.#first === undefined || micros < this.#first) this.#first = micros;
      if (this.#last === undefined || micros > this.#last) this.#last = micros;
    }
    for (const field in line.stages) this.#addValue(field, line.stages[field]!);
  }

  result(report: ReadReport): LatencySummary {
    const { files, flow, windowSeconds } = this.#options;
    const stages = inOrder([...this.#stages.keys()]).map((field) => ({ field, ...this.#stages.get(field)!.figures() }));
    return {
      files,
      events: this.#events,
      stages,
      flow,
      windowSeconds,
      firstMicros: this.#first,
      lastMicros: this.#last,
      isExact: this.#isExact,
      flows: this.#flows,
      untimed: this.#untimed,
      outOfRange: this.#outOfRange,
      unlisted: this.#unlisted,
      report,
    };
  }

  #countFlow(flow: string | undefined): void {
    if (flow === undefined) return;
    const count = this.#flows.get(flow);
    if (count !== undefined || this.#flows.size < MAX_FLOWS) this.#flows.set(flow, (count ?? 0) + 1);
  }

  #addValue(field: string, ms: number): void {
    if (!(ms >= 0 && ms <= MAX_MS)) {
      this.#outOfRange++;
      return;
    }
    let values = this.#stages.get(field);
    if (values === undefined) {
      if (this.#stages.size >= MAX_STAGES) {
        this.#unlisted++;
        return;
      }
      values = new StageValues();
      this.#stages.set(field, values);
      if (!this.#isExact) values.toHistogram();
    }
    values.add(ms);
    if (++this.#values > (this.#options.maxExactValues ?? MAX_EXACT_VALUES) && this.#isExact) this.#giveUpValues();
  }

  /** All stages at once, so that one sentence is true of all percentiles. */
  #giveUpValues(): void {
    this.#isExact = false;
    for (const values of this.#stages.values()) values.toHistogram();
  }
}

const FIRST = ["ws_to_book_update_ms", "book_to_signal_ms", "signal_to_risk_ms", "risk_to_send_ms"];
const LAST = "end_to_end_ms";

/** The stages from tick to order in their order, others as they came, the total at the end. */
function inOrder(fields: readonly string[]): string[] {
  const known = FIRST.filter((field) => fields.includes(field));
  const others = fields.filter((field) => !FIRST.includes(field) && field !== LAST);
  return [...known, ...others, ...(fields.includes(LAST) ? [LAST] : [])];
}
