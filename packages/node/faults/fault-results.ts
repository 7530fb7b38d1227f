// The content of faults-results.json: one result a case. Names and units are a promise to whoever reads the file.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeMachine, describeVersions } from "../bench/machine.ts";
import type { CaseOutcome, FaultCase, FaultFigures } from "./fault-case.ts";
import { figuresWithoutItems } from "./fault-figures.ts";

/** What a case has found, with where and when. */
export interface FaultResult extends FaultFigures {
  readonly case: string;
  readonly seed: number;
  readonly runs: number;
  readonly pass: boolean;
  readonly stock: FaultFigures | null;
  /** What did not hold. */
  readonly failed: readonly string[];
  /** What did not hold at a first try, all of it about time; null when there was one try. */
  readonly repeated_for: readonly string[] | null;
  readonly title: string;
  readonly form: "full" | "short";
  readonly headline: string;
  readonly stock_headline: string;
  readonly seconds: number;
  /** UTC. */
  readonly date: string;
  readonly machine: ReturnType<typeof describeMachine>;
  readonly versions: Readonly<Record<string, string>>;
}

/** How a case was run. */
export interface CaseRun {
  readonly seed: number;
  readonly isFull: boolean;
  readonly seconds: number;
  /** See {@link FaultResult.repeated_for}. */
  readonly repeatedFor: readonly string[] | null;
}

/** The result of a case that threw, or did not end: it has failed, whatever was found before. */
export function createFailure(one: FaultCase, error: unknown, run: CaseRun): FaultResult {
  const why = error instanceof Error ? error.message : String(error);
  const outcome: CaseOutcome = {
    runs: 0,
    figures: figuresWithoutItems({}),
    stock: undefined,
    checks: [{ what: `it comes to its end: ${why.split("\n", 1)[0]}`, holds: false }],
    headline: "has not come to its end",
    stockHeadline: "not measured",
  };
  return createResult(one, outcome, run);
}

/** Puts a result together. */
export function createResult(
  { id, title }: FaultCase,
  { runs, figures, stock, checks, headline, stockHeadline }: CaseOutcome,
  { seed, isFull, seconds, repeatedFor }: CaseRun,
): FaultResult {
  const failed = checks.filter(({ holds }) => !holds);
  return {
    case: id,
    seed,
    runs,
    ...figures,
    pass: failed.length === 0,
    stock: stock ?? null,
    failed: failed.map(({ what, found }) => (found === undefined ? what : `${what}: ${JSON.stringify(found)}`)),
    repeated_for: repeatedFor,
    title,
    form: isFull ? "full" : "short",
    headline,
    stock_headline: stockHeadline,
    seconds,
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    versions: describeVersions(),
  };
}

/** The line that is printed: what the machine is, the file says. */
export function toLine({ machine: _machine, versions: _versions, ...result }: FaultResult): string {
  return JSON.stringify(result);
}

const FILE = "faults-results.json";

/** The results in a folder, by case; none when there are none. Throws for a file that holds something else. */
export function readResults(dir: string): Map<string, FaultResult> {
  const path = join(dir, FILE);
  if (!existsSync(path)) return new Map();
  const { results } = JSON.parse(readFileSync(path, "utf8")) as { results: FaultResult[] };
  return new Map(results.map((result) => [result.case, result]));
}

/** Writes results into a folder; returns the path. */
export function writeResults(dir: string, results: Iterable<FaultResult>): string {
  const path = join(dir, FILE);
  writeFileSync(path, `${JSON.stringify({ results: [...results] }, null, 2)}\n`);
  return path;
}
