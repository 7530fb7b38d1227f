// What a fault case is, and what it hands back.
import type { ObserverName } from "./bot/observer.ts";

/** Figures of one run; names and units are those of `faults-results.json`. Null: not measured here. */
export interface FaultFigures {
  readonly accepted: number;
  /** Different items at the sink. */
  readonly delivered: number;
  readonly spooled: number;
  readonly dropped_by_reason: Readonly<Record<string, number>>;
  /** accepted - delivered - spooled - dropped, for each class: 0 where nothing was lost unsaid. */
  readonly silent_loss: number;
  /** Arrivals of what had arrived already. */
  readonly duplicates: number;
  /** Inside one tick, under the fault. */
  readonly p99_us: number | null;
  /** Delay of the event loop, under the fault. */
  readonly loop_p99_ms: number | null;
  readonly rss_peak_mib: number | null;
  readonly exit_ms: number | null;
  /** What only this case has. */
  readonly [more: string]: unknown;
}

/** One thing that must hold. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
  /** What was found. */
  readonly found?: unknown;
  /** It is about time, and a machine that others use may be late all by itself: see `run-case.ts`. */
  readonly isOfTime?: boolean;
}

/** What a case has found. */
export interface CaseOutcome {
  /** Runs of ours. */
  readonly runs: number;
  readonly figures: FaultFigures;
  /** The same with the stock OpenTelemetry SDK; undefined where there is nothing to compare with, `stockNote` says why. */
  readonly stock: FaultFigures | undefined;
  readonly checks: readonly Check[];
  /** One line for the table: what these figures say. */
  readonly headline: string;
  readonly stockHeadline: string;
}

/** Why a case cannot run here. */
export interface CaseSkip {
  readonly skip: string;
}

/** How long cases take. */
export interface CaseForm {
  /** The long form. */
  readonly isFull: boolean;
  /** Of the long form of the soak. */
  readonly soakMinutes: number;
}

/** What a case may use. */
export interface CaseContext extends CaseForm {
  readonly seed: number;
  /** True where small disks can be mounted. */
  readonly mayMount: boolean;
  /** The Collector's program, if there is one. */
  readonly collector: string | undefined;
  /** A new folder; gone when the harness ends. */
  folder(name: string): string;
  /** Progress for whoever watches. */
  say(line: string): void;
}

/** A case of notes/faults. */
export interface FaultCase {
  /** As the table calls it: `3`, `3b`. */
  readonly id: string;
  readonly title: string;
  /** About how long it takes. */
  seconds(form: CaseForm): number;
  run(context: CaseContext): Promise<CaseOutcome | CaseSkip>;
}

/** Runs both observers: after each other where there is time, else at once, which disturbs the figures of time. */
export async function runBoth<T>(
  { isFull }: CaseForm,
  run: (observer: ObserverName) => Promise<T>,
  isAtOnce = !isFull,
): Promise<{ readonly ours: T; readonly stock: T }> {
  if (isAtOnce) {
    const [ours, stock] = await Promise.all([run("tracebook"), run("stock")]);
    return { ours, stock };
  }
  return { ours: await run("tracebook"), stock: await run("stock") };
}

/** A check from a name and a condition; `found` for what is shown when it does not hold. */
export function check(what: string, holds: boolean, found?: unknown): Check {
  return { what, holds, found };
}

/** A check of something that a busy machine may be late with. */
export function timeCheck(what: string, holds: boolean, found?: unknown): Check {
  return { what, holds, found, isOfTime: true };
}
