// `npm run faults`: what goes wrong around a bot, done to it on purpose, and what became of its telemetry.
//
// One JSON line a case on stdout, beside it the same run with the stock OpenTelemetry SDK; progress goes to stderr. Three oracles hold
// in every case: accepted = delivered + spooled + counted drops (C); items arrive again within 10 s of the end of a fault (L); the
// host is unharmed (H). The exit code is 1 when a case did not pass.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CASES } from "./cases.ts";
import type { CaseContext, FaultCase } from "./fault-case.ts";
import { type FaultOptions, parseFaultOptions, USAGE } from "./fault-options.ts";
import { createResult, type FaultResult, readResults, toLine, writeResults } from "./fault-results.ts";
import { writeFaultsPage } from "./faults-page.ts";
import { enterMountNamespace } from "./harness/small-disk.ts";

const INTERRUPTED = 130;

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  // Before hours of work, not after them.
  mkdirSync(options.outDir, { recursive: true });
  if (options.writesDocs) return writeFaultsPage(readResults(options.outDir));
  const mayMount = enterMountNamespace();
  const workDir = mkdtempSync(join(tmpdir(), "tracebook-faults-"));
  process.on("exit", () => rmSync(workDir, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(INTERRUPTED));
  const context: CaseContext = {
    isFull: options.isFull,
    seed: options.seed,
    mayMount,
    collector: process.env["TRACEBOOK_COLLECTOR"],
    folder: (name) => mkdtempSync(join(workDir, `${name}-`)),
    say: (line) => process.stderr.write(`faults: ${line}\n`),
  };
  await runCases(options, context);
  process.exit();
}

function readOptions(): FaultOptions | undefined {
  try {
    const options = parseFaultOptions(
      process.argv.slice(2),
      CASES.map(({ id }) => id),
    );
    if (options === undefined) process.stdout.write(`${USAGE}\n`);
    return options;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

async function runCases({ cases, outDir }: FaultOptions, context: CaseContext): Promise<void> {
  const results = readResults(outDir);
  for (const one of CASES) {
    if (cases !== undefined && !cases.includes(one.id)) continue;
    const result = await runCase(one, context);
    if (result === undefined) continue;
    results.set(one.id, result);
    writeResults(outDir, inOrder(results));
    if (!result.pass) process.exitCode = 1;
  }
}

async function runCase(one: FaultCase, context: CaseContext): Promise<FaultResult | undefined> {
  context.say(`case ${one.id}: ${one.title} ...`);
  const startedMs = performance.now();
  try {
    const outcome = await one.run(context);
    if ("skip" in outcome) {
      process.stdout.write(`${JSON.stringify({ case: one.id, skipped: outcome.skip })}\n`);
      return undefined;
    }
    const seconds = Math.round((performance.now() - startedMs) / 1e3);
    const result = createResult(one, outcome, { ...context, seconds });
    process.stdout.write(`${toLine(result)}\n`);
    context.say(`case ${one.id}: ${result.pass ? "passed" : "FAILED"} in ${seconds} s: ${result.headline}`);
    for (const failed of result.failed) context.say(`  does not hold: ${failed}`);
    return result;
  } catch (error) {
    process.stdout.write(
      `${JSON.stringify({ case: one.id, seed: context.seed, pass: false, failed: [String(error)] })}\n`,
    );
    context.say(`case ${one.id}: FAILED: ${(error as Error)?.stack ?? error}`);
    process.exitCode = 1;
    return undefined;
  }
}

function inOrder(results: ReadonlyMap<string, FaultResult>): FaultResult[] {
  return CASES.map(({ id }) => results.get(id)).filter((result) => result !== undefined);
}

await main();
