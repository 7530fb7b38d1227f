// Prometheus' own checker, where it is installed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** False where it is not installed: then its tests are skipped, and a line says so. */
export const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
if (!hasPromtool) process.stderr.write("promtool is not installed: the tests that need it are skipped.\n");

/** What it said, and how it ended. */
export interface PromtoolAnswer {
  readonly status: number | null;
  readonly said: string;
}

/** `promtool check rules`, of a rule file. */
export function checkRules(yaml: string): PromtoolAnswer {
  return run({ "rules.yml": yaml }, ["check", "rules", "rules.yml"]);
}

/** `promtool test rules`, of a file of tests beside the rule file `rules.yml`. */
export function testRules(yaml: string, tests: string): PromtoolAnswer {
  return run({ "rules.yml": yaml, "tests.yml": tests }, ["test", "rules", "tests.yml"]);
}

function run(files: { readonly [name: string]: string }, args: readonly string[]): PromtoolAnswer {
  const cwd = mkdtempSync(join(tmpdir(), "tracebook-rules-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    const { status, stdout, stderr } = spawnSync("promtool", args, { cwd, encoding: "utf8" });
    return { status, said: `${stdout}${stderr}` };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
