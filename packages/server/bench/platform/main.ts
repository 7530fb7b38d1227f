// `npm run bench:platform`: what PostgreSQL takes in and how it answers, what a thousand rules cost, how fast a warehouse gets its files.
//
// Nothing is judged here by time: the exit code is 1 when something is wrong (a row that is not there, a notification that never came), 2 when
// a stage could not be measured, and 0 whatever the figures are. A stage whose program is not installed is skipped, and a line says so.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeMachine, loadNow, type Machine } from "../machine.ts";
import { textTable } from "../text-table.ts";
import { measureAlerts } from "./alerts.ts";
import { type PlatformOptions, parsePlatformOptions, type StageName, USAGE } from "./platform-options.ts";
import { measurePostgresIngest } from "./postgres-ingest.ts";
import { measurePostgresQueries } from "./postgres-queries.ts";
import type { StageContext, StageResult, StageSkip } from "./stage.ts";
import { measureWarehouse } from "./warehouse.ts";

/** What is written of a stage: what it found, why it was skipped, or why it failed. */
interface StageReport {
  readonly load: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly figures?: unknown;
  readonly wrong?: readonly string[];
  readonly skipped?: string;
  readonly failed?: string;
}

/** What is written. */
interface Results {
  readonly machine: Machine;
  readonly options: PlatformOptions;
  readonly stages: Partial<Record<StageName, StageReport>>;
}

const MEASURES: Readonly<Record<StageName, (context: StageContext) => Promise<StageResult | StageSkip>>> = {
  "postgres-ingest": measurePostgresIngest,
  "postgres-queries": measurePostgresQueries,
  alerts: measureAlerts,
  warehouse: measureWarehouse,
};
const INTERRUPTED = 130;
/** A machine that does nothing has about this, for what starts the benchmark itself. */
const QUIET_LOAD = 0.5;

/** What has to end with the stage that began it. */
const endings = new Set<() => Promise<void>>();
let ending: Promise<void> = Promise.resolve();

/** Progress, on stderr: stdout is for the tables. */
function say(line: string): void {
  process.stderr.write(`bench:platform: ${line}\n`);
}

/** An interrupt may come while a stage ends by itself: then it waits for that. */
function endAll(): Promise<void> {
  ending = ending.then(async () => {
    const all = [...endings];
    endings.clear();
    for (const end of all) await end().catch((error: unknown) => say(String(error)));
  });
  return ending;
}

async function runStage(name: StageName, options: PlatformOptions): Promise<StageReport> {
  const workDir = mkdtempSync(join(tmpdir(), "tracebook-bench-"));
  endings.add(async () => rmSync(workDir, { recursive: true, force: true, maxRetries: 3 }));
  const before = loadNow();
  const { seconds, events, decisions, runs, rules } = options;
  const atEnd = (end: () => Promise<void>): void => void endings.add(end);
  try {
    const result = await MEASURES[name]({ seconds, events, decisions, runs, rules, workDir, atEnd, say });
    const load = { before, after: loadNow() };
    if ("skip" in result) {
      process.stdout.write(`\n${name}: skipped: ${result.skip}\n`);
      return { load, skipped: result.skip };
    }
    const tables = result.tables.map(({ about, head, rows }) => `\n${about}\n${textTable(head, rows)}\n`);
    process.stdout.write(`${tables.join("")}load before ${before.join(" ")}, after ${load.after.join(" ")}\n`);
    for (const line of result.wrong) process.stdout.write(`WRONG: ${line}\n`);
    return { load, figures: result.figures, wrong: result.wrong };
  } catch (error) {
    // The other stages are worth their minutes all the same.
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`${name} could not be measured: ${failed}`);
    return { load: { before, after: loadNow() }, failed };
  } finally {
    await endAll();
  }
}

async function runStages(options: PlatformOptions): Promise<Results> {
  const results: Results = { machine: describeMachine(), options, stages: {} };
  const { cpu, cores, memoryGib, os, node, sqlite } = results.machine;
  const load = loadNow();
  process.stdout.write(
    `${cpu} x ${cores}, ${memoryGib} GiB, ${os}; Node ${node}, SQLite ${sqlite}; load ${load.join(" ")}\n`,
  );
  if ((load[0] ?? 0) > QUIET_LOAD)
    process.stdout.write(
      `WARNING: this machine is not quiet: ${load[0]} processes wanted to run in the last minute, on ${cpus().length} cores. The figures are those of a busy one.\n`,
    );
  for (const name of options.stages) {
    results.stages[name] = await runStage(name, options);
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  return results;
}

function exitCodeOf({ stages }: Results): number {
  const all = Object.values(stages);
  if (all.some(({ wrong = [] }) => wrong.length > 0)) return 1;
  return all.some(({ failed }) => failed !== undefined) ? 2 : 0;
}

async function main(): Promise<void> {
  let options: PlatformOptions | undefined;
  try {
    options = parsePlatformOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  if (options === undefined) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void endAll().finally(() => process.exit(INTERRUPTED)));
  // Before minutes of work, not after them.
  if (options.out !== undefined) mkdirSync(dirname(options.out), { recursive: true });
  const results = await runStages(options);
  if (options.out !== undefined) process.stdout.write(`\nwritten: ${options.out}\n`);
  process.exitCode = exitCodeOf(results);
}

await main();
