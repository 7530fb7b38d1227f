// Case 21 of the desk: another program reads for so long that the log cannot be carried over, and then one holds the lock.
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CaseContext,
  type CaseOutcome,
  type Check,
  check,
  type FaultCase,
  timeCheck,
} from "../../../node/faults/fault-case.ts";
import type { Account } from "../../../node/faults/harness/account.ts";
import { until } from "../../../node/faults/harness/until.ts";
import { startWorker, type Worker } from "../../../node/faults/harness/worker.ts";
import { type DeskChild, type DeskLook, startDesk } from "../desk/desk-child.ts";
import { deskFigures, NO_STOCK } from "../desk-figures.ts";
import { accountOf, type FileReport, fileChecks, readReport } from "../file-report.ts";
import { ask } from "../load/ask.ts";
import { startAsker } from "../load/asker.ts";
import { createRequestMaker, type RequestMaker } from "../load/numbered-requests.ts";
import { type Sender, startSender, untilTaken } from "../load/sender.ts";
import { withEnd } from "../load/with-end.ts";
import type { HolderOrder } from "../programs/holder.ts";

const MIB = 2 ** 20;
const [RUN, FLOOD_RUN] = [2_101, 2_102] as const;
const ITEMS_PER_S = 4_000;
const LANES = 8;
const PADDING = 2_000;
/** While the lock is held: more than may wait, in requests of half a mebibyte. */
const FLOOD = { items: 200, lanes: 120, itemsPerS: 60_000, requests: 120, pauseMs: 3_000 } as const;
const LOCKED_MS = { short: 8_000, full: 30_000 } as const;
const CALM_MS = 2_000;
/** Beyond that the desk says that its log is long: see long-log.ts. */
const LONG_LOG_BYTES = 128 * MIB;
/** What the log is cut back to once nobody holds it: see open-database.ts of the store. */
const CUT_LOG_BYTES = 64 * MIB;
const LOG_WITHIN_MS = 60_000;
/** Bytes of bodies that the desk has in memory at a time, all of which may wait for the writer. */
const MAX_PENDING_BYTES = 32 * MIB;
/** A stock exporter gives up after ten seconds, and must have had its answer by then. */
const ANSWER_WITHIN_MS = 10_000;
const TAKES_WITHIN_MS = 10_000;
const MAX_LOOP_P99_MS = 50;
const MAX_PAGE_P99_MS = 500;
const DRAIN_MS = 60_000;
const HEALTH_MS = 50;

/** The case. */
export const deskLocked: FaultCase = {
  id: "desk-21",
  title: "Desk's database read for long by another program, then locked by it",
  seconds: ({ isFull }) => (isFull ? 50 : 30),
  run: (context) => withEnd(async (over) => outcome(await lockFile(context, over))),
};

interface LockedRun {
  readonly report: FileReport;
  readonly account: Account;
  readonly lockedMs: number;
  readonly locked: Locked;
  /** What senders were told, by what it said; those without a time to come again; and what was neither 200 nor 503. */
  readonly refused: Readonly<Record<string, number>>;
  readonly unsaid: number;
  readonly wrong: readonly string[];
  /** The longest that one waited for an answer, from when the lock was taken. */
  readonly answerMaxMs: number;
  /** The log when nobody could carry it over, and when nobody held it any more. */
  readonly long: LogFound;
  readonly short: LogFound;
  readonly takenAfterMs: number;
  readonly lines: readonly string[];
}

/** The log, and what the desk says is wrong. */
interface LogFound {
  readonly bytes: number;
  readonly problems: readonly string[];
}

/** What was seen while the lock was held. */
interface Locked {
  readonly look: DeskLook;
  readonly pendingPeak: number;
  /** Of the page: how many, how long 99 of 100 took at most, and what was no answer. */
  readonly asked: { readonly answers: number; readonly p99Ms: number; readonly failures: readonly string[] };
}

async function lockFile({ isFull, folder }: CaseContext, over: AbortSignal): Promise<LockedRun> {
  const lockedMs = LOCKED_MS[isFull ? "full" : "short"];
  const path = join(folder("desk"), "telemetry.db");
  const desk = startDesk({ path });
  const { url } = await desk.opened;
  const makers = [
    createRequestMaker({ run: RUN, padding: PADDING }),
    createRequestMaker({ run: FLOOD_RUN, padding: PADDING, items: FLOOD.items }),
  ] as const;
  const plan = { maker: makers[0], url: () => url, lanes: LANES, itemsPerS: ITEMS_PER_S, over };
  const sender = startSender(plan);
  await sleep(CALM_MS);
  const [reader, writer] = [startHolder(path), startHolder(path)];
  const long = await readUntilLong(reader, path, url);
  await writer.ask("write");
  const { flood, locked } = await watchLocked({ desk, url, sender, maker: makers[1], lockedMs, over });
  await writer.ask("let go");
  await reader.ask("let go");
  const takenAfterMs = await untilTaken(sender);
  const short = await untilShort(path, url);
  const senders = [sender, flood] as const;
  await Promise.all(senders.map((one) => one.finish(DRAIN_MS)));
  await Promise.all([reader, writer].map((holder) => holder.stop()));
  await desk.close();
  const report = await readReport(path);
  const runs = makers.map((maker) => ({ run: maker.run, made: maker.made(), health: undefined }));
  const account = accountOf(report, runs);
  const told = toldTo(senders);
  return { report, account, lockedMs, locked, ...told, long, short, takenAfterMs, lines: desk.lines() };
}

/** Reads from the database until its log has become long. */
async function readUntilLong(reader: Worker<HolderOrder>, path: string, url: string): Promise<LogFound> {
  await reader.ask("read");
  await until("a long log", () => logSize(path) > LONG_LOG_BYTES, { timeoutMs: LOG_WITHIN_MS });
  return lookAtLog(path, url);
}

async function untilShort(path: string, url: string): Promise<LogFound> {
  const isDone = async (): Promise<boolean> => isShort(await lookAtLog(path, url));
  // When it does not come to that, a check says so. An answer of the desk is given again for a second.
  await until("a short log", isDone, { timeoutMs: TAKES_WITHIN_MS, everyMs: 100 }).catch(() => {});
  return lookAtLog(path, url);
}

function isShort(log: LogFound): boolean {
  return log.bytes <= CUT_LOG_BYTES && !isSaid(log);
}

function logSize(path: string): number {
  return statSync(`${path}-wal`).size;
}

async function lookAtLog(path: string, url: string): Promise<LogFound> {
  const { body } = await ask(`${url}/api/telemetry/health`);
  const { problems } = JSON.parse(body.toString()) as { readonly problems: readonly string[] };
  return { bytes: logSize(path), problems };
}

function toldTo(senders: readonly Sender[]): Pick<LockedRun, "refused" | "unsaid" | "wrong" | "answerMaxMs"> {
  const counts = senders.map((one) => one.counts);
  const refused: Record<string, number> = {};
  for (const [said, times] of counts.flatMap((one) => Object.entries(one.refused)))
    refused[said] = (refused[said] ?? 0) + times;
  return {
    refused,
    unsaid: counts.reduce((sum, { unsaid }) => sum + unsaid, 0),
    wrong: counts.flatMap(({ wrong }) => wrong),
    answerMaxMs: Math.max(...senders.map((one) => one.times().max())),
  };
}

function startHolder(path: string): Worker<HolderOrder> {
  return startWorker(new URL("../programs/holder.ts", import.meta.url), "the other program", { args: [path] });
}

interface Watched {
  readonly desk: DeskChild;
  readonly url: string;
  readonly sender: Sender;
  readonly maker: RequestMaker;
  readonly lockedMs: number;
  readonly over: AbortSignal;
}

/** Sends more than the desk can hold while it is locked, asks what a page asks, and looks on. */
async function watchLocked(watched: Watched): Promise<{ flood: Sender; locked: Locked }> {
  const { desk, url, sender, maker, lockedMs, over } = watched;
  await desk.look();
  sender.times();
  const { lanes, itemsPerS, requests: mostRequests, pauseMs } = FLOOD;
  const flood = startSender({ maker, url: () => url, lanes, itemsPerS, mostRequests, pauseMs, over });
  const asker = startAsker(url, over);
  const endMs = performance.now() + lockedMs;
  let pendingPeak = 0;
  while (performance.now() < endMs) {
    pendingPeak = Math.max(pendingPeak, (await desk.health()).pendingBytes);
    await sleep(HEALTH_MS);
  }
  const look = await desk.look();
  await asker.stop();
  const times = asker.times();
  const asked = { answers: times.count, p99Ms: times.percentile(99), failures: asker.failures };
  return { flood, locked: { look, pendingPeak, asked } };
}

function outcome(run: LockedRun): CaseOutcome {
  const { report, account, locked, long, short, takenAfterMs, lockedMs, refused, answerMaxMs } = run;
  const { loopP99Ms, loopMaxMs, rssPeakMib } = locked.look.window;
  const mib = (bytes: number): number => Math.round((10 * bytes) / MIB) / 10;
  return {
    runs: 1,
    figures: deskFigures(account, {
      loop_p99_ms: loopP99Ms,
      loop_max_ms: loopMaxMs,
      rss_peak_mib: rssPeakMib,
      locked_s: lockedMs / 1e3,
      refused,
      answer_max_ms: answerMaxMs,
      asked_while_locked: locked.asked,
      pending_peak_mib: mib(locked.pendingPeak),
      log_peak_mib: mib(long.bytes),
      log_after_mib: mib(short.bytes),
      log_said: long.problems,
      taken_after_ms: takenAfterMs,
    }),
    stock: undefined,
    checks: [...fileChecks(report, account), ...senderChecks(run), ...hostChecks(run), ...logChecks(run)],
    headline: `${account.accepted - account.delivered} of ${account.accepted} lost; event loop p99 ${loopP99Ms} ms; ${locked.asked.answers} questions meanwhile, p99 ${locked.asked.p99Ms} ms; ${countOf(refused)} times 503, senders waited ${answerMaxMs} ms at most, ${mib(locked.pendingPeak)} MiB waited to be written; log ${mib(long.bytes)} MiB and said so, ${mib(short.bytes)} when nobody read any more; takes again after ${takenAfterMs} ms`,
    stockHeadline: NO_STOCK,
  };
}

function countOf(refused: Readonly<Record<string, number>>): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

function senderChecks({ refused, wrong, unsaid, answerMaxMs, takenAfterMs, locked }: LockedRun): Check[] {
  const busy = Object.entries(refused).filter(([said]) => said.includes("database_busy"));
  return [
    check("a locked database is 503, with a time to come again", busy.length > 0 && unsaid === 0, refused),
    check("and nothing but 503", wrong.length === 0, wrong.slice(0, 3)),
    check(
      "what waits is bounded",
      locked.pendingPeak > 0 && locked.pendingPeak <= MAX_PENDING_BYTES,
      locked.pendingPeak,
    ),
    timeCheck(
      "whoever sends is answered before a stock exporter gives up, 10 s",
      answerMaxMs <= ANSWER_WITHIN_MS,
      answerMaxMs,
    ),
    timeCheck("L: it takes again within 10 s of the end of the fault", takenAfterMs <= TAKES_WITHIN_MS, takenAfterMs),
  ];
}

function hostChecks({ locked, lines }: LockedRun): Check[] {
  const { asked, look } = locked;
  const { loopP99Ms } = look.window;
  return [
    check("questions are answered meanwhile", asked.answers > 0 && asked.failures.length === 0, asked),
    timeCheck(`and soon, p99 ${MAX_PAGE_P99_MS} ms at most`, asked.p99Ms <= MAX_PAGE_P99_MS, asked),
    timeCheck(
      `H: the event loop goes on, p99 ${MAX_LOOP_P99_MS} ms late at most`,
      loopP99Ms <= MAX_LOOP_P99_MS,
      loopP99Ms,
    ),
    check("H: nothing throws into the host", lines.length === 1, lines.slice(1, 4)),
  ];
}

function logChecks({ long, short }: LockedRun): Check[] {
  return [
    check("a log that cannot be carried over is said", long.bytes > LONG_LOG_BYTES && isSaid(long), long),
    check("and short again when nobody reads any more", isShort(short), short),
  ];
}

function isSaid({ problems }: LogFound): boolean {
  return problems.some((line) => /log .* \d+ MiB/.test(line));
}
