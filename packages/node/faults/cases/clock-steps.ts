// Case 28: the wall clock steps back and forth and stands still while exports fail and are tried again.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObserverName } from "../bot/observer.ts";
import { type CaseContext, check, type FaultCase } from "../fault-case.ts";
import { type OutageRun, runOutage } from "../harness/outage.ts";
import { outageChecks, outageFigures } from "../harness/outage-oracles.ts";

const CLOCK = new URL("../programs/stepping-clock.ts", import.meta.url);
const HOUR_MS = 3_600_000;
/** One after the other, each lasting a while; the last one leaves the clock right again. `frozen`: it stands still. */
const STEPS: readonly (number | "frozen")[] = [HOUR_MS, -HOUR_MS, 24 * HOUR_MS, "frozen", 0];
/** As long, with a clock that goes as clocks do. */
const NO_STEPS: typeof STEPS = STEPS.map(() => 0);
/** Long enough for the look at the clock, once a second, and for two tries. */
const STEP_MS = 2_500;

/** The case. */
export const clockSteps: FaultCase = {
  id: "28",
  title: "Wall clock steps +1 h, -1 h, +1 day, stands still, while exports fail",
  seconds: () => 40,
  async run(context) {
    // At once: what counts is not time. The third one tells what the stock SDK loses in the same outage without any step.
    const [ours, stock, steady] = await Promise.all([
      stepClock(context, "tracebook", STEPS),
      stepClock(context, "stock", STEPS),
      stepClock(context, "stock", NO_STEPS),
    ]);
    const steps = countClockSteps(ours.dir);
    const more = ({ run }: SteppedRun) => ({ negative_durations: run.sink.negative, clock_steps: STEPS.length });
    return {
      runs: 1,
      figures: outageFigures(ours.run, { ...more(ours), clock_step_events: steps }),
      stock: outageFigures(stock.run, { ...more(stock), lost_with_steady_clock: lostOf(steady) }),
      checks: [
        ...outageChecks(ours.run),
        check("no early give-up: everything is delivered", lostOf(ours) === 0, lostOf(ours)),
        check("no span ends before it starts", ours.run.sink.negative === 0, ours.run.sink.negative),
        // Standing still is a step only when it ends.
        check("the steps are on the record", steps >= STEPS.length - 1, steps),
      ],
      headline: `${lostOf(ours)} of ${ours.run.account.accepted} given up, ${ours.run.sink.negative} negative durations`,
      stockHeadline: `${lostOf(stock)} of ${stock.run.account.accepted} lost, ${lostOf(steady)} of ${steady.run.account.accepted} with a clock that does not step: the queue of 2,048 overflows; ${stock.run.sink.negative} negative durations`,
    };
  },
};

interface SteppedRun {
  readonly run: OutageRun;
  readonly dir: string;
}

async function stepClock(context: CaseContext, observer: ObserverName, steps: typeof STEPS): Promise<SteppedRun> {
  const dir = context.folder("clock");
  const run = await runOutage(context, {
    observer,
    dir,
    calmMs: 1_000,
    drainMs: 20_000,
    env: { FAULT_CLOCK_STEPS: JSON.stringify(steps) },
    execArgv: ["--import", CLOCK.href],
    async fault({ sink, bot }) {
      await sink.answer({ kind: "status", status: 503 });
      for (const _ of steps) {
        // The next step of the list.
        process.kill(bot.pid, "SIGUSR2");
        await sleep(STEP_MS);
      }
      await sink.answer({ kind: "take" });
    },
  });
  return { run, dir };
}

function lostOf({ run: { account } }: SteppedRun): number {
  return account.accepted - account.delivered;
}

function countClockSteps(dir: string): number {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".jsonl"))
    .flatMap((path) => readFileSync(join(dir, path), "utf8").split("\n"))
    .filter((line) => line.includes('"event_type":"clock_step"')).length;
}
