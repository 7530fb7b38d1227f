// Case 16: the disk fills up while the spool is written to, and is freed again.
import { setTimeout as sleep } from "node:timers/promises";
import { type CaseContext, type CaseOutcome, check, type FaultCase } from "../fault-case.ts";
import {
  EVIDENCE_CHECK,
  type OutageRun,
  outageChecks,
  outageFigures,
  rssGrowthOf,
  runOutage,
} from "../harness/outage.ts";
import { mountSmallDisk } from "../harness/small-disk.ts";

const DISK_MIB = 64;
/** Small, so that the memory is full soon too. */
const QUEUE_BYTES = "1MiB";
/** Files are a sixteenth of it: several of them before the disk is full. */
const SPOOL_BYTES = "16MiB";
const MAX_RSS_GROWTH_MIB = 64;
const MAX_LOOP_P99_MS = 50;

/** The case. */
export const diskFull: FaultCase = {
  id: "16",
  title: "Disk full while spooling, then freed",
  async run(context) {
    if (!context.mayMount) return { skip: "this user may not mount a small disk (neither unshare -m nor unshare -rm)" };
    return fillDisk(context);
  },
};

async function fillDisk(context: CaseContext): Promise<CaseOutcome> {
  const dir = context.folder("disk");
  const disk = mountSmallDisk(dir, DISK_MIB);
  const fullMs = context.isFull ? 60_000 : 12_000;
  const ours = await runOutage(context, {
    observer: "tracebook",
    dir,
    calmMs: 2_000,
    drainMs: 30_000,
    // The journal is on the same disk, and has its own case; what it writes must leave room to see the spool at work.
    env: {
      TELEMETRY_QUEUE_MAX_BYTES: QUEUE_BYTES,
      TELEMETRY_SPOOL_MAX_BYTES: SPOOL_BYTES,
      TELEMETRY_JOURNAL_MAX_BYTES: "8MiB",
    },
    async fault({ sink }) {
      await sink.refuse();
      await sleep(3_000);
      disk.fill();
      await sleep(fullMs);
      disk.free();
      await sleep(3_000);
      await sink.listen();
    },
  });
  const { account, fault } = ours;
  const { evidence } = account;
  const journalDrops = ours.report.health?.journal?.dropped.evidence ?? {};
  const dropped = account.accepted - account.delivered;
  const growth = rssGrowthOf(ours);
  const said = (text: string): boolean => ours.stderr.includes(text);
  return {
    runs: 1,
    figures: outageFigures(ours, { full_s: fullMs / 1e3, disk_mib: DISK_MIB }),
    stock: undefined,
    checks: [
      ...outageChecks(ours).filter(({ what }) => what !== EVIDENCE_CHECK),
      check("no greater share of evidence is lost than of all", lossOf(evidence) <= lossOf(account), evidence),
      check("the journal has dropped no evidence", Object.keys(journalDrops).length === 0, journalDrops),
      check("the disk was full: something had to go", dropped > 0, dropped),
      check("it is said that the spool cannot be written", said("the spool cannot be written"), ours.stderr),
      check("it is said what was dropped", said("tracebook: dropped "), ours.stderr),
      check("memory is bounded", growth <= MAX_RSS_GROWTH_MIB, growth),
      check("H: the event loop goes on", fault.loopP99Ms <= MAX_LOOP_P99_MS, fault.loopP99Ms),
    ],
    headline: `${dropped} of ${account.accepted} dropped, all counted; evidence over OTLP ${share(ours)}, dropped by the journal: ${Object.keys(journalDrops).length}; items again after ${ours.resumedMs} ms`,
    stockHeadline: "has no spool",
  };
}

function lossOf({ accepted, delivered }: { readonly accepted: number; readonly delivered: number }): number {
  return (accepted - delivered) / accepted;
}

function share({ account: { evidence } }: OutageRun): string {
  return `${((100 * evidence.delivered) / evidence.accepted).toFixed(2)} %`;
}
