// Case 12: everything from above in turn, drawn by chance from a seed, for an hour.
import { setTimeout as sleep } from "node:timers/promises";
import type { BotStatus } from "../bot/bot.ts";
import { type CaseContext, check, type FaultCase, runBoth } from "../fault-case.ts";
import { type OutageParts, outageChecks, outageFigures, runOutage } from "../harness/outage.ts";
import { createSeededRandom, type SeededRandom } from "../harness/seeded-random.ts";

/** Bytes an hour; over less than an hour it says nothing, and only a leak that runs shows. */
const MAX_SLOPE_BYTES = 2 ** 20;
const MAX_GROWTH_SHORT_BYTES = 24 * 2 ** 20;
const MAX_NEW_DESCRIPTORS = 12;

/** A fault that lasts for some milliseconds and is over when it resolves. */
type Fault = (parts: OutageParts, ms: number) => Promise<void>;

const FAULTS: Readonly<Record<string, Fault>> = {
  refused: async ({ sink }, ms) => {
    await sink.refuse();
    await sleep(ms);
    await sink.listen();
  },
  stopped: async ({ sink }, ms) => {
    sink.signal("SIGSTOP");
    await sleep(ms);
    sink.signal("SIGCONT");
  },
  "503": (parts, ms) => answering(parts, 503, ms),
  "429": (parts, ms) => answering(parts, 429, ms),
  slow: (parts, ms) => under(parts, { kind: "slow", latencyMs: 2_000, bytesPerS: 1_024 }, ms),
  resets: (parts, ms) => under(parts, { kind: "resets", share: 0.3 }, ms),
  "cut bodies": (parts, ms) => under(parts, { kind: "cut_bodies" }, ms),
  "half-open": (parts, ms) => under(parts, { kind: "half_open" }, ms),
  "black hole": (parts, ms) => under(parts, { kind: "black_hole" }, ms),
  flapping: async ({ proxy }, ms) => {
    for (const endMs = performance.now() + ms; performance.now() < endMs; ) {
      proxy.set({ kind: "refusing" });
      await sleep(500);
      proxy.set({ kind: "clear" });
      await sleep(500);
    }
  },
};

async function answering({ sink }: OutageParts, status: number, ms: number): Promise<void> {
  await sink.answer({ kind: "status", status });
  await sleep(ms);
  await sink.answer({ kind: "take" });
}

async function under({ proxy }: OutageParts, weather: Parameters<typeof proxy.set>[0], ms: number): Promise<void> {
  proxy.set(weather);
  await sleep(ms);
  proxy.set({ kind: "clear" });
}

/** The case. */
export const soak: FaultCase = {
  id: "12",
  title: "Soak with faults by chance, at 2,000 events/s",
  async run(context) {
    const totalMs = context.isFull ? 3_600_000 : 25_000;
    const samples: Sample[] = [];
    const { ours, stock } = await runBoth(
      context,
      (observer) =>
        runOutage(context, {
          observer,
          calmMs: 1_000,
          drainMs: 20_000,
          execArgv: ["--expose-gc"],
          fault: (parts) => storm(context, parts, totalMs, observer === "tracebook" ? samples : []),
        }),
      true,
    );
    const slope = heapSlope(samples);
    const growth = Math.max(...samples.map(({ heapBytes }) => heapBytes)) - samples[0]!.heapBytes;
    const newDescriptors = descriptorsAt(samples, -1) - descriptorsAt(samples, 0);
    const more = { minutes: totalMs / 60_000, heap_slope_mib_per_h: mib(slope), new_descriptors: newDescriptors };
    const foreign = ours.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("tracebook: "));
    return {
      runs: 1,
      figures: outageFigures(ours, { ...more, faults: namesOf(context, totalMs) }),
      stock: outageFigures(stock),
      checks: [
        ...outageChecks(ours),
        context.isFull
          ? check("heap slope after collection below 1 MiB/h", slope < MAX_SLOPE_BYTES, mib(slope))
          : check("heap does not run away", growth < MAX_GROWTH_SHORT_BYTES, mib(growth)),
        check("file descriptors are flat", newDescriptors <= MAX_NEW_DESCRIPTORS, newDescriptors),
        check("H: nothing but Tracebook's lines on stderr", foreign.length === 0, foreign.slice(0, 5)),
      ],
      headline: `${ours.account.accepted - ours.account.delivered} of ${ours.account.accepted} lost in ${more.minutes.toFixed(1)} min, ${ours.account.duplicates} twice, heap ${mib(slope)} MiB/h, descriptors +${newDescriptors}`,
      stockHeadline: `${stock.account.silent_loss} of ${stock.account.accepted} lost in silence`,
    };
  },
};

interface Sample extends Pick<BotStatus, "heapBytes" | "descriptors"> {
  readonly atMs: number;
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

async function storm({ seed, isFull }: CaseContext, parts: OutageParts, totalMs: number, samples: Sample[]) {
  const endMs = performance.now() + totalMs;
  const look = async (): Promise<void> => {
    const { heapBytes, descriptors } = await parts.bot.status();
    samples.push({ heapBytes, descriptors, atMs: performance.now() });
  };
  await look();
  for (const { name, ms, pauseMs } of draw(createSeededRandom(seed), isFull)) {
    await FAULTS[name]!(parts, Math.min(ms, Math.max(0, endMs - performance.now())));
    if (performance.now() >= endMs) break;
    await sleep(pauseMs);
    await look();
  }
  await look();
}

function namesOf({ seed, isFull }: CaseContext, totalMs: number): string[] {
  const names: string[] = [];
  let ms = 0;
  for (const one of draw(createSeededRandom(seed), isFull)) {
    if (ms >= totalMs || names.length >= 40) return names;
    ms += one.ms + one.pauseMs;
    names.push(one.name);
  }
  return names;
}

/** Bytes an hour of the line through the later half of the samples (least squares): the earlier one warms up. */
function heapSlope(samples: readonly Sample[]): number {
  const later = samples.slice(samples.length >> 1);
  const mean = (of: (sample: Sample) => number): number => later.reduce((sum, one) => sum + of(one), 0) / later.length;
  const [atMs, bytes] = [mean((one) => one.atMs), mean((one) => one.heapBytes)];
  const spread = later.reduce((sum, one) => sum + (one.atMs - atMs) ** 2, 0);
  const rise = later.reduce((sum, one) => sum + (one.atMs - atMs) * (one.heapBytes - bytes), 0);
  return spread === 0 ? 0 : (rise / spread) * 3_600_000;
}

function descriptorsAt(samples: readonly Sample[], at: number): number {
  return samples.at(at)?.descriptors ?? 0;
}

function mib(bytes: number): number {
  return Math.round((10 * bytes) / 2 ** 20) / 10;
}
