// `npm run bench`: what observing one trading tick costs, by Tracebook, by its peers and at the least.
//
// Method: every variant runs in a process of its own, all in turn in each round, garbage is collected when it is due and the OTLP
// sink is a process too. A variant's figure is the median of the rounds; a ratio is worked out in each round from figures net of
// the uninstrumented tick, and its median taken. A process warms up, runs at 2,000 ticks a second for the time inside single
// ticks, then flat out for thread time, garbage and CPU, waiting whenever its output is behind: nobody is fast by dropping.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchOptions, parseBenchOptions, USAGE } from "./bench-options.ts";
import { describeMachine } from "./machine.ts";
import { formatReport } from "./report.ts";
import { type BenchResults, createResults } from "./results.ts";
import { type MeasuredVariant, type Round, runRound } from "./round.ts";
import { startSink } from "./sink.ts";
import { measureStartup } from "./startup.ts";
import { number } from "./text-table.ts";
import type { VariantName } from "./variant-names.ts";

const INTERRUPTED = 130;

async function runBench(options: BenchOptions, workDir: string): Promise<BenchResults> {
  const machine = describeMachine();
  const sink = await startSink();
  try {
    const rounds: Round[] = [];
    for (let round = 1; round <= options.rounds; round++) {
      rounds.push(
        await runRound(options, sink, workDir, (name, measured) => say(round, options.rounds, name, measured)),
      );
    }
    process.stderr.write("bench: start of a process\n");
    const startup = measureStartup(options.startupRuns, sink.url, workDir);
    return createResults(options, machine, rounds, startup);
  } finally {
    sink.close();
  }
}

/** Progress, on stderr: stdout is for the report. */
function say(round: number, rounds: number, name: VariantName, { flat, paced }: MeasuredVariant): void {
  const parts = [
    flat && `${number(flat.ns)} ns, ${number(flat.bytes)} bytes, ${number(flat.cpuSPerMillion)} s CPU per 1M`,
    paced && `p99.9 ${number(paced.p999Us)} us`,
  ];
  const figures = parts.filter((part) => part !== undefined).join(", ");
  process.stderr.write(`bench: round ${round}/${rounds} ${name}: ${figures}\n`);
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
  mkdirSync(options.outDir, { recursive: true });
  const workDir = mkdtempSync(join(tmpdir(), "tracebook-bench-"));
  const removeWorkDir = (): void => rmSync(workDir, { recursive: true, force: true, maxRetries: 3 });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      removeWorkDir();
      process.exit(INTERRUPTED);
    });
  }
  try {
    const results = await runBench(options, workDir);
    const path = join(options.outDir, "bench-results.json");
    writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
    process.stdout.write(`\n${formatReport(results)}\n\nwritten: ${path}\n`);
  } finally {
    removeWorkDir();
  }
}

await main();
