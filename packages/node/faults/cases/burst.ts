// Cases 4 and 5: a burst of 50,000 spans in one turn of the event loop; a flush with 60,000 queued.
import { setTimeout as sleep } from "node:timers/promises";
import { startBot } from "../bot/bot.ts";
import type { BurstKind, ObserverName } from "../bot/observer.ts";
import {
  type CaseContext,
  type Check,
  check,
  type FaultCase,
  type FaultFigures,
  runBoth,
  timeCheck,
} from "../fault-case.ts";
import { type Account, conservationChecks, drawAccount, droppedOf } from "../harness/account.ts";
import { healthAddsUp } from "../harness/health-counts.ts";
import { endBot } from "../harness/live-on.ts";
import { startSink } from "../harness/sink.ts";

const BURST_SPANS = 50_000;
const FLUSH_SPANS = 60_000;
/** The delay of batches (5 s by default), and what sending takes. */
const LEAVE_MS = 8_000;
/** So that 60,000 are queued there as well: its default holds 2,048. */
const STOCK_QUEUE_SIZE = 65_536;
/** What a flush may take. */
const DEADLINE_MS = 3_000;

/** Case 4. */
export const burst: FaultCase = {
  id: "4",
  title: "50,000 spans in one turn of the event loop",
  seconds: ({ isFull }) => (isFull ? 45 : 30),
  async run(context) {
    const { ours: spans, stock } = await runBoth(context, (who) => burstOnce(context, who, "api_spans", BURST_SPANS));
    const { ours: flows, stock: stockFlows } = await runBoth(context, (who) =>
      burstOnce(context, who, "flows", BURST_SPANS),
    );
    return {
      runs: 2,
      figures: figuresOf(spans, { flows: flows.account, dropped_lines: droppedLines(spans) }),
      stock: figuresOf(stock, { flows: stockFlows.account, dropped_lines: droppedLines(stock) }),
      checks: [...checksOf(spans, "spans"), ...checksOf(flows, "flows")],
      headline: `${fateOf(spans)}; as flows ${fateOf(flows)}`,
      stockHeadline: `${stock.account.delivered} delivered, ${stock.account.silent_loss} lost in silence`,
    };
  },
};

/** Case 5. */
export const flush: FaultCase = {
  id: "5",
  title: "Flush with 60,000 spans queued",
  seconds: () => 15,
  async run(context) {
    const { ours, stock } = await runBoth(context, (who) =>
      burstOnce(context, who, "api_spans", FLUSH_SPANS, { flushes: true, stockQueueSize: STOCK_QUEUE_SIZE }),
    );
    const { delivered } = ours.account;
    return {
      runs: 1,
      figures: figuresOf(ours, { flush_ms: ours.flushMs, delivered_by_flush: ours.deliveredByFlush }),
      stock: figuresOf(stock, { flush_ms: stock.flushMs, delivered_by_flush: stock.deliveredByFlush }),
      checks: [
        ...checksOf(ours, "spans"),
        check("all are delivered when the flush is over", ours.deliveredByFlush === FLUSH_SPANS, ours.deliveredByFlush),
        timeCheck("within the deadline", ours.flushMs <= DEADLINE_MS, ours.flushMs),
      ],
      headline: `${delivered} delivered in ${ours.flushMs} ms`,
      stockHeadline: `${stock.account.delivered} delivered, ${stock.account.silent_loss} lost in silence, with a queue that holds them all`,
    };
  },
};

interface BurstRun {
  readonly account: Account;
  readonly flushMs: number;
  readonly deliveredByFlush: number;
  readonly loopP99Ms: number;
  readonly rssPeakMib: number;
  readonly shutdownMs: number;
  readonly stderr: string;
  readonly addsUp: Check;
}

interface BurstOptions {
  readonly flushes?: boolean;
  readonly stockQueueSize?: number;
}

async function burstOnce(
  context: CaseContext,
  observer: ObserverName,
  what: BurstKind,
  spans: number,
  { flushes = false, stockQueueSize }: BurstOptions = {},
): Promise<BurstRun> {
  const sink = await startSink();
  try {
    const place = { endpoint: sink.url, dir: context.folder("burst") };
    const bot = await startBot({ observer, ...place, stockQueueSize });
    // Compiled before, as in a bot that runs: the burst is what counts.
    await bot.burst(what, 2_000, true);
    await bot.window("burst");
    const before = await sink.items();
    const { flushMs } = await bot.burst(what, spans, flushes);
    const deliveredByFlush = flushes ? (await sink.items()) - before : 0;
    if (!flushes) await sleep(LEAVE_MS);
    const { report, heir } = await endBot(bot, place);
    const { arrivals } = await sink.state();
    const window = report.windows.at(-1)!;
    return {
      account: drawAccount([{ run: bot.run, made: report.made, health: report.health }], arrivals, heir),
      flushMs,
      deliveredByFlush,
      loopP99Ms: window.loopP99Ms,
      rssPeakMib: window.rssPeakMib,
      shutdownMs: report.shutdownMs,
      stderr: bot.stderr(),
      addsUp: healthAddsUp(report.health),
    };
  } finally {
    await sink.close();
  }
}

function figuresOf(run: BurstRun, more: Readonly<Record<string, unknown>>): FaultFigures {
  return {
    ...run.account,
    p99_us: null,
    loop_p99_ms: run.loopP99Ms,
    rss_peak_mib: run.rssPeakMib,
    exit_ms: run.shutdownMs,
    ...more,
  };
}

function checksOf({ account, addsUp, stderr }: BurstRun, what: string): Check[] {
  const isSaid = droppedOf(account) > 0 === /^tracebook: dropped /m.test(stderr);
  return [
    ...conservationChecks(account).map((one) => ({ ...one, what: `${what}: ${one.what}` })),
    check(`${what}: nothing waits in the end`, account.spooled === 0, account.spooled),
    check(`${what}: nothing twice`, account.duplicates === 0, account.duplicates),
    check(`${what}: drops are said, and only drops`, isSaid, stderr),
    addsUp,
  ];
}

function droppedLines({ stderr }: BurstRun): number {
  return stderr.split("\n").filter((line) => line.includes("dropped")).length;
}

function fateOf({ account }: BurstRun): string {
  return `${account.delivered} delivered, ${droppedOf(account)} counted as dropped, ${account.silent_loss} lost in silence`;
}
