// Runs vitest for a stage, counts its tests from the JSON report, and sees to it that CI leaves none out.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { excuseOf } from "./skippable-tests.mjs";

const root = resolve(import.meta.dirname, "..");

/**
 * Runs a command line that ends in vitest, with its output on ours, and returns `{ passed, failed, skipped }`: two numbers, and
 * `{ file, test }` for each test that was skipped. A run that never comes to reporting, and one that fails without a failed test,
 * count as one failure.
 */
export function runTests(command, args, env = process.env) {
  const folder = mkdtempSync(join(tmpdir(), "tracebook-tests-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const ended = spawnSync(command, [...args, ...reporters], { stdio: ["ignore", "inherit", "inherit"], env });
  const counts = existsSync(report)
    ? countsIn(JSON.parse(readFileSync(report, "utf8")))
    : { passed: 0, failed: 0, skipped: [] };
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
    skipped: report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status !== "passed" && status !== "failed")
        .map(({ fullName }) => ({ file: relative(root, name), test: fullName })),
    ),
  };
}

/**
 * Prints which tests were skipped, then the sum of several runs in the form .ci/run reads, and sets the exit code. In CI a skipped
 * test without an excuse is a failed one.
 */
export function reportTests(stage, runs) {
  const sum = (key) => runs.reduce((total, counts) => total + counts[key], 0);
  const skipped = runs.flatMap((counts) => counts.skipped);
  const isMissed = ({ file, test }) => process.env.CI === "true" && excuseOf(file, test) === undefined;
  for (const line of new Set(skipped.map((one) => describeSkipped(one, isMissed(one))))) console.log(line);
  const missed = skipped.filter(isMissed).length;
  const failed = sum("failed") + missed;
  console.log(`stage ${stage}: ${sum("passed")} passed, ${failed} failed, ${skipped.length - missed} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function describeSkipped({ file, test }, isMissed) {
  if (isMissed) return `FAILED ${file}: ${test}: skipped, and nothing makes up for it`;
  return `skipped ${file}: ${test}: ${excuseOf(file, test) ?? "not in CI"}`;
}
