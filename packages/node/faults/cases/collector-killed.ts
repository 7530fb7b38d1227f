// Case 3b: the real Collector, with the configuration that operators deploy, stopped for a while and killed twice, at 2,000 events/s.
import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "../bot/bot.ts";
import { LOG_KINDS, type ObserverName } from "../bot/observer.ts";
import { type CaseContext, type CaseOutcome, check, type FaultCase, runBoth } from "../fault-case.ts";
import { droppedOf } from "../harness/account.ts";
import { type OutageParts, type OutageRun, runThrough } from "../harness/outage.ts";
import { disturbedOf, outageChecks, outageFigures, rssGrowthOf } from "../harness/outage-oracles.ts";
import { type RealCollector, startRealCollector } from "../harness/real-collector.ts";
import type { Sink } from "../harness/sink.ts";
import { until } from "../harness/until.ts";
import { CALM_STRETCHES, FULL_WARM_UP_MS, inTickCheck } from "./collector-away.ts";

const MAX_RSS_GROWTH_MIB = 64;
const KILLS = 2;
/** Log records that the Collector has acknowledged and not handed on, when it is killed. */
const MIN_HELD = 500;
/** The bot pauses for up to six seconds after an outage; then the records are there within one. */
const HELD_WITHIN_MS = 15_000;
/** The stock SDK does not say what was acknowledged. */
const STOCK_HELD_MS = 5_000;

/** The case. */
export const collectorKilled: FaultCase = {
  id: "3b",
  title: "Real Collector stopped, then killed -9 twice while it holds what it has acknowledged, at 2,000 events/s",
  seconds: ({ isFull }) => (isFull ? 330 : 60),
  async run(context) {
    const { collector } = context;
    if (collector === undefined) return { skip: "TRACEBOOK_COLLECTOR does not name the program of a Collector" };
    const { ours, stock } = await runBoth(context, (observer) => killTwice(context, collector, observer));
    return outcome(context, ours, stock);
  },
};

interface KilledRun {
  readonly run: OutageRun;
  /** Log records that each kill hit. */
  readonly held: readonly number[];
}

async function killTwice(context: CaseContext, program: string, observer: ObserverName): Promise<KilledRun> {
  const { isFull } = context;
  const held: number[] = [];
  const run = await runThrough<RealCollector>(
    context,
    {
      observer,
      ...(isFull ? { warmUpMs: FULL_WARM_UP_MS, calmStretches: CALM_STRETCHES } : {}),
      calmMs: isFull ? 30_000 : 3_000,
      drainMs: isFull ? 60_000 : 20_000,
      async fault(parts) {
        const { receiver: collector } = parts;
        await collector.stop();
        await sleep(isFull ? 60_000 : 10_000);
        await collector.start();
        for (let kill = 0; kill < KILLS; kill++) held.push(await killFull(parts));
      },
    },
    (sink) => startRealCollector(program, { sinkUrl: sink.url, folder: context.folder("collector") }),
  );
  return { run, held };
}

/** Kills the Collector while it holds what it has acknowledged, and starts it again; how many log records that were. */
async function killFull({ sink, receiver: collector, bot }: OutageParts<RealCollector>): Promise<number> {
  await sink.answer({ kind: "status", status: 503 });
  if (bot.observer === "stock") await sleep(STOCK_HELD_MS);
  else {
    const isFull = async (): Promise<boolean> => (await heldLogs(bot, sink)) > MIN_HELD;
    // When it does not come to that, a check says so.
    await until("records in the Collector", isFull, { timeoutMs: HELD_WITHIN_MS, everyMs: 100 }).catch(() => {});
  }
  await collector.kill();
  // Nothing comes to the sink meanwhile, and whatever the bot was told before the kill it knows by now.
  const held = bot.observer === "stock" ? 0 : await heldLogs(bot, sink);
  await sink.answer({ kind: "take" });
  await collector.start();
  return held;
}

/** Log records that the bot was told to be taken, and that are not at the sink. */
async function heldLogs(bot: Bot, sink: Sink): Promise<number> {
  const [{ arrivals }, { health }] = [await sink.state(), await bot.status()];
  const arrived = LOG_KINDS.reduce((sum, kind) => sum + (arrivals[bot.run]?.[kind]?.distinct ?? 0), 0);
  return (health?.logs?.exported ?? 0) - arrived;
}

function outcome({ isFull }: CaseContext, ours: KilledRun, stock: KilledRun): CaseOutcome {
  const { account, calm } = ours.run;
  const { evidence } = account.by_class;
  const growth = rssGrowthOf(ours.run);
  const { p999Us } = disturbedOf(ours.run);
  const { account: stockAccount } = stock.run;
  return {
    runs: 1,
    figures: outageFigures(ours.run, { held_at_kill: ours.held }),
    stock: outageFigures(stock.run),
    checks: [
      ...outageChecks(ours.run),
      check(
        "each kill hits acknowledged records",
        ours.held.length === KILLS && ours.held.every((n) => n > MIN_HELD),
        ours.held,
      ),
      check("duplicates below 1 %", account.duplicates < account.accepted / 100, account.duplicates),
      check("RSS of the trader +64 MiB at most", growth <= MAX_RSS_GROWTH_MIB, growth),
      inTickCheck(isFull, ours.run),
    ],
    headline: `evidence ${evidence.delivered} of ${evidence.accepted}, all ${account.delivered} of ${account.accepted}, ${droppedOf(account)} dropped, ${account.duplicates} twice; the kills hit ${ours.held.join(" and ")} acknowledged log records; RSS +${growth} MiB, p99.9 in tick ${p999Us} us (calm: ${calm.p999Us})`,
    stockHeadline: `${stockAccount.silent_loss} of ${stockAccount.accepted} lost in silence`,
  };
}
