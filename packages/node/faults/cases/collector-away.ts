// Case 3: the Collector is away for a while and comes back, at 2,000 events a second.
import { setTimeout as sleep } from "node:timers/promises";
import { type CaseContext, type CaseOutcome, check, type FaultCase, runBoth } from "../fault-case.ts";
import { droppedOf } from "../harness/account.ts";
import { peakSpooled } from "../harness/bot-samples.ts";
import { type OutageRun, runOutage } from "../harness/outage.ts";
import { disturbedOf, outageChecks, outageFigures, rssGrowthOf } from "../harness/outage-oracles.ts";

const MAX_RSS_GROWTH_MIB = 64;
/** Where figures of ticks count, the compiler is through with them. */
export const FULL_WARM_UP_MS = 10_000;
/** The worst of several tells what is noise. */
export const CALM_STRETCHES = 3;

/** The case. */
export const collectorAway: FaultCase = {
  id: "3",
  title: "Collector away, then back, at 2,000 events/s",
  seconds: ({ isFull }) => (isFull ? 240 : 40),
  async run(context) {
    const awayMs = context.isFull ? 60_000 : 15_000;
    const { ours, stock } = await runBoth(context, (observer) =>
      runOutage(context, {
        observer,
        ...(context.isFull ? { warmUpMs: FULL_WARM_UP_MS, calmStretches: CALM_STRETCHES } : {}),
        calmMs: context.isFull ? 30_000 : 6_000,
        drainMs: context.isFull ? 60_000 : 20_000,
        async fault({ receiver }) {
          await receiver.set({ kind: "refusing" });
          await sleep(awayMs);
          await receiver.set({ kind: "clear" });
        },
      }),
    );
    return outcome(context, ours, stock, awayMs);
  },
};

function outcome({ isFull }: CaseContext, ours: OutageRun, stock: OutageRun, awayMs: number): CaseOutcome {
  const { account, calm } = ours;
  const { p999Us } = disturbedOf(ours);
  const growth = rssGrowthOf(ours);
  const spooled = peakSpooled(ours.samples);
  const share = account.duplicates / account.accepted;
  const lost = ({ account: { accepted, delivered } }: OutageRun) => accepted - delivered;
  return {
    runs: 1,
    figures: outageFigures(ours, { away_s: awayMs / 1e3 }),
    stock: outageFigures(stock, { away_s: awayMs / 1e3 }),
    checks: [
      ...outageChecks(ours),
      check("the spool was used", spooled > 0, spooled),
      check("everything is delivered", account.delivered === account.accepted, account),
      check("duplicates below 1 %", share < 0.01, account.duplicates),
      check("in the order in which it was made", account.out_of_order === 0, account.out_of_order),
      check("RSS of the trader +64 MiB at most", growth <= MAX_RSS_GROWTH_MIB, growth),
      inTickCheck(isFull, ours),
    ],
    headline: `${lost(ours)} of ${account.accepted} lost, ${droppedOf(account)} dropped, ${spooled} on disk at most, drained in ${ours.drainS} s, RSS +${growth} MiB, p99.9 in tick ${p999Us} us (calm: ${calm.p999Us})`,
    stockHeadline: `${lost(stock)} of ${stock.account.accepted} lost in silence`,
  };
}

/** Ticks during fault and drain, against the worst of the calm stretches. */
export function inTickCheck(isFull: boolean, run: OutageRun) {
  const [calmUs, faultUs] = [run.calm.p999Us, disturbedOf(run).p999Us];
  // Both at once on a machine that others use: then the figure says nothing.
  const holds = !isFull || faultUs <= 2 * calmUs + 50;
  return check("in-tick p99.9 of fault and drain as that of calm times, within noise", holds, [faultUs, calmUs]);
}
