// Case 8: a Collector that is stopped (SIGSTOP): it accepts connections and reads nothing.
import { setTimeout as sleep } from "node:timers/promises";
import { check, type FaultCase, runBoth } from "../fault-case.ts";
import { type OutageRun, outageChecks, outageFigures, rssGrowthOf, runOutage } from "../harness/outage.ts";

/** What waits in memory is bounded; the rest is on disk. */
const MAX_RSS_GROWTH_MIB = 64;
/** Spans and records are encoded in turns of some milliseconds; a loaded machine adds its own. */
const MAX_LOOP_P99_MS = 50;

/** The case. */
export const stoppedSink: FaultCase = {
  id: "8",
  title: "Collector stopped (SIGSTOP): accepts, never reads",
  async run(context) {
    const stoppedMs = context.isFull ? 600_000 : 20_000;
    // At once: there is time enough, and 20 minutes are more than 10.
    const { ours, stock } = await runBoth(
      context,
      (observer) =>
        runOutage(context, {
          observer,
          calmMs: 4_000,
          drainMs: context.isFull ? 120_000 : 20_000,
          async fault({ sink }) {
            sink.signal("SIGSTOP");
            await sleep(stoppedMs);
            sink.signal("SIGCONT");
          },
        }),
      true,
    );
    const growth = rssGrowthOf(ours);
    const slope = (run: OutageRun): number => Math.round((10 * rssGrowthOf(run)) / (run.fault.seconds / 60)) / 10;
    const more = (run: OutageRun) => ({
      stopped_s: stoppedMs / 1e3,
      rss_slope_mib_per_min: context.isFull ? slope(run) : null,
    });
    return {
      runs: 1,
      figures: outageFigures(ours, more(ours)),
      stock: outageFigures(stock, more(stock)),
      checks: [
        ...outageChecks(ours),
        check("memory is bounded", growth <= MAX_RSS_GROWTH_MIB, growth),
        check("H: the event loop goes on", ours.fault.loopP99Ms <= MAX_LOOP_P99_MS, ours.fault.loopP99Ms),
      ],
      headline: `${ours.account.accepted - ours.account.delivered} of ${ours.account.accepted} lost, loop p99 ${ours.fault.loopP99Ms} ms, RSS +${growth} MiB, drained in ${ours.drainS} s`,
      stockHeadline: `${stock.account.silent_loss} of ${stock.account.accepted} lost in silence, RSS +${rssGrowthOf(stock)} MiB`,
    };
  },
};
