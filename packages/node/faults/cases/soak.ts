// Case 12: everything from above in turn, drawn by chance from a seed, for an hour.
import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "../bot/bot.ts";
import { type CaseContext, type CaseForm, type Check, check, type FaultCase, runBoth } from "../fault-case.ts";
import { droppedOf } from "../harness/account.ts";
import { type BotSample, lookAt } from "../harness/bot-samples.ts";
import { spooledOf } from "../harness/health-counts.ts";
import { type OutageParts, type OutageRun, runOutage } from "../harness/outage.ts";
import { outageChecks, outageFigures, rssGrowthOf } from "../harness/outage-oracles.ts";
import { createSeededRandom, type SeededRandom } from "../harness/seeded-random.ts";
import type { TcpProxy } from "../harness/tcp-proxy.ts";
import { certainRise, laterHalf, type Trend, trendOf } from "../harness/trend.ts";
import { until } from "../harness/until.ts";
import { FAULTS } from "./soak-faults.ts";

/** Bytes an hour, on the heap and outside it; over less than an hour it says nothing, and only a leak that runs shows. */
const MAX_SLOPE_BYTES = 2 ** 20;
const MAX_GROWTH_SHORT_BYTES = 24 * 2 ** 20;
const MAX_RSS_GROWTH_MIB = 64;
/** What waits in memory after a fault is no leak, but would look like the beginning of one: samples are of a bot that has caught up. */
const SETTLED_WITHIN_MS = 15_000;
const CALM_MS = 2_000;
const MAX_NEW_DESCRIPTORS = 12;
const SHORT_MS = 25_000;

/** The case. */
export const soak: FaultCase = {
  id: "12",
  title: "Soak with faults by chance, at 2,000 events/s",
  seconds: (form) => Math.round(totalMsOf(form) / 1e3) + (form.isFull ? 45 : 20),
  async run(context) {
    const samples: BotSample[] = [];
    const { ours, stock } = await runBoth(
      context,
      (observer) =>
        runOutage(context, {
          observer,
          calmMs: 1_000,
          drainMs: 20_000,
          // Between the faults instead: what waits in the middle of one is no leak.
          sampleMs: 0,
          execArgv: ["--expose-gc"],
          fault: (parts) => storm(context, parts, observer === "tracebook" ? samples : []),
        }),
      true,
    );
    const minutes = totalMsOf(context) / 60_000;
    const trend = usedTrend(samples);
    const newDescriptors = descriptorsAt(samples, -1) - descriptorsAt(samples, 0);
    const { account } = ours;
    return {
      runs: 1,
      figures: outageFigures(ours, {
        minutes,
        heap_slope_mib_per_h: mib(trend.slope),
        heap_slope_error_mib_per_h: mib(trend.standardError),
        used_mib: samples.map(({ usedBytes }) => mib(usedBytes)),
        new_descriptors: newDescriptors,
        faults: namesOf(context),
      }),
      stock: outageFigures(stock),
      checks: [
        ...outageChecks(ours),
        ...memoryChecks(context, ours, samples, trend),
        check("file descriptors are flat", newDescriptors <= MAX_NEW_DESCRIPTORS, newDescriptors),
      ],
      headline: `${account.accepted - account.delivered} of ${account.accepted} lost in ${minutes.toFixed(1)} min, ${droppedOf(account)} dropped, ${account.duplicates} twice, heap and buffers ${mib(trend.slope)} ± ${mib(trend.standardError)} MiB/h, RSS +${rssGrowthOf(ours)} MiB, descriptors +${newDescriptors}`,
      stockHeadline: `${stock.account.silent_loss} of ${stock.account.accepted} lost in silence`,
    };
  },
};

function totalMsOf({ isFull, soakMinutes }: CaseForm): number {
  return isFull ? soakMinutes * 60_000 : SHORT_MS;
}

function memoryChecks({ isFull }: CaseForm, ours: OutageRun, samples: readonly BotSample[], trend: Trend): Check[] {
  if (!isFull) {
    const growth = Math.max(...samples.map(({ usedBytes }) => usedBytes)) - (samples[0]?.usedBytes ?? 0);
    return [check("memory does not run away", growth < MAX_GROWTH_SHORT_BYTES, mib(growth))];
  }
  const rise = certainRise(trend);
  const growth = rssGrowthOf(ours);
  return [
    check("heap and buffers after collection rise by less than 1 MiB/h for certain", rise < MAX_SLOPE_BYTES, mib(rise)),
    check("RSS +64 MiB at most", growth <= MAX_RSS_GROWTH_MIB, growth),
  ];
}

/** What the seed draws: names, milliseconds, and the pauses behind them. */
function* draw(random: SeededRandom, isFull: boolean) {
  const names = Object.keys(FAULTS);
  for (;;) {
    const name = names[random.between(0, names.length - 1)]!;
    yield {
      name,
      ms: random.between(1_000, isFull ? 20_000 : 4_000),
      pauseMs: random.between(1_000, isFull ? 15_000 : 2_000),
    };
  }
}

async function storm(context: CaseContext, parts: OutageParts<TcpProxy>, samples: BotSample[]): Promise<void> {
  const endMs = performance.now() + totalMsOf(context);
  samples.push(await lookSettled(parts.bot));
  for (const { name, ms, pauseMs } of draw(createSeededRandom(context.seed), context.isFull)) {
    await FAULTS[name]!(parts, Math.min(ms, Math.max(0, endMs - performance.now())));
    if (performance.now() >= endMs) break;
    await sleep(pauseMs);
    samples.push(await lookSettled(parts.bot));
  }
  samples.push(await lookSettled(parts.bot));
}

async function lookSettled(bot: Bot): Promise<BotSample> {
  const isSettled = async (): Promise<boolean> => spooledOf((await bot.status()).health) === 0;
  // What does not settle is in the balance, and in the trend.
  await until("an empty spool", isSettled, { timeoutMs: SETTLED_WITHIN_MS, everyMs: 250 }).catch(() => {});
  await sleep(CALM_MS);
  return lookAt(bot);
}

function namesOf(context: CaseContext): string[] {
  const names: string[] = [];
  let ms = 0;
  for (const one of draw(createSeededRandom(context.seed), context.isFull)) {
    if (ms >= totalMsOf(context) || names.length >= 40) return names;
    ms += one.ms + one.pauseMs;
    names.push(one.name);
  }
  return names;
}

/** Bytes an hour. */
function usedTrend(samples: readonly BotSample[]): Trend {
  return trendOf(laterHalf(samples).map(({ atMs, usedBytes }) => ({ x: atMs / 3_600_000, y: usedBytes })));
}

function descriptorsAt(samples: readonly BotSample[], at: number): number {
  return samples.at(at)?.descriptors ?? 0;
}

function mib(bytes: number): number {
  return Math.round((10 * bytes) / 2 ** 20) / 10;
}
