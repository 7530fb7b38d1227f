// `npm run bench:desk`: what the desk takes in, how fast it answers, and how its page does while things happen.
//
// Desk, senders and browser are processes of their own; all share this machine, so that figures are those of a desk with its load beside it.
// Nothing is judged here by time: the exit code is 1 when something that was acknowledged is not in the file, 2 when a part could not be
// measured, and 0 whatever the figures are.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ApiFigures, measureApi } from "./api.ts";
import { type BenchOptions, type Part, parseBenchOptions, USAGE } from "./bench-options.ts";
import { type IngestFigures, measureIngest } from "./ingest.ts";
import { type LiveFigures, measureLive } from "./live.ts";
import { type LoadFigures, measureLoad } from "./load.ts";
import { describeMachine, loadNow, type Machine } from "./machine.ts";
import { formatApi, formatIngest, formatLive, formatLoad, formatMachine } from "./report.ts";

/** What is written: a part that was not measured is not there. */
interface Results {
  readonly machine: Machine;
  readonly options: BenchOptions;
  /** Load averages before and after each part. */
  readonly load: Partial<Record<Part, { readonly before: readonly number[]; readonly after: readonly number[] }>>;
  /** Why a part could not be measured. */
  readonly failed: Partial<Record<Part, string>>;
  ingest?: readonly IngestFigures[];
  api?: ApiFigures;
  live?: LiveFigures;
  firstLoad?: readonly LoadFigures[];
}

const INTERRUPTED = 130;

/** Progress, on stderr: stdout is for the tables. */
function say(line: string): void {
  process.stderr.write(`bench:desk: ${line}\n`);
}

/** Measures a part, and gives its table. */
async function measure(part: Part, options: BenchOptions, workDir: string, results: Results): Promise<string> {
  const { seconds, minutes, rows, runs, events, decisions, spans, database } = options;
  switch (part) {
    case "ingest":
      results.ingest = await measureIngest({ seconds, workDir, say });
      return formatIngest(results.ingest);
    case "api":
      results.api = await measureApi({ events, decisions, spans, database, runs, workDir, say });
      return formatApi(results.api);
    case "live":
      results.live = await measureLive({ seconds, minutes, rows, workDir, say });
      return formatLive(results.live);
    case "load":
      results.firstLoad = await measureLoad({ workDir, say });
      return formatLoad(results.firstLoad);
  }
}

async function runBench(options: BenchOptions): Promise<Results> {
  const results: Results = { machine: describeMachine(), options, load: {}, failed: {} };
  process.stdout.write(`${formatMachine(results.machine, loadNow())}\n`);
  for (const part of options.parts) {
    const workDir = openWorkDir();
    try {
      const before = loadNow();
      const table = await measure(part, options, workDir.path, results);
      const after = loadNow();
      results.load[part] = { before, after };
      process.stdout.write(`\n${table}\nload before ${before.join(" ")}, after ${after.join(" ")}\n`);
    } catch (error) {
      // The other parts are worth their minutes all the same.
      results.failed[part] = error instanceof Error ? (error.stack ?? error.message) : String(error);
      say(`${part} could not be measured: ${results.failed[part]}`);
    } finally {
      workDir.remove();
    }
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  return results;
}

/** A folder for databases, gone afterwards, and after an interrupt. */
function openWorkDir() {
  const path = mkdtempSync(join(tmpdir(), "tracebook-bench-"));
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const interrupted = (): void => {
    remove();
    process.exit(INTERRUPTED);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupted);
  return {
    path,
    remove() {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, interrupted);
      remove();
    },
  };
}

function isConserved({ ingest = [], live }: Results): boolean {
  return ingest.every((one) => one.isConserved) && (live?.isConserved ?? true);
}

async function main(): Promise<void> {
  let options: BenchOptions | undefined;
  try {
    options = parseBenchOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  if (options === undefined) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  // Before minutes of work, not after them.
  if (options.out !== undefined) mkdirSync(dirname(options.out), { recursive: true });
  const results = await runBench(options);
  if (options.out !== undefined) process.stdout.write(`\nwritten: ${options.out}\n`);
  process.exitCode = !isConserved(results) ? 1 : Object.keys(results.failed).length > 0 ? 2 : 0;
}

await main();
