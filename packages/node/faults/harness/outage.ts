// The life of a bot through one fault: calm, fault, recovery; and what it came to.
import { setTimeout as sleep } from "node:timers/promises";
import { type Bot, type BotReport, startBot } from "../bot/bot.ts";
import type { ObserverName } from "../bot/observer.ts";
import { type WindowFigures, worstWindow } from "../bot/tick-window.ts";
import type { CaseContext } from "../fault-case.ts";
import { type Account, drawAccount } from "./account.ts";
import { type BotSample, sampleBot } from "./bot-samples.ts";
import { exportedOf, spooledOf } from "./health-counts.ts";
import { endBot } from "./live-on.ts";
import type { Receiver } from "./receiver.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { type Sink, type SinkState, startSink } from "./sink.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { until } from "./until.ts";

/** A tick makes two events and two spans: 2,000 events a second. */
const TICKS_PER_S = 1_000;
const WARM_UP_MS = 2_000;
/** Of the stock SDK, which does not say what waits: its batches leave every five seconds at the latest. */
const STOCK_DRAIN_MS = 6_000;

/** What a fault is done to. */
export interface OutageParts<R extends Receiver> {
  readonly sink: Sink;
  /** What lies between bot and sink. */
  readonly receiver: R;
  readonly bot: Bot;
}

/** A fault, and the bot it is done to. */
export interface OutagePlan<R extends Receiver = TcpProxy> {
  readonly observer: ObserverName;
  /** What happens, from its beginning to its end. */
  readonly fault: (parts: OutageParts<R>) => Promise<void>;
  readonly warmUpMs?: number;
  /** All calm stretches together; one unless `calmStretches` says otherwise. */
  readonly calmMs: number;
  readonly calmStretches?: number;
  /** How long what waits may take to arrive afterwards. */
  readonly drainMs: number;
  readonly ticksPerS?: number;
  /** How often the bot is asked how it stands, during the fault; 0: never. Once a second unless given. */
  readonly sampleMs?: number;
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
  /** Milliseconds from the end of the fault until new items arrive and are acknowledged; undefined when that was not seen. */
  readonly resumedMs: number | undefined;
  /** Seconds until nothing waited on disk any more; undefined when that was not seen. */
  readonly drainS: number | undefined;
  readonly stderr: string;
  /** The worst of its stretches. */
  readonly calm: WindowFigures;
  readonly fault: WindowFigures;
  readonly after: WindowFigures;
  /** Of the ticks that were asked for from the beginning of the fault on, the share that was made. */
  readonly load: number;
  /** How the bot stood during the fault. */
  readonly samples: readonly BotSample[];
}

/** Lets a bot live through a fault of the network, or of the sink behind it. */
export function runOutage(context: CaseContext, plan: OutagePlan): Promise<OutageRun> {
  return runThrough(context, plan, (sink) => startTcpProxy(sink.port, createSeededRandom(context.seed)));
}

/** Lets a bot live through a fault of the receiver that it sends to. */
export async function runThrough<R extends Receiver>(
  context: CaseContext,
  plan: OutagePlan<R>,
  startReceiver: (sink: Sink) => Promise<R>,
): Promise<OutageRun> {
  const { observer, env = {}, execArgv = [], dir = context.folder(observer) } = plan;
  const sink = await startSink();
  const receiver = await startReceiver(sink);
  let bot: Bot | undefined;
  try {
    bot = await startBot({ observer, endpoint: receiver.url, dir, env, execArgv });
    return await live({ ...plan, dir, env }, { sink, receiver, bot });
  } finally {
    await bot?.kill();
    await receiver.close();
    await sink.close();
  }
}

async function live<R extends Receiver>(
  plan: OutagePlan<R> & { readonly dir: string; readonly env: Readonly<Record<string, string>> },
  parts: OutageParts<R>,
): Promise<OutageRun> {
  const { sink, receiver, bot } = parts;
  const { ticksPerS = TICKS_PER_S, warmUpMs = WARM_UP_MS, calmMs, calmStretches = 1, sampleMs = 1_000 } = plan;
  await bot.pace(ticksPerS);
  await sleep(warmUpMs);
  for (let i = 0; i < calmStretches; i++) {
    await bot.window("calm");
    await sleep(calmMs / calmStretches);
  }
  await bot.window("fault");
  const samples = await sampleBot(bot, sampleMs, () => plan.fault(parts));
  await bot.window("after");
  const recovery = await recover(plan, parts);
  const { report, heir } = await endBot(bot, { ...plan, endpoint: receiver.url });
  if (receiver.isRelay === true) await standStill(sink, bot.run, report.made);
  const state = await sink.state();
  const windowsOf = (name: string): WindowFigures[] => report.windows.filter((window) => window.name === name);
  const [fault, after] = [worstWindow("fault", windowsOf("fault")), worstWindow("after", windowsOf("after"))];
  return {
    report,
    account: drawAccount([{ run: bot.run, made: report.made, health: report.health }], state.arrivals, heir),
    restarted: heir !== undefined,
    sink: state,
    ...recovery,
    stderr: bot.stderr(),
    calm: worstWindow("calm", windowsOf("calm")),
    fault,
    after,
    load: (fault.ticks + after.ticks) / (fault.seconds + after.seconds) / ticksPerS,
    samples,
  };
}

async function recover<R extends Receiver>({ observer, drainMs }: OutagePlan<R>, { sink, bot }: OutageParts<R>) {
  const endedMs = performance.now();
  const sinceMs = (): number => Math.round(performance.now() - endedMs);
  const stand = async () => ({ items: await sink.items(), exported: exportedOf((await bot.status()).health) });
  const before = await stand();
  // What a kernel had in its buffers arrives as well: it takes an acknowledgement, where the bot tells of any.
  const isAlive = async (): Promise<boolean> => {
    const { items, exported } = await stand();
    return items > before.items && (observer === "stock" || exported > before.exported);
  };
  const resumedMs = await until("an arrival", isAlive, { timeoutMs: drainMs, everyMs: 50 }).then(
    sinceMs,
    () => undefined,
  );
  if (observer === "stock") {
    await sleep(Math.min(STOCK_DRAIN_MS, Math.max(0, drainMs - sinceMs())));
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

/** Longer than a Collector waits before it tries again. */
const STILL_MS = 12_000;
const STILL_WITHIN_MS = 60_000;

/** Waits until all that was made is at the sink, or nothing has come for a while: what is missing then, the balance shows. */
async function standStill(sink: Sink, run: number, made: Readonly<Record<string, number>>): Promise<void> {
  let [items, sinceMs] = [-1, performance.now()];
  const isStill = async (): Promise<boolean> => {
    const state = await sink.state();
    if (state.items !== items) [items, sinceMs] = [state.items, performance.now()];
    const isComplete = Object.entries(made).every(
      ([kind, count]) => (state.arrivals[run]?.[kind]?.distinct ?? 0) >= count,
    );
    return isComplete || performance.now() - sinceMs > STILL_MS;
  };
  await until("the end of arrivals", isStill, { timeoutMs: STILL_WITHIN_MS, everyMs: 200 }).catch(() => {});
}
