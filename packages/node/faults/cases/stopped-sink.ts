// Case 8: a Collector that is stopped (SIGSTOP): it accepts connections and reads nothing.
import { setTimeout as sleep } from "node:timers/promises";
import { type CaseContext, type CaseOutcome, check, type FaultCase, runBoth } from "../fault-case.ts";
import { droppedOf } from "../harness/account.ts";
import { peakSpooled } from "../harness/bot-samples.ts";
import { type OutageRun, runOutage } from "../harness/outage.ts";
import { disturbedOf, outageChecks, outageFigures, rssGrowthOf } from "../harness/outage-oracles.ts";
import { certainRise, laterHalf, type Trend, trendOf } from "../harness/trend.ts";
import { isBounded } from "./bad-network.ts";

/** What waits in memory is bounded; the rest is on disk. */
const MAX_RSS_GROWTH_MIB = 64;
/** What is certain of the rise in the later half of ten minutes. */
const MAX_RISE_MIB_PER_MIN = 2;

/** The case. */
export const stoppedSink: FaultCase = {
  id: "8",
  title: "Collector stopped (SIGSTOP): accepts, never reads",
  seconds: ({ isFull }) => (isFull ? 660 : 40),
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
    return outcome(context, ours, stock, stoppedMs);
  },
};

function outcome({ isFull }: CaseContext, ours: OutageRun, stock: OutageRun, stoppedMs: number): CaseOutcome {
  const { account } = ours;
  const growth = rssGrowthOf(ours);
  const trend = rssTrend(ours);
  const spooled = peakSpooled(ours.samples);
  const { loopP99Ms, loopMaxMs } = disturbedOf(ours);
  // Over seconds a slope says nothing.
  const slopeOf = (run: OutageRun): number | null => (isFull ? rounded(rssTrend(run).slope) : null);
  const more = (run: OutageRun) => ({ stopped_s: stoppedMs / 1e3, rss_slope_mib_per_min: slopeOf(run) });
  const slopeText = isFull ? ` (later half: ${rounded(trend.slope)} ± ${rounded(trend.standardError)} MiB/min)` : "";
  const isLevel = !isFull || certainRise(trend) <= MAX_RISE_MIB_PER_MIN;
  return {
    runs: 1,
    figures: outageFigures(ours, more(ours)),
    stock: outageFigures(stock, more(stock)),
    checks: [
      ...outageChecks(ours),
      check("the spool was used", spooled > 0, spooled),
      check("memory is bounded", growth <= MAX_RSS_GROWTH_MIB, growth),
      check("and does not go on rising", isLevel, trend),
      // What was sent before a time-out lies in the buffers of the kernel, and is read when the sink goes on.
      check("what comes twice is a quarter at most", isBounded(account), account.duplicates),
    ],
    headline: `${account.accepted - account.delivered} of ${account.accepted} lost, ${droppedOf(account)} dropped, ${spooled} on disk at most, loop p99 ${loopP99Ms} ms, max ${loopMaxMs} ms, RSS +${growth} MiB${slopeText}, ${account.duplicates} twice, drained in ${ours.drainS} s`,
    stockHeadline: `${stock.account.silent_loss} of ${stock.account.accepted} lost in silence, RSS +${rssGrowthOf(stock)} MiB`,
  };
}

/** MiB a minute, over the later half of the fault. */
function rssTrend({ samples }: OutageRun): Trend {
  return trendOf(laterHalf(samples).map(({ atMs, rssMib }) => ({ x: atMs / 60_000, y: rssMib })));
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
