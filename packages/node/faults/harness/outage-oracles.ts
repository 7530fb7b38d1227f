// What must hold for every bot that lived through a fault, and the figures that all of them have.
import { type WindowFigures, worstWindow } from "../bot/tick-window.ts";
import { type Check, check, type FaultFigures, timeCheck } from "../fault-case.ts";
import { conservationChecks } from "./account.ts";
import { peakSpooled } from "./bot-samples.ts";
import { healthAddsUp } from "./health-counts.ts";
import type { OutageRun } from "./outage.ts";

/** New items must arrive this soon after the end of a fault (oracle L), and what a loaded machine may take to notice. */
const LIVENESS_MS = 10_000;
const SLACK_MS = 1_000;
/** Spans and records are encoded in turns of some milliseconds; a machine that others use adds its own. */
const MAX_LOOP_P99_MS = 50;
const MAX_LOOP_MS = 500;
/** Below that a run says nothing about the load that it was to have. */
const MIN_LOAD = 0.95;

/** The figures of a run in the shape all cases have; `more` is what only this one has. */
export function outageFigures(run: OutageRun, more: Readonly<Record<string, unknown>> = {}): FaultFigures {
  const { account, fault, calm, after, report } = run;
  const { accepted, delivered } = account.by_class.evidence;
  return {
    ...account,
    p99_us: fault.p99Us,
    loop_p99_ms: fault.loopP99Ms,
    rss_peak_mib: Math.max(fault.rssPeakMib, after.rssPeakMib),
    exit_ms: report.shutdownMs,
    evidence_accepted: accepted,
    evidence_delivered: delivered,
    resumed_ms: run.resumedMs ?? null,
    drain_s: run.drainS ?? null,
    restarted: run.restarted,
    spooled_peak: peakSpooled(run.samples),
    p999_us: { calm: calm.p999Us, fault: fault.p999Us, after: after.p999Us },
    loop_max_ms: { calm: calm.loopMaxMs, fault: fault.loopMaxMs, after: after.loopMaxMs },
    rss_growth_mib: rssGrowthOf(run),
    cpu_percent: { calm: calm.cpuPercent, fault: fault.cpuPercent, after: after.cpuPercent },
    load: Math.round(1e3 * run.load) / 1e3,
    ...more,
  };
}

/** The worst of fault and recovery. */
export function disturbedOf({ fault, after }: OutageRun): WindowFigures {
  return worstWindow("disturbed", [fault, after]);
}

/** By how much memory was beyond that of calm times. */
export function rssGrowthOf(run: OutageRun): number {
  return Math.round((disturbedOf(run).rssPeakMib - run.calm.rssPeakMib) * 10) / 10;
}

/** The check that a fault too long for disk and memory cannot keep. */
export const EVIDENCE_CHECK = "all evidence is delivered";

/** The oracles C, L and H, for a run whose receiver is back in the end. */
export function outageChecks(run: OutageRun): Check[] {
  const { account, resumedMs } = run;
  const { evidence } = account.by_class;
  const isAlive = resumedMs !== undefined && resumedMs <= LIVENESS_MS + SLACK_MS;
  return [
    ...conservationChecks(account),
    healthAddsUp(run.report.health),
    check(EVIDENCE_CHECK, evidence.delivered === evidence.accepted, evidence),
    // Late is late; never is another matter.
    { ...check("L: new items are acknowledged within 10 s", isAlive, resumedMs), isOfTime: resumedMs !== undefined },
    check("what waited is drained", run.drainS !== undefined && account.spooled === 0, account.spooled),
    ...hostChecks(run),
  ];
}

/** The oracle H. */
function hostChecks(run: OutageRun): Check[] {
  const { loopP99Ms, loopMaxMs } = disturbedOf(run);
  const foreign = run.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("tracebook: "));
  return [
    timeCheck(
      `H: the event loop goes on, p99 ${MAX_LOOP_P99_MS} ms late at most`,
      loopP99Ms <= MAX_LOOP_P99_MS,
      loopP99Ms,
    ),
    timeCheck(`H: and never more than ${MAX_LOOP_MS} ms`, loopMaxMs <= MAX_LOOP_MS, loopMaxMs),
    check("H: nothing but Tracebook's lines on stderr", foreign.length === 0, foreign.slice(0, 5)),
    timeCheck(
      "the ticks asked for were made (95 %: below that this machine is too small, or too busy)",
      run.load >= MIN_LOAD,
      run.load,
    ),
  ];
}
