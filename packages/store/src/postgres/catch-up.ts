// Brings in from the journal what the database has missed while it took nothing.
import { toTimestamp } from "@tracebook/core";
import { StoreError, type StoreErrorCode } from "../errors.ts";
import type { PostgresNotice } from "./writer-plan.ts";

/** What is looked for in the journal, as far as `to`. */
export interface MissedRange {
  /** The first time; undefined: of each instance what it recorded after its own position, see journal-positions.ts. */
  readonly from: string | undefined;
  readonly to: string;
}

/** Writes what the journal has of a range; how many records were new. */
export type ImportMissed = (range: MissedRange) => Promise<number>;

/** Before a position: what was written last may have been recorded before what was lost. */
export const OVERLAP_MS: number = 10 * 60_000;
/** Before the first event that was refused, whose time is known: clocks differ by less. */
const BEFORE_MS = 60_000;
/** The same, at the other end. */
const AFTER_MS = 1_000;
/** What is wrong with the database, not with what was to be written. */
const REFUSALS: ReadonlySet<StoreErrorCode> = new Set(["database_unavailable", "database_busy", "database_full"]);
/** Whatever was before this process. */
const BEFORE_THIS = Number.NEGATIVE_INFINITY;

/** True for an error by which the database has refused what it may take later. */
export function isRefusal(error: unknown): error is StoreError {
  return error instanceof StoreError && REFUSALS.has(error.code);
}

/**
 * Knows since when the database may have missed something, until all of it was brought in: an import that is cut short by the next outage
 * begins again at the first one.
 */
export class CatchUp {
  readonly #importMissed: ImportMissed | undefined;
  readonly #notify: (notice: PostgresNotice) => void;
  #isRefused = false;
  /** Since when something may be missing. */
  #missedMs: number | undefined;
  #refusals = 0;
  #isRunning = false;
  /** What could not be read may still be missing. */
  #hasFailed = false;

  /** Without `importMissed` there is no journal. */
  constructor(importMissed: ImportMissed | undefined, notify: (notice: PostgresNotice) => void) {
    this.#importMissed = importMissed;
    this.#notify = notify;
  }

  /** True when everything that was to be written is, and what the journal had besides. */
  get isComplete(): boolean {
    return this.#missedMs === undefined && !this.#isRefused && !this.#hasFailed;
  }

  /** Begins with what was missed before this process, by whoever recorded into the same journal. */
  begin(): void {
    if (this.#importMissed === undefined) return;
    this.#missedMs = BEFORE_THIS;
    void this.#run();
  }

  /** Something was not written; the first of the events among it was recorded at `firstMs`. */
  refused({ problem }: StoreError, firstMs: number = Date.now()): void {
    this.#refusals++;
    this.#missedMs = Math.min(this.#missedMs ?? firstMs, firstMs);
    if (this.#isRefused) return;
    this.#isRefused = true;
    this.#notify({ kind: "lost", problem });
  }

  /** Something was written. */
  accepted(): void {
    if (!this.#isRefused) return;
    this.#isRefused = false;
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      const records = await this.#importAll();
      if (!this.#isRefused) this.#notify({ kind: "caught_up", records });
    } catch (error) {
      // The next write that is taken begins it again.
      if (isRefusal(error)) this.refused(error);
      else {
        // A journal that cannot be read is no better the next time.
        this.#missedMs = undefined;
        this.#hasFailed = true;
        this.#notify({ kind: "catch_up_failed", problem: error instanceof Error ? error.message : String(error) });
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #importAll(): Promise<number> {
    const importMissed = this.#importMissed;
    let records = 0;
    while (this.#missedMs !== undefined && !this.#isRefused) {
      const refusals = this.#refusals;
      const from = this.#missedMs === BEFORE_THIS ? undefined : toTimestamp((this.#missedMs - BEFORE_MS) * 1_000);
      // What is recorded from now on is written, or refused. Without that bound an import would run after a journal that grows as fast.
      const to = toTimestamp((Date.now() + AFTER_MS) * 1_000);
      if (importMissed !== undefined) records += await importMissed({ from, to });
      // What was refused meanwhile may lie in a file that was read already.
      if (refusals === this.#refusals) this.#missedMs = undefined;
    }
    return records;
  }
}
