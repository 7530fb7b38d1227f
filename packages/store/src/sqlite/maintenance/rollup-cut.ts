// Takes what lies before a minute out of a roll-up table, so that every count is again that of the rows that stay.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { RESOLUTIONS } from "../../resolutions.ts";

const [MINUTE, ...COARSER] = RESOLUTIONS;
/** Told apart by the minute only: empty in longer buckets. */
const FINEST_ONLY = "run_id";

interface Column {
  readonly name: string;
  readonly pk: number;
}

/** Cuts one roll-up table. The caller's transaction removes the rows that were counted. */
export class RollupCut {
  readonly #removeBefore: StatementSync;
  readonly #removeBucket: StatementSync;
  readonly #sumFiner: StatementSync;

  constructor(database: DatabaseSync, table: string) {
    const columns = database.prepare("SELECT name, pk FROM pragma_table_info(?)").all(table) as unknown as Column[];
    // The key begins with the resolution and the bucket; what is not part of it is added up.
    const keys = columns.filter(({ pk }) => pk > 2).map(({ name }) => name);
    const sums = columns.filter(({ pk }) => pk === 0).map(({ name }) => name);
    const kept = keys.filter((key) => key !== FINEST_ONLY);
    this.#removeBefore = database.prepare(`DELETE FROM ${table} WHERE resolution = ? AND bucket < ?`);
    this.#removeBucket = database.prepare(`DELETE FROM ${table} WHERE resolution = ? AND bucket = ?`);
    this.#sumFiner = database.prepare(
      `INSERT INTO ${table} (resolution, bucket, ${[...keys, ...sums].join(", ")})
       SELECT $resolution, $from, ${keys.map((key) => (key === FINEST_ONLY ? "''" : key)).join(", ")},
         ${sums.map((sum) => `sum(${sum})`).join(", ")}
       FROM ${table} WHERE resolution = $finer AND bucket >= $from AND bucket < $to GROUP BY ${kept.join(", ")}`,
    );
  }

  /** Removes all before the second `cut`, which begins a minute; hours and days that are cut in two are the sums of what stays of them. */
  before(cut: number): void {
    this.#removeBefore.run(MINUTE, cut);
    let finer: number = MINUTE;
    for (const resolution of COARSER) {
      const from = Math.floor(cut / resolution) * resolution;
      this.#removeBefore.run(resolution, from);
      if (from < cut) {
        this.#removeBucket.run(resolution, from);
        this.#sumFiner.run({ $resolution: resolution, $finer: finer, $from: from, $to: from + resolution });
      }
      finer = resolution;
    }
  }
}
