// What one instrument refuses or simplifies: counted in the library's own metrics, told once.
import { quoteValue } from "./errors.ts";
import type { MetricProblemCode, ProblemLog } from "./metric-problem.ts";
import type { SeriesIndexListener } from "./series-index.ts";

/** The library's counters about one metric, bound when first needed. */
export interface HealthCounters {
  readonly invalidValues: () => { add(n?: number): void };
  readonly labelOverflow: () => { add(n?: number): void };
  readonly unknownLabels: () => { add(n?: number): void };
}

/** Where an instrument reports what it could not record as given. Nothing here throws. */
export class InstrumentHealth implements SeriesIndexListener {
  readonly #metric: string;
  readonly #problems: ProblemLog;
  readonly #counters: HealthCounters | undefined;

  /** Without `counters` (for those counters themselves, or it would not end) problems are only told. */
  constructor(metric: string, problems: ProblemLog, counters: HealthCounters | undefined) {
    this.#metric = metric;
    this.#problems = problems;
    this.#counters = counters;
  }

  /** A number was refused; the series is as it was. */
  invalidValue(value: unknown, wanted: string): void {
    this.#counters?.invalidValues().add();
    this.#report("invalid_value", () => `refused ${quoteValue(value)}: ${wanted}`);
  }

  labelOverflow(label: string): void {
    this.#counters?.labelOverflow().add();
    this.#report("label_overflow", () => `has too many values of ${label}; new ones are counted as other`);
  }

  seriesOverflow(): void {
    this.#counters?.labelOverflow().add();
    this.#report("series_overflow", () => "has too many series; new combinations are counted under other");
  }

  unknownLabel(label: string): void {
    const isNew = this.#report("unknown_label", () => `has no label ${quoteValue(label)}; it is ignored`);
    if (isNew) this.#counters?.unknownLabels().add();
  }

  /** A callback or a foreign instrument threw. */
  failed(code: "callback_failed" | "forward_failed", error: unknown): void {
    const what =
      code === "callback_failed" ? "an onCollect callback threw" : "values could not be handed to the other SDK";
    this.#report(code, () => `${what}: ${messageOf(error)}`);
  }

  #report(code: MetricProblemCode, describe: () => string): boolean {
    return this.#problems.report(code, this.#metric, describe);
  }
}

/** An error's message; reading it may run the host's code. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? quoteValue(error.message) : quoteValue(error);
  } catch {
    return "an error that cannot be read";
  }
}
