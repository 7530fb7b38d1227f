// Case 16: the disk fills up while the spool is written to, and is freed again.
import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "../bot/bot.ts";
import { type CaseContext, type CaseOutcome, check, type FaultCase } from "../fault-case.ts";
import { type Account, lossOf } from "../harness/account.ts";
import { spooledOf } from "../harness/health-counts.ts";
import { type OutageRun, runOutage } from "../harness/outage.ts";
import { EVIDENCE_CHECK, outageChecks, outageFigures, rssGrowthOf } from "../harness/outage-oracles.ts";
import { mountSmallDisk, type SmallDisk } from "../harness/small-disk.ts";
import { type SpooledBytes, spooledBytes } from "../harness/spool-folder.ts";
import { until } from "../harness/until.ts";

const DISK_MIB = 64;
/** Small, so that the memory is full soon too. */
const QUEUE_BYTES = "1MiB";
/** Files are a sixteenth of it: several of them before the disk is full. Before that it is never full itself. */
const SPOOL_BYTES = "32MiB";
/** How long the spool fills, and the disk is full then. */
interface Times {
  readonly room: number;
  readonly full: number;
}
/** Longer than what is on the disk can give evidence a place. */
const TIMES_MS: Readonly<Record<"short" | "full", Times>> = {
  short: { room: 6_000, full: 10_000 },
  full: { room: 10_000, full: 60_000 },
};
/** Of what ordinary data had on the disk when it was filled up: it keeps its newest files, which may still be written to. */
const MAX_ORDINARY_LEFT = 0.5;
/**
 * Of RSS, and of what is in use after a collection of garbage. The journal keeps 65,536 records in memory while the same disk is full,
 * about 64 MiB; the lanes have a MiB each, and requests are being made. The long form misses it by RSS (107 to 180 MiB were seen, 57 in use).
 */
const MAX_GROWTH_MIB = 96;
const SAMPLE_MS = 5_000;
/**
 * Of evidence, in terms of the share of ordinary data that is lost; seen: 0.5 to 0.7. Less is not to be had here: what others have on the
 * disk gives way to it and is not enough for all of it, and what was written before the disk was full is delivered in part.
 */
const MAX_EVIDENCE_LOSS = 0.8;
/** A disk that was full is tried again after seconds. */
const WRITES_WITHIN_MS = 10_000;

/** The case. */
export const diskFull: FaultCase = {
  id: "16",
  title: "Disk full while spooling, then freed",
  seconds: ({ isFull }) => (isFull ? 90 : 40),
  async run(context) {
    if (!context.mayMount) return { skip: "this user may not mount a small disk (neither unshare -m nor unshare -rm)" };
    const dir = context.folder("disk");
    const times = TIMES_MS[context.isFull ? "full" : "short"];
    return outcome(await fillDisk(context, dir, mountSmallDisk(dir, DISK_MIB), times), times);
  },
};

interface FullRun {
  readonly run: OutageRun;
  /** Items on disk when it was freed; and more than that, seen before the Collector was back, or undefined. */
  readonly spooled: number;
  readonly spooledAgain: number | undefined;
  /** What was lost while there was room. */
  readonly droppedBefore: object;
  /** What the disk held when it was filled up, and when it was freed. */
  readonly bytesBefore: SpooledBytes;
  readonly bytesFull: SpooledBytes;
}

async function fillDisk(context: CaseContext, dir: string, disk: SmallDisk, { room, full }: Times): Promise<FullRun> {
  let [bytesBefore, bytesFull] = [spooledBytes(dir), spooledBytes(dir)];
  let spooled = 0;
  let spooledAgain: number | undefined;
  let droppedBefore: object = {};
  const run = await runOutage(context, {
    observer: "tracebook",
    dir,
    calmMs: 2_000,
    drainMs: 30_000,
    execArgv: ["--expose-gc"],
    sampleMs: SAMPLE_MS,
    // The journal is on the same disk, and has its own case; what it writes must leave room to see the spool at work.
    env: {
      TELEMETRY_QUEUE_MAX_BYTES: QUEUE_BYTES,
      TELEMETRY_SPOOL_MAX_BYTES: SPOOL_BYTES,
      TELEMETRY_JOURNAL_MAX_BYTES: "8MiB",
    },
    async fault({ receiver, bot }) {
      await receiver.set({ kind: "refusing" });
      await sleep(room);
      droppedBefore = (await bot.status()).health?.dropped ?? {};
      disk.fill();
      bytesBefore = spooledBytes(dir);
      await sleep(full);
      bytesFull = spooledBytes(dir);
      spooled = await spooledNow(bot);
      disk.free();
      const more = async () => ((await spooledNow(bot)) > spooled ? spooledNow(bot) : undefined);
      spooledAgain = await until("writes", more, { timeoutMs: WRITES_WITHIN_MS, everyMs: 100 }).catch(() => undefined);
      await receiver.set({ kind: "clear" });
    },
  });
  return { run, spooled, spooledAgain, droppedBefore, bytesBefore, bytesFull };
}

async function spooledNow(bot: Bot): Promise<number> {
  return spooledOf((await bot.status()).health);
}

function outcome(found: FullRun, times: Times): CaseOutcome {
  const { run, spooled, spooledAgain, droppedBefore } = found;
  const { account } = run;
  const { evidence } = account.by_class;
  const [evidenceLoss, ordinaryLoss] = [lossOf(evidence), lossOf(ordinaryOf(account))];
  const journalDrops = run.report.health?.journal?.dropped.evidence ?? {};
  const dropped = account.accepted - account.delivered;
  const [growth, usedGrowth] = [rssGrowthOf(run), usedGrowthOf(run)];
  const said = (text: string): boolean => run.stderr.includes(text);
  return {
    runs: 1,
    figures: outageFigures(run, {
      full_s: times.full / 1e3,
      bytes_when_filled: found.bytesBefore,
      bytes_when_freed: found.bytesFull,
      disk_mib: DISK_MIB,
      used_growth_mib: usedGrowth,
      evidence_loss: evidenceLoss,
      ordinary_loss: ordinaryLoss,
      spooled_when_freed: spooled,
      spooled_after: spooledAgain ?? null,
    }),
    stock: undefined,
    checks: [
      ...outageChecks(run).filter(({ what }) => what !== EVIDENCE_CHECK),
      check(
        "evidence is lost last: at most four fifths of the share of ordinary data",
        evidenceLoss <= MAX_EVIDENCE_LOSS * ordinaryLoss,
        [evidenceLoss, ordinaryLoss],
      ),
      check(
        "what ordinary data had on the full disk is evidence's",
        found.bytesFull.ordinary <= MAX_ORDINARY_LEFT * found.bytesBefore.ordinary,
        [found.bytesBefore, found.bytesFull],
      ),
      check("the journal has dropped no evidence", Object.keys(journalDrops).length === 0, journalDrops),
      check("nothing is dropped while there is room", Object.keys(droppedBefore).length === 0, droppedBefore),
      check("the disk was full: something had to go", dropped > 0, dropped),
      check("the spool takes writes again once there is room", spooledAgain !== undefined, spooled),
      check("it is said that the spool cannot be written", said("the spool cannot be written"), run.stderr),
      check("it is said what was dropped", said("tracebook: dropped "), run.stderr),
      check("memory is bounded", growth <= MAX_GROWTH_MIB, growth),
      check("memory in use is bounded", usedGrowth <= MAX_GROWTH_MIB, usedGrowth),
    ],
    headline: `${dropped} of ${account.accepted} dropped, all counted: ${percent(evidenceLoss)} of evidence (none in the journal), ${percent(ordinaryLoss)} of the rest; on disk ${spooled} items when it was freed, ${spooledAgain} soon after; items again after ${run.resumedMs} ms`,
    stockHeadline: "has no spool",
  };
}

function ordinaryOf({ by_class: { spans, logs } }: Account) {
  return { accepted: spans.accepted + logs.accepted, delivered: spans.delivered + logs.delivered };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** By how much what is in use was ever beyond what was in use before, in MiB. */
function usedGrowthOf({ samples }: OutageRun): number {
  const used = samples.map(({ usedBytes }) => usedBytes);
  return Math.round((10 * (Math.max(...used) - used[0]!)) / 2 ** 20) / 10;
}
