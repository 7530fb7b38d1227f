// Removes what is too old, and gives its room back to the disk.
import type { DatabaseSync } from "node:sqlite";
import { parseTimestamp } from "@tracebook/core";
import { StoreError } from "../../errors.ts";
import type { CleanUpOptions, CleanUpResult } from "../../store.ts";
import { toStoreError } from "../sqlite-errors.ts";
import { carryOver, numberOf } from "./carry-over.ts";
import { EVENT_CUT, METRIC_CUT, RECORD_CUTS, TRACE_CUT } from "./cut-plans.ts";
import { DiskRoom, isNoRoom } from "./disk-room.ts";
import { type CutPlan, MinuteCut } from "./minute-cut.ts";
import { runSteps } from "./paced-steps.ts";
import { RESERVE_BYTES, type ReserveState } from "./reserve-file.ts";
import { UnfinishedCuts } from "./unfinished-cuts.ts";
import { removeEmptyFilters, removeSilentSeries, UnusedInstances } from "./unused-rows.ts";

/** What is too old, and how it is removed. */
export interface CleaningOptions extends CleanUpOptions {
  /** Called after each step with the rows that were removed so far. */
  readonly onProgress?: (removed: RemovedRows) => void;
  /** Size of the reserve beside the database, in bytes; 0: none. Default 32 MiB. */
  readonly reserveBytes?: number;
  /** Rows a transaction. Default 5,000: some 50 ms. */
  readonly rowsPerStep?: number;
  /** The wall clock, in milliseconds since 1970. Default: now. */
  readonly nowMs?: number;
  /** Called between steps, with the milliseconds that the last one took. Default: a pause as long, for other processes. */
  readonly pause?: (tookMs: number) => Promise<unknown>;
}

/** Rows that were removed. */
export type RemovedRows = Omit<CleanUpResult, "freedBytes">;

/** What was removed, and how things stand. */
export interface CleaningResult extends CleanUpResult {
  /** `off` where none was asked for. Without a reserve, cleaning a full disk may find no room. */
  readonly reserve: ReserveState | "off";
}

const ROWS_PER_STEP = 5_000;
/** Pages that are moved in a transaction: 4 MiB. */
const PAGES_PER_STEP = 1_024;
const MINUTE_MICROS = 60e6;

/**
 * Removes events, spans, points and records of metrics that are older than a time, rounded down to its minute, and everything that is kept of them:
 * afterwards every count is that of the rows that are left, at every resolution. Done in steps of one transaction each, between which
 * others write; what a cleaning that was ended had begun is finished by the next one.
 *
 * Where the disk is full, the reserve gives way first, and steps become smaller. Rejects with `StoreError`: `invalid_option`,
 * `database_busy`, `database_full` (no room even so), `database_corrupt`; the steps before have been done.
 */
export async function cleanUp(database: DatabaseSync, options: CleaningOptions): Promise<CleaningResult> {
  const path = database.location() ?? "";
  const cuts = {
    events: toCut("eventsOlderThan", options.eventsOlderThan),
    traces: toCut("tracesOlderThan", options.tracesOlderThan),
    metrics: toCut("metricsOlderThan", options.metricsOlderThan),
  };
  try {
    return await new Cleaning(database, path, options).run(cuts);
  } catch (error) {
    throw toStoreError(error, "cleaning", path);
  }
}

/** The second at which the minute of a timestamp begins. */
function toCut(name: string, timestamp: string | undefined): number | undefined {
  if (timestamp === undefined) return undefined;
  const micros = parseTimestamp(timestamp);
  if (micros === undefined)
    throw new StoreError(
      "invalid_option",
      `${name} is ${JSON.stringify(timestamp)}, not a time as 2026-11-20T12:34:56.789012Z.`,
    );
  return Math.floor(micros / MINUTE_MICROS) * 60;
}

/** One cleaning, from the first row to the last page. */
class Cleaning {
  readonly #database: DatabaseSync;
  readonly #options: CleaningOptions;
  readonly #room: DiskRoom;
  readonly #unfinished: UnfinishedCuts;
  readonly #removed = { events: 0, decisions: 0, spans: 0, metricPoints: 0 };
  #freedBytes = 0;

  constructor(database: DatabaseSync, path: string, options: CleaningOptions) {
    this.#database = database;
    this.#options = options;
    this.#room = new DiskRoom(database, path, options.reserveBytes ?? RESERVE_BYTES);
    this.#unfinished = new UnfinishedCuts(database);
  }

  async run(cuts: Readonly<Record<"events" | "traces" | "metrics", number | undefined>>): Promise<CleaningResult> {
    this.#room.begin();
    if ((await this.#cut(EVENT_CUT, cuts.events)) !== undefined)
      await this.#runRows((limit) => removeEmptyFilters(this.#database, limit));
    await this.#cut(TRACE_CUT, cuts.traces);
    const metricCut = await this.#cut(METRIC_CUT, cuts.metrics);
    for (const plan of RECORD_CUTS) await this.#cut(plan, metricCut);
    if (metricCut !== undefined) {
      const nowMicros = (this.#options.nowMs ?? Date.now()) * 1_000;
      await this.#runRows((limit) => removeSilentSeries(this.#database, metricCut * 1e6, nowMicros, limit));
    }
    const instances = new UnusedInstances(this.#database);
    await this.#runRows(() => instances.step());
    await this.#giveBack();
    const reserve = this.#room.end();
    return { ...this.#removed, freedBytes: this.#freedBytes, reserve };
  }

  async #cut(plan: CutPlan, wanted: number | undefined): Promise<number | undefined> {
    const begun = this.#unfinished.get(plan.name);
    const cut = wanted === undefined ? begun : Math.max(wanted, begun ?? wanted);
    if (cut === undefined) return undefined;
    const steps = new MinuteCut(this.#database, plan, cut, this.#unfinished);
    await this.#runRows((limit) => {
      const goesOn = steps.step(limit, this.#removed);
      this.#options.onProgress?.({ ...this.#removed });
      return goesOn;
    });
    return cut;
  }

  /** Moves pages from the end of the file to where there is room, and cuts it off. */
  async #giveBack(): Promise<void> {
    const database = this.#database;
    const pageBytes = numberOf(database, "page_size");
    const step = (limit: number): boolean => {
      const before = numberOf(database, "page_count");
      database.exec(`PRAGMA incremental_vacuum(${Math.max(1, Math.floor(limit))})`);
      const given = before - numberOf(database, "page_count");
      this.#freedBytes += Math.max(given, 0) * pageBytes;
      // Nothing is given where the file was made to keep its size.
      return given > 0 && numberOf(database, "freelist_count") > 0;
    };
    try {
      if (numberOf(database, "freelist_count") > 0) await this.#run(PAGES_PER_STEP, step);
      carryOver(database, 0);
    } catch (error) {
      // The rows are gone, and what was theirs is free for others: that it stays in the file is not worth an error.
      if (!isNoRoom(error) && !isBusy(error)) throw error;
    }
  }

  #runRows(step: (limit: number) => boolean): Promise<void> {
    return this.#run(this.#options.rowsPerStep ?? ROWS_PER_STEP, step);
  }

  #run(most: number, step: (limit: number) => boolean): Promise<void> {
    return runSteps({ room: this.#room, most, step, pause: this.#options.pause });
  }
}

function isBusy(error: unknown): boolean {
  const failure = toStoreError(error, "", "");
  return failure instanceof StoreError && failure.code === "database_busy";
}
