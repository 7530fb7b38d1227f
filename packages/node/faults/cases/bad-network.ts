// Cases 10 and 11: a slow network, one that breaks connections in every way, and a Collector that comes and goes by the second.
import { setTimeout as sleep } from "node:timers/promises";
import { type CaseContext, type Check, check, type FaultCase, type FaultFigures, runBoth } from "../fault-case.ts";
import { type OutageParts, type OutageRun, outageChecks, outageFigures, runOutage } from "../harness/outage.ts";
import type { Weather } from "../harness/tcp-proxy.ts";

/** Four bots at once on a small machine. */
const TICKS_PER_S = 250;
const WEATHERS: Readonly<Record<string, Weather>> = {
  slow: { kind: "slow", latencyMs: 2_000, bytesPerS: 1_024 },
  resets: { kind: "resets", share: 0.3 },
  "cut bodies": { kind: "cut_bodies" },
  "half-open": { kind: "half_open" },
};

/** Case 10. */
export const badNetwork: FaultCase = {
  id: "10",
  title: "2 s latency at 1 KB/s, 30 % resets, RST in mid body, half-open connections",
  async run(context) {
    const ours = await allWeathers(context, "tracebook");
    const stock = await allWeathers(context, "stock");
    const checks = ours.flatMap(({ name, run }) =>
      outageChecks(run).map((one): Check => ({ ...one, what: `${name}: ${one.what}` })),
    );
    const [figures, stockFigures] = [together(ours), together(stock)];
    return {
      runs: ours.length,
      figures,
      stock: stockFigures,
      checks,
      headline: `${figures.accepted - figures.delivered} of ${figures.accepted} lost, ${percent(figures.duplicates, figures.accepted)} twice, items again after ${worstResume(ours)} ms at most`,
      stockHeadline: `${stockFigures.silent_loss} of ${stockFigures.accepted} lost in silence, ${percent(stockFigures.duplicates, stockFigures.accepted)} twice`,
    };
  },
};

interface NamedRun {
  readonly name: string;
  readonly run: OutageRun;
}

function allWeathers(context: CaseContext, observer: "tracebook" | "stock"): Promise<NamedRun[]> {
  const faultMs = context.isFull ? 60_000 : 6_000;
  const plan = {
    observer,
    calmMs: 500,
    drainMs: context.isFull ? 60_000 : 13_000,
    ticksPerS: TICKS_PER_S,
  };
  return Promise.all(
    Object.entries(WEATHERS).map(async ([name, weather]) => ({
      name,
      run: await runOutage(context, {
        ...plan,
        fault: (parts) => during(parts, weather, faultMs),
      }),
    })),
  );
}

async function during({ proxy }: OutageParts, weather: Weather, ms: number): Promise<void> {
  proxy.set(weather);
  await sleep(ms);
  proxy.set({ kind: "clear" });
}

function together(runs: readonly NamedRun[]): FaultFigures {
  const each = runs.map(({ run }) => outageFigures(run));
  const sum = (key: "accepted" | "delivered" | "spooled" | "silent_loss" | "duplicates"): number =>
    each.reduce((total, one) => total + one[key], 0);
  const dropped: Record<string, number> = {};
  for (const { dropped_by_reason } of each)
    for (const [reason, count] of Object.entries(dropped_by_reason)) dropped[reason] = (dropped[reason] ?? 0) + count;
  const most = (key: "p99_us" | "loop_p99_ms" | "rss_peak_mib" | "exit_ms"): number =>
    Math.max(...each.map((one) => one[key] ?? 0));
  return {
    accepted: sum("accepted"),
    delivered: sum("delivered"),
    spooled: sum("spooled"),
    dropped_by_reason: dropped,
    silent_loss: sum("silent_loss"),
    duplicates: sum("duplicates"),
    p99_us: most("p99_us"),
    loop_p99_ms: most("loop_p99_ms"),
    rss_peak_mib: most("rss_peak_mib"),
    exit_ms: most("exit_ms"),
    by_weather: Object.fromEntries(
      runs.map(({ name, run: { account, resumedMs, drainS, restarted } }) => {
        const { accepted, delivered, duplicates } = account;
        return [name, { accepted, delivered, duplicates, resumed_ms: resumedMs, drain_s: drainS, restarted }];
      }),
    ),
  };
}

function worstResume(runs: readonly NamedRun[]): number {
  return Math.max(...runs.map(({ run }) => run.resumedMs ?? Number.POSITIVE_INFINITY));
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`;
}

/** Tries that get nowhere: four ways to the Collector, and on each a back-off that begins with a second. */
const MAX_REFUSED_A_SECOND = 10;

/** Case 11. */
export const flapping: FaultCase = {
  id: "11",
  title: "Collector that is up 1 s, down 1 s",
  async run(context) {
    const faultMs = context.isFull ? 300_000 : 20_000;
    const { ours, stock } = await runBoth(
      context,
      (observer) =>
        runOutage(context, {
          observer,
          calmMs: 3_000,
          drainMs: 15_000,
          async fault({ proxy }) {
            const endMs = performance.now() + faultMs;
            while (performance.now() < endMs) {
              proxy.set({ kind: "refusing" });
              await sleep(1_000);
              proxy.set({ kind: "clear" });
              await sleep(1_000);
            }
          },
        }),
      true,
    );
    const more = (run: OutageRun) => ({ most_in_one_second: run.mostInOneSecond });
    return {
      runs: 1,
      figures: outageFigures(ours, more(ours)),
      stock: outageFigures(stock, more(stock)),
      checks: [
        ...outageChecks(ours),
        check("no retry storm", ours.mostInOneSecond.refused <= MAX_REFUSED_A_SECOND, ours.mostInOneSecond),
      ],
      headline: `${triesOf(ours)}, ${ours.account.accepted - ours.account.delivered} of ${ours.account.accepted} lost, CPU ${ours.fault.cpuPercent} % of a core (calm: ${ours.calm.cpuPercent} %)`,
      stockHeadline: `${triesOf(stock)}, ${stock.account.silent_loss} of ${stock.account.accepted} lost in silence`,
    };
  },
};

function triesOf({ mostInOneSecond: { tries, refused } }: OutageRun): string {
  return `in one second ${tries} tries at most, and ${refused} in vain`;
}
