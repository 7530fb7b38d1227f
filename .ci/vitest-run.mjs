// Runs vitest for a stage and counts its tests from the JSON report.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs a command line that ends in vitest, with its output on ours, and resolves to `{ passed, failed, skipped }`. A run that
 * never comes to reporting, and one that fails without a failed test, count as one failure.
 */
export function runTests(command, args, env = process.env) {
  const folder = mkdtempSync(join(tmpdir(), "tracebook-tests-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const ended = spawnSync(command, [...args, ...reporters], { stdio: ["ignore", "inherit", "inherit"], env });
  const counts = existsSync(report)
    ? countsIn(JSON.parse(readFileSync(report, "utf8")))
    : { passed: 0, failed: 0, skipped: 0 };
  rmSync(folder, { recursive: true });
  if (ended.status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function countsIn(report) {
  // A file that fails before its first test (a broken import) has no failed test to count: it counts as one.
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Prints the sum of several runs in the form .ci/run reads, and sets the exit code. */
export function reportTests(stage, runs) {
  const sum = (key) => runs.reduce((total, counts) => total + counts[key], 0);
  console.log(`stage ${stage}: ${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
  process.exitCode = sum("failed") === 0 ? 0 : 1;
}
