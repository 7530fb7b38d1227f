// `npm start`, as a user types it, and what comes out.
import assert from "node:assert/strict";
import { endOf, startProgram } from "./subprocess.mjs";
import { machineEnv, root } from "./workspace.mjs";

/** Every key of the summary that `--json` prints. */
const SUMMARY_KEYS = [
  ...["frames", "ticks", "decisions", "accepted", "rejected", "outcomes", "orders", "fills", "stages"],
  ...["flows_kept", "spans_exported", "dropped", "journal", "run_id"],
];

/** Starts `npm start -- ARGS`, all of it, /metrics and the desk on free ports unless `env` and `args` say which. */
export function startFloor(args, env = {}) {
  const settings = { TELEMETRY_PROMETHEUS_PORT: "0", ...env };
  return startProgram("npm", ["start", "--", "--desk-port", "0", ...args], { cwd: root, env: machineEnv(settings) });
}

/** The same with the flagship alone: no scanner, no desk. */
export function startFlagship(args, env) {
  return startFloor(["--no-scanner", "--no-desk", ...args], env);
}

/** Runs `npm start -- ARGS --json` to its end; `{ summary, program }`. Throws with all that was said unless it exits with 0. */
export async function runFlagship(args, env) {
  const program = startFlagship([...args, "--json"], env);
  const end = await program.exit;
  if (end.code !== 0) throw new Error(`npm start: ${endOf(end)}\n${program.stdout()}${program.stderr()}`);
  const lines = program.stdout().trimEnd().split("\n");
  const summary = JSON.parse(lines.at(-1));
  return { summary, program };
}

/** Holds for every run: all keys are there, nothing was lost, every tick was given an outcome, and the counts add up. */
export function checkSummary(summary) {
  for (const key of SUMMARY_KEYS) assert.ok(key in summary, `the summary has no ${key}`);
  assert.deepEqual(summary.dropped, {}, "something was dropped");
  assert.ok(!("no_reason" in summary.outcomes), "a flow ended without a reason");
  assert.equal(summary.accepted + summary.rejected, summary.decisions);
  const ends = Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0);
  assert.equal(ends, summary.frames, "not every frame has one outcome");
  for (const stage of ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send", "end_to_end"]) {
    const figures = summary.stages[stage];
    assert.ok(figures?.count > 0, `no figures of ${stage}`);
    const { p50_ms, p95_ms, p99_ms, max_ms } = figures;
    assert.ok(
      0 <= p50_ms && p50_ms <= p95_ms && p95_ms <= p99_ms && p99_ms <= max_ms,
      `${stage}: ${JSON.stringify(figures)}`,
    );
  }
}

/** The figures of a run in one line. */
export function figuresOf({ frames, ticks, accepted, rejected, orders, fills, flows_kept, spans_exported, journal }) {
  return [
    `${frames} frames, ${ticks} ticks, ${accepted} accepted, ${rejected} rejected, ${orders} orders, ${fills} fills`,
    `${flows_kept} flows kept, ${spans_exported} spans, ${journal.records} records`,
  ].join(", ");
}
