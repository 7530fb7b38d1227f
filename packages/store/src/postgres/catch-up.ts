// Brings in from the journal what the database has missed while it took nothing.
import { toTimestamp } from "@tracebook/core";
import { StoreError, type StoreErrorCode } from "../errors.ts";
import type { PostgresNotice } from "./writer-plan.ts";

/** Writes what the journal has from one time, or from its beginning, to another; how many records were new. */
export type ImportMissed = (from: string | undefined, to: string) => Promise<number>;

/** Clocks differ, and what was written last may have been recorded before what was lost. */
const OVERLAP_MS = 10 * 60_000;
/** The same, at the other end. */
const MARGIN_MS = 1_000;
/** What is wrong with the database, not with what was to be written. */
const REFUSALS: ReadonlySet<StoreErrorCode> = new Set(["database_unavailable", "database_busy", "database_full"]);

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
  /** Since when something may be missing; from the beginning where that is not known. */
  #missedMs: number | undefined;
  #refusals = 0;
  #isRunning = false;

  /** Without `importMissed` there is no journal. */
  constructor(importMissed: ImportMissed | undefined, notify: (notice: PostgresNotice) => void) {
    this.#importMissed = importMissed;
    this.#notify = notify;
  }

  /** Begins with what was recorded after `lastMs`; from the beginning where nothing is known of it. */
  begin(lastMs: number | undefined): void {
    if (this.#importMissed === undefined) return;
    this.#missedMs = lastMs ?? Number.NEGATIVE_INFINITY;
    void this.#run();
  }

  /** Something was not written. */
  refused({ problem }: StoreError): void {
    this.#refusals++;
    this.#missedMs ??= Date.now();
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
        this.#notify({ kind: "catch_up_failed", problem: error instanceof Error ? error.message : String(error) });
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #importAll(): Promise<number> {
    let records = 0;
    while (this.#missedMs !== undefined && !this.#isRefused) {
      const refusals = this.#refusals;
      const sinceMs = this.#missedMs - OVERLAP_MS;
      const from = Number.isFinite(sinceMs) ? toTimestamp(sinceMs * 1_000) : undefined;
      // What is recorded from now on is written, or refused. Without that bound an import would run after a journal that grows as fast.
      records += await this.#import(from, toTimestamp((Date.now() + MARGIN_MS) * 1_000));
      // What was refused meanwhile may lie in a file that was read already.
      if (refusals === this.#refusals) this.#missedMs = undefined;
    }
    return records;
  }

  async #import(from: string | undefined, to: string): Promise<number> {
    return this.#importMissed === undefined ? 0 : this.#importMissed(from, to);
  }
}
