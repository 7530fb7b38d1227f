// What a stage of the benchmark is given, and what it hands back.

/** What a stage may use. */
export interface StageContext {
  readonly seconds: number;
  readonly events: number;
  readonly decisions: number;
  readonly runs: number;
  readonly rules: number;
  /** For databases; gone afterwards. */
  readonly workDir: string;
  /** Has it ended however the stage ends, by an interrupt too. */
  atEnd(end: () => Promise<void>): void;
  /** Progress, for whoever waits. */
  say(line: string): void;
}

/** A table. */
export interface StageTable {
  readonly about: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What came of a stage. */
export interface StageResult {
  readonly tables: readonly StageTable[];
  readonly figures: unknown;
  /** What must never be, such as a row that is not there; figures of time are no part of it. */
  readonly wrong: readonly string[];
}

/** Why a stage cannot run here. */
export interface StageSkip {
  readonly skip: string;
}
