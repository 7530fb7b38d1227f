// `npm run faults`: what goes wrong around a bot, a desk or alerts, done to it on purpose, and what became of its telemetry.
//
// One JSON line a case on stdout, beside it the same run with the stock OpenTelemetry SDK, and a last line with the number of cases
// (`{"ended":28}`): without it the harness itself has died. Progress goes to stderr. Three oracles hold in every case: accepted =
// delivered + spooled + counted drops (C); items arrive again within 10 s of the end of a fault (L); the host is unharmed (H). The
// exit code is 1 when a case did not pass.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CASES } from "./cases.ts";
import type { CaseContext, FaultCase } from "./fault-case.ts";
import { type FaultOptions, parseFaultOptions, USAGE } from "./fault-options.ts";
import { type FaultResult, readResults, toLine, writeResults } from "./fault-results.ts";
import { writeFaultsPage } from "./faults-page.ts";
import { enterMountNamespace, INTERRUPTED } from "./harness/mount-namespace.ts";
import { runCase } from "./run-case.ts";

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  // Before hours of work, not after them.
  mkdirSync(options.outDir, { recursive: true });
  if (options.writesDocs) return writeFaultsPage(readResults(options.outDir));
  const mayMount = await enterMountNamespace();
  const workDir = mkdtempSync(join(tmpdir(), "tracebook-faults-"));
  process.on("exit", () => rmSync(workDir, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(INTERRUPTED));
  const context: CaseContext = {
    isFull: options.isFull,
    soakMinutes: options.soakMinutes,
    seed: options.seed,
    mayMount,
    collector: process.env["TRACEBOOK_COLLECTOR"],
    folder: (name) => mkdtempSync(join(workDir, `${name}-`)),
    say: (line) => process.stderr.write(`faults: ${line}\n`),
  };
  const cases = CASES.filter(({ id }) => options.cases?.includes(id) ?? true);
  if (options.isFull) tellPlan(cases, context);
  await runCases(cases, options, context);
  process.stdout.write(`${JSON.stringify({ ended: cases.length })}\n`);
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

/** What is to come, before hours of it. */
function tellPlan(cases: readonly FaultCase[], context: CaseContext): void {
  const seconds = cases.reduce((sum, one) => sum + one.seconds(context), 0);
  context.say(`${cases.length} cases in their long forms, about ${Math.ceil(seconds / 60)} minutes:`);
  for (const one of cases) context.say(`${`${one.seconds(context)} s`.padStart(8)}  ${one.id}: ${one.title}`);
}

async function runCases(cases: readonly FaultCase[], { outDir }: FaultOptions, context: CaseContext): Promise<void> {
  const results = readResults(outDir);
  for (const one of cases) {
    context.say(`case ${one.id}: ${one.title} ...`);
    const result = await runCase(one, context);
    if ("skip" in result) {
      process.stdout.write(`${JSON.stringify({ case: one.id, title: one.title, skipped: result.skip })}\n`);
      continue;
    }
    process.stdout.write(`${toLine(result)}\n`);
    const { pass, seconds, headline, failed } = result;
    context.say(`case ${one.id}: ${pass ? "passed" : "FAILED"} in ${seconds} s: ${headline}`);
    for (const what of failed) context.say(`  does not hold: ${what}`);
    results.set(one.id, result);
    writeResults(outDir, inOrder(results));
    if (!pass) process.exitCode = 1;
  }
}

function inOrder(results: ReadonlyMap<string, FaultResult>): FaultResult[] {
  return CASES.map(({ id }) => results.get(id)).filter((result) => result !== undefined);
}

await main();
