// Cases 10 and 11: a slow network, one that breaks connections in every way, and a Collector that comes and goes by the second.
import { setTimeout as sleep } from "node:timers/promises";
import { type CaseContext, type Check, check, type FaultCase, type FaultFigures, runBoth } from "../fault-case.ts";
import { droppedOf, sumAccounts } from "../harness/account.ts";
import { type OutageParts, type OutageRun, runOutage } from "../harness/outage.ts";
import { outageChecks, outageFigures } from "../harness/outage-oracles.ts";
import type { TcpProxy } from "../harness/tcp-proxy.ts";
import { type Harm, RESET_WAYS, type Weather } from "../harness/weather.ts";

/** Four bots at once on a small machine. */
const TICKS_PER_S = 250;
/** Each with the harm that must have been done before it says anything. */
const WEATHERS: Readonly<Record<string, { readonly weather: Weather; readonly does: readonly Harm[] }>> = {
  slow: { weather: { kind: "slow", latencyMs: 2_000, bytesPerS: 1_024 }, does: ["slowed"] },
  resets: { weather: { kind: "resets", share: 0.3 }, does: RESET_WAYS },
  "cut bodies": { weather: { kind: "cut_bodies" }, does: ["cut_body"] },
  "half-open": { weather: { kind: "half_open" }, does: ["silent"] },
};
/**
 * Of all that is made. Whoever gets no answer cannot know whether the request arrived, and sends it again: of ten requests under
 * resets one loses its answer, and so does every one on a connection that has fallen silent.
 */
const MAX_DUPLICATES = 0.25;

/** Duplicates are within what requests without an answer explain. */
export function isBounded({ duplicates, accepted }: Pick<FaultFigures, "duplicates" | "accepted">): boolean {
  return duplicates <= MAX_DUPLICATES * accepted;
}

/** Case 10. */
export const badNetwork: FaultCase = {
  id: "10",
  title: "2 s latency at 1 KB/s, 30 % resets, RST in mid body, half-open connections",
  seconds: ({ isFull }) => (isFull ? 170 : 55),
  async run(context) {
    const ours = await allWeathers(context, "tracebook");
    const stock = await allWeathers(context, "stock");
    const [figures, stockFigures] = [together(ours), together(stock)];
    const lost = figures.accepted - figures.delivered;
    return {
      runs: ours.length,
      figures,
      stock: stockFigures,
      checks: [
        ...ours.flatMap(weatherChecks),
        check("what comes twice is a quarter at most", isBounded(figures), figures.duplicates),
      ],
      headline: `${lost} of ${figures.accepted} lost, ${droppedOf(figures)} dropped, ${percent(figures.duplicates, figures.accepted)} twice, items again after ${worstResume(ours)} ms at most`,
      stockHeadline: `${stockFigures.silent_loss} of ${stockFigures.accepted} lost in silence, ${percent(stockFigures.duplicates, stockFigures.accepted)} twice`,
    };
  },
};

interface NamedRun {
  readonly name: string;
  readonly run: OutageRun;
  readonly harm: ReturnType<TcpProxy["harm"]>;
}

function allWeathers(context: CaseContext, observer: "tracebook" | "stock"): Promise<NamedRun[]> {
  const faultMs = context.isFull ? 60_000 : 6_000;
  return Promise.all(
    Object.entries(WEATHERS).map(async ([name, { weather }]) => {
      let harm: NamedRun["harm"] = {};
      const run = await runOutage(context, {
        observer,
        calmMs: 500,
        drainMs: context.isFull ? 60_000 : 13_000,
        ticksPerS: TICKS_PER_S,
        async fault(parts) {
          await during(parts, weather, faultMs);
          harm = parts.receiver.harm();
        },
      });
      return { name, run, harm };
    }),
  );
}

async function during({ receiver }: OutageParts<TcpProxy>, weather: Weather, ms: number): Promise<void> {
  await receiver.set(weather);
  await sleep(ms);
  await receiver.set({ kind: "clear" });
}

function weatherChecks({ name, run, harm }: NamedRun): Check[] {
  const isDone = WEATHERS[name]!.does.every((how) => (harm[how] ?? 0) > 0);
  return [...outageChecks(run), check("the network did all its harm", isDone, harm)].map((one) => ({
    ...one,
    what: `${name}: ${one.what}`,
  }));
}

function together(runs: readonly NamedRun[]): FaultFigures {
  const each = runs.map(({ run }) => outageFigures(run));
  const most = (key: "p99_us" | "loop_p99_ms" | "rss_peak_mib" | "exit_ms"): number =>
    Math.max(...each.map((one) => one[key] ?? 0));
  return {
    ...sumAccounts(runs.map(({ run }) => run.account)),
    p99_us: most("p99_us"),
    loop_p99_ms: most("loop_p99_ms"),
    rss_peak_mib: most("rss_peak_mib"),
    exit_ms: most("exit_ms"),
    by_weather: Object.fromEntries(
      runs.map(({ name, run: { account, resumedMs, drainS, restarted }, harm }) => {
        const { accepted, delivered, duplicates } = account;
        return [name, { accepted, delivered, duplicates, resumed_ms: resumedMs, drain_s: drainS, restarted, harm }];
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

interface FlappingRun {
  readonly run: OutageRun;
  readonly most: ReturnType<TcpProxy["mostInOneSecond"]>;
}

/** Case 11. */
export const flapping: FaultCase = {
  id: "11",
  title: "Collector that is up 1 s, down 1 s",
  seconds: ({ isFull }) => (isFull ? 320 : 40),
  async run(context) {
    const { ours, stock } = await runBoth(context, (observer) => flap(context, observer), true);
    const more = ({ most }: FlappingRun) => ({ most_in_one_second: most });
    const { account, fault, calm } = ours.run;
    return {
      runs: 1,
      figures: outageFigures(ours.run, more(ours)),
      stock: outageFigures(stock.run, more(stock)),
      checks: [
        ...outageChecks(ours.run),
        check("no retry storm", ours.most.refused <= MAX_REFUSED_A_SECOND, ours.most),
        check("there were tries in vain", ours.most.refused > 0, ours.most),
      ],
      headline: `${triesOf(ours)}, ${account.accepted - account.delivered} of ${account.accepted} lost, ${account.duplicates} twice, CPU ${fault.cpuPercent} % of a core (calm: ${calm.cpuPercent} %)`,
      stockHeadline: `${triesOf(stock)}, ${stock.run.account.silent_loss} of ${stock.run.account.accepted} lost in silence`,
    };
  },
};

async function flap(context: CaseContext, observer: "tracebook" | "stock"): Promise<FlappingRun> {
  const faultMs = context.isFull ? 300_000 : 20_000;
  let proxy: TcpProxy | undefined;
  const run = await runOutage(context, {
    observer,
    calmMs: 3_000,
    drainMs: 15_000,
    async fault({ receiver }) {
      proxy = receiver;
      const endMs = performance.now() + faultMs;
      while (performance.now() < endMs) {
        // A port that is closed would not tell how often somebody knocks.
        await receiver.set({ kind: "resetting" });
        await sleep(1_000);
        await receiver.set({ kind: "clear" });
        await sleep(1_000);
      }
    },
  });
  return { run, most: proxy!.mostInOneSecond() };
}

function triesOf({ most: { tries, refused } }: FlappingRun): string {
  return `in one second ${tries} tries at most, and ${refused} in vain`;
}
