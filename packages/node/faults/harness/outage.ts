// The life of a bot through one fault: calm, fault, recovery; and what it came to.
import { setTimeout as sleep } from "node:timers/promises";
import { type Bot, type BotReport, startBot } from "../bot/bot.ts";
import type { ObserverName } from "../bot/observer.ts";
import type { WindowFigures } from "../bot/tick-window.ts";
import { type CaseContext, type Check, check, type FaultFigures } from "../fault-case.ts";
import { type Account, drawAccount, healthAddsUp, spooledOf, waitingOf } from "./account.ts";
import { liveOn } from "./live-on.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { type Sink, type SinkState, startSink } from "./sink.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { until } from "./until.ts";

/** A tick makes two events and two spans: 2,000 events a second. */
export const TICKS_PER_S = 1_000;
/** New items must arrive this soon after the end of a fault (oracle L), and what a loaded machine may take to notice. */
const LIVENESS_MS = 10_000;
const SLACK_MS = 1_000;
const WARM_UP_MS = 2_000;
const FULL_WARM_UP_MS = 10_000;

/** What a fault is done to. */
export interface OutageParts {
  readonly sink: Sink;
  readonly proxy: TcpProxy;
  readonly bot: Bot;
}

/** A fault, and the bot it is done to. */
export interface OutagePlan {
  readonly observer: ObserverName;
  /** What happens, from its beginning to its end. */
  readonly fault: (parts: OutageParts) => Promise<void>;
  readonly calmMs: number;
  /** How long what waits may take to arrive afterwards. */
  readonly drainMs: number;
  readonly ticksPerS?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly execArgv?: readonly string[];
  /** Where the bot writes; a new folder unless given. */
  readonly dir?: string;
}

/** What came of it. */
export interface OutageRun {
  readonly report: BotReport;
  readonly account: Account;
  /** Something was left for a second process of the same service. */
  readonly restarted: boolean;
  readonly sink: SinkState;
  /** Milliseconds from the end of the fault to the next arrival; undefined when there was none. */
  readonly resumedMs: number | undefined;
  /** Seconds until nothing waited on disk any more; undefined when that was not seen. */
  readonly drainS: number | undefined;
  readonly mostInOneSecond: ReturnType<TcpProxy["mostInOneSecond"]>;
  readonly stderr: string;
  readonly calm: WindowFigures;
  readonly fault: WindowFigures;
  readonly after: WindowFigures;
}

/** Lets a bot live through a fault. */
export async function runOutage(context: CaseContext, plan: OutagePlan): Promise<OutageRun> {
  const { observer, env = {}, execArgv = [], dir = context.folder(observer) } = plan;
  const sink = await startSink();
  const proxy = await startTcpProxy(sink.port, createSeededRandom(context.seed));
  let bot: Bot | undefined;
  try {
    bot = await startBot({ observer, endpoint: proxy.url, dir, env, execArgv });
    return await live(context, { ...plan, dir }, { sink, proxy, bot });
  } finally {
    await bot?.kill();
    await proxy.close();
    await sink.close();
  }
}

async function live(
  { isFull }: CaseContext,
  plan: OutagePlan & { readonly dir: string },
  parts: OutageParts,
): Promise<OutageRun> {
  const { sink, proxy, bot } = parts;
  await bot.pace(plan.ticksPerS ?? TICKS_PER_S);
  await sleep(isFull ? FULL_WARM_UP_MS : WARM_UP_MS);
  await bot.window("calm");
  await sleep(plan.calmMs);
  await bot.window("fault");
  await plan.fault(parts);
  await bot.window("after");
  const recovery = await recover(plan, parts);
  const report = await bot.end();
  const healths = [report.health];
  // What hung in a connection at the end is on disk: the next process of this service sends it.
  if (waitingOf(report.health) > 0) healths.push(await liveOn({ ...plan, endpoint: proxy.url, run: bot.run }));
  const state = await sink.state();
  const windowOf = (name: string): WindowFigures => report.windows.find((window) => window.name === name)!;
  return {
    report,
    account: drawAccount([{ run: bot.run, made: report.made, healths }], state.arrivals),
    restarted: healths.length > 1,
    sink: state,
    ...recovery,
    mostInOneSecond: proxy.mostInOneSecond(),
    stderr: bot.stderr(),
    calm: windowOf("calm"),
    fault: windowOf("fault"),
    after: windowOf("after"),
  };
}

async function recover({ observer, drainMs }: OutagePlan, { sink, bot }: OutageParts) {
  const endedMs = performance.now();
  const items = await sink.items();
  const sinceMs = (): number => Math.round(performance.now() - endedMs);
  const resumedMs = await until("an arrival", async () => (await sink.items()) > items, { timeoutMs: drainMs }).then(
    sinceMs,
    () => undefined,
  );
  if (observer === "stock") {
    // It says nothing about what waits; its batches leave every five seconds at the latest.
    await sleep(Math.min(6_000, Math.max(0, drainMs - sinceMs())));
    return { resumedMs, drainS: undefined };
  }
  const isDrained = async (): Promise<boolean> => spooledOf((await bot.status()).health) === 0;
  const drainS = await until("an empty spool", isDrained, { timeoutMs: drainMs, everyMs: 100 }).then(
    () => Math.round(sinceMs() / 100) / 10,
    () => undefined,
  );
  await sleep(1_000);
  return { resumedMs, drainS };
}

/** The figures of a run in the shape all cases have; `more` is what only this one has. */
export function outageFigures(run: OutageRun, more: Readonly<Record<string, unknown>> = {}): FaultFigures {
  const { account, fault, calm, after, report } = run;
  const { evidence, outOfOrder, missing, ...balance } = account;
  return {
    ...balance,
    p99_us: fault.p99Us,
    loop_p99_ms: fault.loopP99Ms,
    rss_peak_mib: Math.max(fault.rssPeakMib, after.rssPeakMib),
    exit_ms: report.shutdownMs,
    evidence_accepted: evidence.accepted,
    evidence_delivered: evidence.delivered,
    out_of_order: outOfOrder,
    missing,
    resumed_ms: run.resumedMs ?? null,
    drain_s: run.drainS ?? null,
    restarted: run.restarted,
    p999_us: { calm: calm.p999Us, fault: fault.p999Us, after: after.p999Us },
    rss_growth_mib: rssGrowthOf(run),
    cpu_percent: { calm: calm.cpuPercent, fault: fault.cpuPercent, after: after.cpuPercent },
    ...more,
  };
}

/** By how much memory was beyond that of calm times. */
export function rssGrowthOf({ calm, fault, after }: OutageRun): number {
  return Math.round((Math.max(fault.rssPeakMib, after.rssPeakMib) - calm.rssPeakMib) * 10) / 10;
}

/** The check that a fault too long for disk and memory cannot keep. */
export const EVIDENCE_CHECK = "all evidence is delivered";

/** The oracles C and L, for a run whose receiver is back in the end. */
export function outageChecks(run: OutageRun): Check[] {
  const { account, resumedMs } = run;
  const isAlive = resumedMs !== undefined && resumedMs <= LIVENESS_MS + SLACK_MS;
  return [
    check("C: accepted = delivered + spooled + dropped", account.silent_loss === 0, account.silent_loss),
    healthAddsUp(run.report.health),
    check(EVIDENCE_CHECK, account.evidence.delivered === account.evidence.accepted, account.evidence),
    check("L: items arrive again within 10 s", isAlive, resumedMs),
    check("what waited is drained", run.drainS !== undefined && account.spooled === 0, account.spooled),
  ];
}
