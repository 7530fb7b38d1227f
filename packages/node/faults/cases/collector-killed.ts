// Case 3b: the real Collector, with the configuration that operators deploy, stopped for a while and killed twice, at 2,000 events/s.
import { setTimeout as sleep } from "node:timers/promises";
import { type Bot, type BotReport, startBot } from "../bot/bot.ts";
import type { ObserverName } from "../bot/observer.ts";
import type { WindowFigures } from "../bot/tick-window.ts";
import { type CaseContext, type CaseOutcome, check, type FaultCase, runBoth } from "../fault-case.ts";
import { type Account, drawAccount, healthAddsUp, waitingOf } from "../harness/account.ts";
import { TICKS_PER_S } from "../harness/outage.ts";
import { startRealCollector } from "../harness/real-collector.ts";
import { type Sink, startSink } from "../harness/sink.ts";
import { until } from "../harness/until.ts";

const MAX_RSS_GROWTH_MIB = 64;
const CALM_MS = 3_000;
/** Between two kills, and after the last one. */
const BETWEEN_MS = 2_000;
const DRAIN_MS = 60_000;

/** The case. */
export const collectorKilled: FaultCase = {
  id: "3b",
  title: "Real Collector stopped, then killed -9 twice, at 2,000 events/s",
  async run(context) {
    const { collector } = context;
    if (collector === undefined) return { skip: "TRACEBOOK_COLLECTOR does not name the program of a Collector" };
    const { ours, stock } = await runBoth(context, (observer) => killOnce(context, collector, observer));
    return outcome(ours, stock);
  },
};

interface KilledRun {
  readonly report: BotReport;
  readonly account: Account;
  readonly calm: WindowFigures;
  readonly fault: WindowFigures;
}

async function killOnce(context: CaseContext, program: string, observer: ObserverName): Promise<KilledRun> {
  const sink = await startSink();
  const collector = await startRealCollector(program, { sinkUrl: sink.url, folder: context.folder("collector") });
  let bot: Bot | undefined;
  try {
    bot = await startBot({ observer, endpoint: collector.url, dir: context.folder("bot") });
    await bot.pace(TICKS_PER_S);
    await sleep(2_000);
    await bot.window("calm");
    await sleep(CALM_MS);
    await bot.window("fault");
    await collector.stop();
    await sleep(context.isFull ? 60_000 : 15_000);
    await collector.start();
    for (let kill = 0; kill < 2; kill++) {
      await sleep(BETWEEN_MS);
      await collector.kill();
      await collector.start();
    }
    await sleep(BETWEEN_MS);
    await bot.pace(0);
    await bot.window("after");
    const { made } = await bot.status();
    await arrivedAll(observer, bot, sink, made);
    const report = await bot.end();
    const { arrivals } = await sink.state();
    const windowOf = (name: string): WindowFigures => report.windows.find((window) => window.name === name)!;
    return {
      report,
      account: drawAccount([{ run: bot.run, made: report.made, healths: [report.health] }], arrivals),
      calm: windowOf("calm"),
      fault: windowOf("fault"),
    };
  } finally {
    await bot?.kill();
    await collector.kill();
    await sink.close();
  }
}

/** Waits until everything has come; what does not, the balance shows. */
async function arrivedAll(observer: ObserverName, bot: Bot, sink: Sink, made: Readonly<Record<string, number>>) {
  const isThere = async (): Promise<boolean> => {
    const { arrivals } = await sink.state();
    const { delivered, accepted } = drawAccount([{ run: bot.run, made, healths: [undefined] }], arrivals);
    return delivered === accepted;
  };
  const isSettled = async (): Promise<boolean> => {
    const items = await sink.items();
    await sleep(3_000);
    return waitingOf((await bot.status()).health) === 0 && (await sink.items()) === items;
  };
  const timeoutMs = observer === "stock" ? 8_000 : DRAIN_MS;
  await until("all", async () => (await isThere()) || (await isSettled()), { timeoutMs, everyMs: 200 }).catch(() => {});
}

function outcome(ours: KilledRun, stock: KilledRun): CaseOutcome {
  const { account, calm, fault } = ours;
  const { evidence } = account;
  const growth = Math.round(fault.rssPeakMib - calm.rssPeakMib);
  const figures = ({ account: { evidence: proof, outOfOrder, missing, ...balance }, ...run }: KilledRun) => ({
    ...balance,
    p99_us: run.fault.p99Us,
    loop_p99_ms: run.fault.loopP99Ms,
    rss_peak_mib: run.fault.rssPeakMib,
    exit_ms: run.report.shutdownMs,
    evidence_accepted: proof.accepted,
    evidence_delivered: proof.delivered,
    out_of_order: outOfOrder,
    missing,
    p999_us: { calm: run.calm.p999Us, fault: run.fault.p999Us },
    rss_growth_mib: Math.round(run.fault.rssPeakMib - run.calm.rssPeakMib),
  });
  return {
    runs: 1,
    figures: figures(ours),
    stock: figures(stock),
    checks: [
      check("all evidence is at the sink", evidence.delivered === evidence.accepted, evidence),
      check("accepted = delivered + dropped, at the sink", account.silent_loss === 0, account),
      healthAddsUp(ours.report.health),
      check("duplicates below 1 %", account.duplicates < account.accepted / 100, account.duplicates),
      check("RSS of the trader +64 MiB at most", growth <= MAX_RSS_GROWTH_MIB, growth),
    ],
    headline: `evidence ${evidence.delivered} of ${evidence.accepted}, all ${account.delivered} of ${account.accepted}, ${account.duplicates} twice, RSS +${growth} MiB, p99.9 in tick ${fault.p999Us} us (calm: ${calm.p999Us})`,
    stockHeadline: `${stock.account.silent_loss} of ${stock.account.accepted} lost in silence`,
  };
}
