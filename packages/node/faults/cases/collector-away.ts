// Case 3: the Collector is away for a while and comes back, at 2,000 events a second.
import { setTimeout as sleep } from "node:timers/promises";
import { type CaseContext, type CaseOutcome, check, type FaultCase, runBoth } from "../fault-case.ts";
import { type OutageRun, outageChecks, outageFigures, rssGrowthOf, runOutage } from "../harness/outage.ts";

const MAX_RSS_GROWTH_MIB = 64;

/** The case. */
export const collectorAway: FaultCase = {
  id: "3",
  title: "Collector away, then back, at 2,000 events/s",
  async run(context) {
    const awayMs = context.isFull ? 60_000 : 15_000;
    const { ours, stock } = await runBoth(context, (observer) =>
      runOutage(context, {
        observer,
        calmMs: context.isFull ? 30_000 : 6_000,
        drainMs: context.isFull ? 60_000 : 20_000,
        async fault({ sink }) {
          await sink.refuse();
          await sleep(awayMs);
          await sink.listen();
        },
      }),
    );
    return outcome(context, ours, stock, awayMs);
  },
};

function outcome({ isFull }: CaseContext, ours: OutageRun, stock: OutageRun, awayMs: number): CaseOutcome {
  const { account, calm, fault } = ours;
  const growth = rssGrowthOf(ours);
  const share = account.duplicates / account.accepted;
  const lost = ({ account: { accepted, delivered } }: OutageRun) => accepted - delivered;
  return {
    runs: 1,
    figures: outageFigures(ours, { away_s: awayMs / 1e3 }),
    stock: outageFigures(stock, { away_s: awayMs / 1e3 }),
    checks: [
      ...outageChecks(ours),
      check("everything is delivered", account.delivered === account.accepted, account),
      check("duplicates below 1 %", share < 0.01, account.duplicates),
      check("in the order in which it was made", account.outOfOrder === 0, account.outOfOrder),
      check("RSS of the trader +64 MiB at most", growth <= MAX_RSS_GROWTH_MIB, growth),
      // Both at once on a machine that others use: then the figure says nothing.
      check("in-tick p99.9 as without the fault", !isFull || fault.p999Us <= 2 * calm.p999Us + 50, fault.p999Us),
    ],
    headline: `${lost(ours)} of ${account.accepted} lost, drained in ${ours.drainS} s, RSS +${growth} MiB, p99.9 in tick ${fault.p999Us} us (calm: ${calm.p999Us})`,
    stockHeadline: `${lost(stock)} of ${stock.account.accepted} lost in silence`,
  };
}
