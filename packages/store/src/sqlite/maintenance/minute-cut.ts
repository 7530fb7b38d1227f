// Removes the rows before a minute, oldest first, a bounded number a transaction, and their counts with them.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HourCut, type HoursOf } from "./hour-cut.ts";
import { RollupCut } from "./rollup-cut.ts";
import { inTransaction } from "./transaction.ts";
import type { UnfinishedCuts } from "./unfinished-cuts.ts";

/** Rows of one kind, by time. The statements take a time and a number of rows. */
export interface CutPlan {
  readonly name: "events" | "traces" | "metrics" | "system_records" | "business_metrics";
  /** The time `at` of the row behind so many others, oldest first, of those before a time. */
  readonly nth: string;
  /** Remove up to so many of the oldest rows before a time; the last statement removes those that `nth` finds. */
  readonly removals: readonly { readonly counted: string; readonly sql: string }[];
  /** Tables with their counts. */
  readonly rollups: readonly string[];
  /** Whose rows of `metric_hours` are of them. */
  readonly hours?: HoursOf;
  /** The second at which a minute begins, as the table has times, and the minute of such a time. */
  readonly toTime: (second: number) => string | number;
  readonly toMinute: (time: string | number) => number;
}

const MINUTE_S = 60;

/** Removes what one plan is about. */
export class MinuteCut {
  readonly #database: DatabaseSync;
  readonly #plan: CutPlan;
  readonly #cut: number;
  readonly #unfinished: UnfinishedCuts;
  readonly #nth: StatementSync;
  readonly #removals: readonly { readonly counted: string; readonly statement: StatementSync }[];
  readonly #rollups: readonly (RollupCut | HourCut)[];

  /** `cut` is the second at which the first minute that stays begins. */
  constructor(database: DatabaseSync, plan: CutPlan, cut: number, unfinished: UnfinishedCuts) {
    this.#database = database;
    this.#plan = plan;
    this.#cut = cut;
    this.#unfinished = unfinished;
    this.#nth = database.prepare(plan.nth);
    this.#removals = plan.removals.map(({ counted, sql }) => ({ counted, statement: database.prepare(sql) }));
    const hours = plan.hours === undefined ? [] : [new HourCut(database, plan.hours)];
    this.#rollups = [...plan.rollups.map((table) => new RollupCut(database, table)), ...hours];
  }

  /**
   * Removes up to `limit` rows in a transaction, and adds to `counts`; false when none is left.
   *
   * It ends between two minutes, where counts and rows agree, but for a minute of more rows than `limit`: that one has lost its counts and
   * not yet all of its rows, and is noted in the database, so that it is finished whoever is killed.
   */
  step(limit: number, counts: Record<string, number>): boolean {
    const removed: number[] = [];
    const goesOn = inTransaction(this.#database, () => {
      const bound = this.#boundOf(limit);
      const time = this.#plan.toTime(bound);
      for (const { statement } of this.#removals) removed.push(Number(statement.run(time, limit).changes));
      for (const rollup of this.#rollups) rollup.before(bound);
      const isWhole = removed.at(-1)! < limit || this.#nthTime(time, 0) === undefined;
      if (this.#rollups.length > 0) this.#unfinished.set(this.#plan.name, isWhole ? undefined : bound);
      return !isWhole || bound < this.#cut;
    });
    // Not before it is on disk.
    for (const [i, { counted }] of this.#removals.entries()) counts[counted] = (counts[counted] ?? 0) + removed[i]!;
    return goesOn;
  }

  /** The end of the last minute that `limit` rows reach over, and at least that of the first one. */
  #boundOf(limit: number): number {
    const end = this.#plan.toTime(this.#cut);
    const beyond = this.#nthTime(end, limit);
    if (beyond === undefined) return this.#cut;
    const oldest = this.#nthTime(end, 0)!;
    const { toMinute } = this.#plan;
    const bound = Math.max(toMinute(beyond), toMinute(oldest) + MINUTE_S);
    // A time that is none, from another hand than ours: it is before all, and must not keep the rest.
    return Number.isNaN(bound) ? this.#cut : bound;
  }

  #nthTime(end: string | number, offset: number): string | number | undefined {
    return (this.#nth.get(end, offset) as { at: string | number } | undefined)?.at;
  }
}
