// Case 16 of the desk: the disk of its database fills up under load, is cleaned while it is full, fills up again, and is freed.
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toTimestamp } from "@tracebook/core";
import type { CleanUpResult } from "@tracebook/store";
import { type Bot, startBot } from "../../../node/faults/bot/bot.ts";
import {
  type CaseContext,
  type CaseOutcome,
  type Check,
  check,
  type FaultCase,
  timeCheck,
} from "../../../node/faults/fault-case.ts";
import { type Account, conservationChecks, drawAccount, sumAccounts } from "../../../node/faults/harness/account.ts";
import { spooledOf, waitingOf } from "../../../node/faults/harness/health-counts.ts";
import { type BotEnd, endBot } from "../../../node/faults/harness/live-on.ts";
import { mountSmallDisk, type SmallDisk } from "../../../node/faults/harness/small-disk.ts";
import { until } from "../../../node/faults/harness/until.ts";
import { type DeskChild, type DeskLook, startDesk } from "../desk/desk-child.ts";
import { deskFigures, NO_STOCK } from "../desk-figures.ts";
import { accountOf, type FileReport, fileChecks, readReport } from "../file-report.ts";
import { type Asker, startAsker } from "../load/asker.ts";
import { createRequestMaker } from "../load/numbered-requests.ts";
import { refusalsOf, type Sender, type SenderCounts, startSender, untilTaken } from "../load/sender.ts";
import { withEnd } from "../load/with-end.ts";

const DATABASE = "telemetry.db";
/** Room for the reserve, for as much again, without which it is not made, and for a log. */
const DISK_MIB = 192;
const ITEMS_PER_S = 2_000;
const LANES = 4;
/** A tick makes two events and two spans. */
const BOT_TICKS_PER_S = 200;
/** Numbers of ours, beside those of bots. */
const [RUN, OLD_RUN] = [1_601, 1_602] as const;
const OLD_REQUESTS = 120;
const OLD_ITEMS_PER_S = 20_000;
const [OLD_DAYS, KEPT_DAYS, DAY_MS] = [40, 30, 86_400_000] as const;
/** Of the log when the disk is filled up: the more it holds, the more room it takes to clean. It is carried over at 32 MiB. */
const LOG_BYTES = 24 * 2 ** 20;
const PADDING = 600;
const LOG_WITHIN_MS = 30_000;
const FULL_MS = { short: 3_000, full: 30_000 } as const;
/** The oracle L. */
const TAKES_WITHIN_MS = 10_000;
/** The desk asks senders to come again after 15 s when there is no room, and bots do as they are asked. */
const DRAIN_MS = 45_000;
const FULL_WITHIN_MS = 30_000;
const MAX_LOOP_P99_MS = 50;

/** The case. */
export const deskDiskFull: FaultCase = {
  id: "desk-16",
  title: "Disk of the desk's database full in mid run, cleaned while it is full, full again, then freed",
  seconds: ({ isFull }) => (isFull ? 60 : 30),
  async run(context) {
    if (!context.mayMount) return { skip: "this user may not mount a small disk (neither unshare -m nor unshare -rm)" };
    const dir = context.folder("disk");
    const disk = mountSmallDisk(dir, DISK_MIB);
    const desk = startDesk({ path: join(dir, DATABASE) });
    const { url } = await desk.opened;
    const botDir = context.folder("bot");
    const bot = await startBot({ observer: "tracebook", endpoint: url, dir: botDir });
    return withEnd(async (over) => outcome(await fillDisk(context, { dir, disk, desk, url, bot, botDir, over })));
  },
};

interface Parts {
  readonly dir: string;
  readonly disk: SmallDisk;
  readonly desk: DeskChild;
  readonly url: string;
  readonly bot: Bot;
  readonly botDir: string;
  readonly over: AbortSignal;
}

interface FullRun {
  readonly report: FileReport;
  readonly account: Account;
  readonly botAccount: Account;
  readonly old: Readonly<Record<string, number>>;
  readonly cleaned: CleanUpResult;
  readonly counts: Readonly<SenderCounts>;
  /** Until the first request was taken, from the end of the cleaning, and from when the disk was freed. */
  readonly takenAfterCleaningMs: number;
  readonly takenAfterMs: number;
  /** What was asked while there was no room. */
  readonly asked: { readonly answers: number; readonly p99Ms: number; readonly failures: readonly string[] };
  readonly fullLook: DeskLook;
  /** Items that the bot had on disk then. */
  readonly botSpooled: number;
  readonly lines: readonly string[];
}

async function fillDisk({ isFull }: CaseContext, parts: Parts): Promise<FullRun> {
  const { disk, desk, url, bot, dir, over } = parts;
  const old = await sendOld(parts);
  const maker = createRequestMaker({ run: RUN, padding: PADDING });
  const sender = startSender({ maker, url: () => url, lanes: LANES, itemsPerS: ITEMS_PER_S, over });
  await bot.pace(BOT_TICKS_PER_S);
  const log = `${join(dir, DATABASE)}-wal`;
  await until("a long log", () => statSync(log).size > LOG_BYTES, { timeoutMs: LOG_WITHIN_MS });
  await desk.look();
  await fill(disk, sender);
  const asker = startAsker(url, over);
  await sleep(FULL_MS[isFull ? "full" : "short"]);
  const cleaned = await clean(desk);
  const takenAfterCleaningMs = await untilTaken(sender);
  await fill(disk, sender);
  const [fullLook, botFull] = [await desk.look(), await bot.status()];
  await asker.stop();
  disk.free();
  const takenAfterMs = await untilTaken(sender);
  await sender.finish(DRAIN_MS);
  const botEnd = await drainBot(parts);
  await desk.close();
  const report = await readReport(join(dir, DATABASE));
  return {
    report,
    account: accountOf(report, [{ run: RUN, made: maker.made(), health: undefined }]),
    botAccount: accountOfBot(report, bot, botEnd),
    old,
    cleaned,
    counts: sender.counts,
    takenAfterCleaningMs,
    takenAfterMs,
    asked: askedOf(asker),
    fullLook,
    botSpooled: spooledOf(botFull.health),
    lines: desk.lines(),
  };
}

function clean(desk: DeskChild): Promise<CleanUpResult> {
  const kept = toTimestamp((Date.now() - KEPT_DAYS * DAY_MS) * 1_000);
  return desk.cleanUp({ eventsOlderThan: kept, tracesOlderThan: kept });
}

function askedOf(asker: Asker): FullRun["asked"] {
  const times = asker.times();
  return { answers: times.count, p99Ms: times.percentile(99), failures: asker.failures };
}

/** What is too old to be kept; how many of each kind. */
async function sendOld({ url, over }: Parts): Promise<Readonly<Record<string, number>>> {
  const maker = createRequestMaker({ run: OLD_RUN, atMs: () => Date.now() - OLD_DAYS * DAY_MS });
  const plan = { maker, url: () => url, lanes: LANES, itemsPerS: OLD_ITEMS_PER_S, mostRequests: OLD_REQUESTS, over };
  await startSender(plan).done;
  return maker.made();
}

/** Takes all room, and waits until the desk says so. */
async function fill(disk: SmallDisk, { counts }: Sender): Promise<void> {
  const fromMs = performance.now();
  disk.fill();
  // What the log has of the file already it may still use.
  await until("a refusal", () => counts.lastRefusalMs > fromMs, { timeoutMs: FULL_WITHIN_MS });
}

async function drainBot({ url, bot, botDir }: Parts): Promise<BotEnd> {
  await bot.pace(0);
  const isDrained = async (): Promise<boolean> => waitingOf((await bot.status()).health) === 0;
  // When it does not come to that, the balance says so.
  await until("an empty spool", isDrained, { timeoutMs: DRAIN_MS, everyMs: 100 }).catch(() => {});
  return endBot(bot, { endpoint: url, dir: botDir });
}

function accountOfBot(report: FileReport, { run }: Bot, { report: { made, health }, heir }: BotEnd): Account {
  return drawAccount([{ run, made, health }], report.arrivals, heir);
}

function outcome(run: FullRun): CaseOutcome {
  const { account, botAccount, counts, takenAfterMs, asked, cleaned, fullLook, botSpooled } = run;
  const { loopP99Ms, loopMaxMs, rssPeakMib } = fullLook.window;
  const all = sumAccounts([account, botAccount]);
  return {
    runs: 1,
    figures: deskFigures(all, {
      loop_p99_ms: loopP99Ms,
      loop_max_ms: loopMaxMs,
      rss_peak_mib: rssPeakMib,
      disk_mib: DISK_MIB,
      refused: counts.refused,
      cleaned,
      taken_after_cleaning_ms: run.takenAfterCleaningMs,
      taken_after_ms: takenAfterMs,
      asked_while_full: asked,
      bot_spooled_when_freed: botSpooled,
      bot_duplicates: botAccount.duplicates,
    }),
    stock: undefined,
    checks: [...senderChecks(run), ...botChecks(run), ...hostChecks(run)],
    headline: `${all.accepted - all.delivered} of ${all.accepted} lost, ${refusalsOf(counts)} times 503; cleaning the full disk removed ${cleaned.events + cleaned.spans} items; takes again ${takenAfterMs} ms after it was freed; ${asked.answers} questions answered meanwhile, p99 ${asked.p99Ms} ms; of the bot ${botSpooled} items waited on its own disk, ${botAccount.accepted - botAccount.delivered} of ${botAccount.accepted} lost`,
    stockHeadline: NO_STOCK,
  };
}

function senderChecks({ report, account, counts, old, cleaned, takenAfterCleaningMs, takenAfterMs }: FullRun): Check[] {
  const oldEvents = Object.entries(old).reduce((sum, [kind, made]) => sum + (isEvent(kind) ? made : 0), 0);
  const oldSpans = Object.entries(old).reduce((sum, [kind, made]) => sum + (isEvent(kind) ? 0 : made), 0);
  const left = report.arrivals[OLD_RUN] ?? {};
  return [
    ...fileChecks(report, account),
    check(
      "a full disk is 503, with a time to come again",
      refusalsOf(counts) > 0 && counts.unsaid === 0,
      counts.refused,
    ),
    check("and nothing but 503", counts.wrong.length === 0, counts.wrong.slice(0, 3)),
    check(
      "cleaning works on a full disk: what was too old is gone",
      cleaned.events === oldEvents && cleaned.spans === oldSpans && Object.keys(left).length === 0,
      { cleaned, oldEvents, oldSpans, left },
    ),
    timeCheck(
      "L: it takes again within 10 s of a cleaning",
      takenAfterCleaningMs <= TAKES_WITHIN_MS,
      takenAfterCleaningMs,
    ),
    timeCheck("L: and of the end of the fault", takenAfterMs <= TAKES_WITHIN_MS, takenAfterMs),
  ];
}

function isEvent(kind: string): boolean {
  return kind.startsWith("trading.");
}

/** A bot keeps what the desk does not take. */
function botChecks({ botAccount, botSpooled }: FullRun): Check[] {
  const { accepted, delivered, by_class } = botAccount;
  return [
    ...conservationChecks(botAccount).map((one) => ({ ...one, what: `bot: ${one.what}` })),
    check("bot: its own disk was used", botSpooled > 0, botSpooled),
    check("bot: nothing is lost", accepted > 0 && delivered === accepted, by_class),
    check("bot: nothing is in the file twice", botAccount.duplicates === 0, botAccount.duplicates),
  ];
}

function hostChecks({ asked, fullLook, lines }: FullRun): Check[] {
  const { loopP99Ms } = fullLook.window;
  // That the disk is full is no damage, and nothing else is to be said of it.
  const foreign = lines.slice(1);
  return [
    check("questions are answered while it is full", asked.answers > 0 && asked.failures.length === 0, asked),
    timeCheck(
      `H: the event loop goes on, p99 ${MAX_LOOP_P99_MS} ms late at most`,
      loopP99Ms <= MAX_LOOP_P99_MS,
      loopP99Ms,
    ),
    check("H: nothing throws into the host", foreign.length === 0, foreign.slice(0, 3)),
  ];
}
