// What two programs that know nothing of each other say about a journal: `tracebook verify`, and a checker in Python.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, sharedPath } from "./workspace.mjs";

/** Runs a command of the built `tracebook`; `{ code, stdout, stderr }`. */
export function tracebook(...args) {
  const program = join(root, "packages/cli/dist/bin.js");
  const ended = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", maxBuffer: 256 << 20 });
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

/** The verdict of `tracebook verify --json`; throws when there is none, or when it and its exit code disagree. */
function verify(dir) {
  const { code, stdout, stderr } = tracebook("verify", "--json", dir);
  if (code !== 0 && code !== 1) throw new Error(`tracebook verify: exit code ${code}\n${stdout}${stderr}`);
  const verdict = JSON.parse(stdout);
  if (verdict.clean !== (code === 0))
    throw new Error(`tracebook verify: exit code ${code} with clean ${verdict.clean}`);
  return verdict;
}

/** One line about a journal that must be clean; throws with its problems when it is not. */
export function mustBeClean(dir) {
  const verdict = verify(dir);
  const { clean, records, decisions, torn_lines: torn, instances, problems } = verdict;
  const declared = Object.values(instances).reduce((sum, { declared_dropped }) => sum + declared_dropped, 0);
  const figures = `${records} records, ${decisions} decisions, ${Object.keys(instances).length} instances, ${torn} torn, ${declared} declared as dropped`;
  if (!clean)
    throw new Error(
      `not clean: ${figures}\n${problems
        .slice(0, 5)
        .map((p) => p.message)
        .join("\n")}`,
    );
  return { verdict, figures };
}

/** Why the checker in Python cannot run here; undefined when it can. In CI a missing Python is no excuse. */
export function whyNoPythonChecker() {
  if (sharedPath("tools/check-journal.py") === undefined) return "../shared/tools/check-journal.py is not there";
  if (spawnSync("python3", ["--version"]).status !== 0 && process.env.CI !== "true")
    return "this machine has no python3";
  return undefined;
}

/** Runs the checker in Python: `{ clean, figures }`. */
export function checkWithPython(dir) {
  const checker = sharedPath("tools/check-journal.py");
  const ended = spawnSync("python3", [checker, dir], { encoding: "utf8", maxBuffer: 64 << 20 });
  if (ended.error !== undefined) throw ended.error;
  // A traceback is no verdict on the journal.
  if (ended.status !== 0 && !/^\d+ files, /.test(ended.stdout)) throw new Error(`${ended.stdout}${ended.stderr}`);
  return { clean: ended.status === 0, figures: ended.stdout.trim() };
}
