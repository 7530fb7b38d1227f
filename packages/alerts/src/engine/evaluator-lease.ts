// The leave to evaluate: held by one process at a time, and taken from one that gives no sign of life.
import type { AlertLease, AlertRecords } from "@tracebook/store";
import { timeText } from "../lifecycle/alert-times.ts";
import type { AlertClock } from "./alert-clock.ts";

/** What it works with. */
export interface EvaluatorLeaseOptions {
  readonly records: Pick<AlertRecords, "takeLease" | "releaseLease" | "engineState">;
  readonly clock: Pick<AlertClock, "nowMs" | "elapsedMs">;
  readonly holder: string;
  readonly leaseMs: number;
}

const NAME = "evaluator";
/** Whoever evaluates writes down how far it has come every ten seconds, and waits no longer than that for its clock. */
const STILL_MS = 120_000;
/** Later than the end of any lease. */
const END_OF_TIME = "9999-12-31T23:59:59.999999Z";

/**
 * The lease of one process. It is prolonged by the clock that only ever goes on. Its end is a time of day, for others to see: after that was set
 * back it may lie hours ahead, and who held it may be dead. So whoever wants it looks for life, too.
 */
export class EvaluatorLease {
  readonly #options: EvaluatorLeaseOptions;
  #held: AlertLease | undefined;
  #renewAtMs = Number.NEGATIVE_INFINITY;
  #sign = "";
  #signAtMs = Number.NEGATIVE_INFINITY;
  #lookAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: EvaluatorLeaseOptions) {
    this.#options = options;
  }

  /** Undefined: another process has it, or nobody. */
  get held(): AlertLease | undefined {
    return this.#held;
  }

  /** Takes it or prolongs it, where that is due; false: another process has it. */
  async hold(): Promise<boolean> {
    const { clock, leaseMs } = this.#options;
    const elapsedMs = clock.elapsedMs();
    if (this.#held !== undefined && elapsedMs < this.#renewAtMs) return true;
    this.#held = await this.#take(timeText(clock.nowMs()));
    if (this.#held === undefined && (await this.#isHolderStill(elapsedMs))) this.#held = await this.#take(END_OF_TIME);
    if (this.#held !== undefined) this.#signAtMs = Number.NEGATIVE_INFINITY;
    this.#renewAtMs = elapsedMs + leaseMs / 3;
    return this.#held !== undefined;
  }

  /** The next `hold` prolongs it: its end is no longer where it should be, or it may be lost. */
  doubt(): void {
    this.#renewAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Lets another process have it. */
  async release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) await this.#options.records.releaseLease(held);
  }

  #take(now: string): Promise<AlertLease | undefined> {
    const { records, clock, holder, leaseMs } = this.#options;
    return records.takeLease(NAME, holder, now, timeText(clock.nowMs() + leaseMs));
  }

  /** True when whoever has it has done nothing for so long that it must be dead. */
  async #isHolderStill(elapsedMs: number): Promise<boolean> {
    const { records, leaseMs } = this.#options;
    const isFirst = this.#signAtMs === Number.NEGATIVE_INFINITY;
    if (!isFirst && elapsedMs < this.#lookAtMs) return false;
    this.#lookAtMs = elapsedMs + leaseMs / 3;
    const sign = JSON.stringify((await records.engineState()) ?? null);
    if (isFirst || sign !== this.#sign) {
      this.#sign = sign;
      this.#signAtMs = elapsedMs;
    }
    return elapsedMs - this.#signAtMs >= Math.max(STILL_MS, 4 * leaseMs);
  }
}
