// What goes wrong while metrics are recorded: never thrown, counted each time, told once.

/** The kinds of problems that are told. */
export type MetricProblemCode =
  | "invalid_value"
  | "label_overflow"
  | "series_overflow"
  | "unknown_label"
  | "callback_failed"
  | "forward_failed";

/** One problem of one metric, as the host's owner is told of it. */
export interface MetricProblem {
  readonly code: MetricProblemCode;
  /** The metric it happened to; `tracebook` when it is none in particular. */
  readonly metric: string;
  /** One line for people; holds no value that was recorded but the first offending one, cut to 64 characters. */
  readonly message: string;
}

/** Hears of problems, each code once a metric. */
export type MetricProblemListener = (problem: MetricProblem) => void;

/** Remembers which problems were told, and those that nobody has heard of yet. */
export class ProblemLog {
  readonly #told = new Map<string, MetricProblem>();
  readonly #listeners = new Set<MetricProblemListener>();

  /**
   * Tells of a problem unless the same code was told of the same metric before; only then is it described. Returns whether
   * it was new. Never throws.
   */
  report(code: MetricProblemCode, metric: string, describe: () => string): boolean {
    const key = `${code} ${metric}`;
    if (this.#told.has(key)) return false;
    const problem = Object.freeze({ code, metric, message: `${metric}: ${describe()}` });
    this.#told.set(key, problem);
    for (const listener of this.#listeners) tell(listener, problem);
    return true;
  }

  /** Whoever listens late hears first what was missed: hosts record before telemetry starts. Returns the way to stop listening. */
  listen(listener: MetricProblemListener): () => void {
    for (const problem of this.#told.values()) tell(listener, problem);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function tell(listener: MetricProblemListener, problem: MetricProblem): void {
  try {
    listener(problem);
  } catch {
    // A listener that throws must not turn a refused number into an error of the trading code.
  }
}
