// Case 6: every ordinary end of a process, with a Collector that is fine, refuses, or never answers.
import { TICK_KINDS } from "../bot/observer.ts";
import { type CaseContext, type CaseOutcome, check, type FaultCase, type FaultFigures } from "../fault-case.ts";
import { type Account, drawAccount } from "../harness/account.ts";
import { type Ending, type EndingSink, runEnding, SINK_STATES, startEndingSink } from "../harness/ending-run.ts";
import { findSpooled, liveOn } from "../harness/live-on.ts";

const TICKS = 300;
const STARTS_AT_ONCE = 3;
/** The shutdown timeout, and what a loaded machine may take to notice. */
const LIMIT_MS = 3_200;
/** How it ends: what the bot is told, the signal it gets, and how it must be seen to end. */
const ENDS = [
  { name: "SIGTERM", how: "linger", signal: "SIGTERM", by: "SIGTERM" },
  { name: "SIGINT", how: "linger", signal: "SIGINT", by: "SIGINT" },
  { name: "beforeExit", how: "return", signal: undefined, by: "exit code 0" },
  { name: "process.exit(7)", how: "exit", signal: undefined, by: "exit code 7" },
] as const;

type SinkStateName = (typeof SINK_STATES)[number];
type EndPlan = (typeof ENDS)[number];

/** The case. */
export const processEnd: FaultCase = {
  id: "6",
  title: "SIGTERM, SIGINT, beforeExit, process.exit with a Collector that is fast, refuses, is a black hole",
  async run(context) {
    const runs = context.isFull ? 10 : 1;
    const ended: EndedRun[] = [];
    // One at a time: how long it takes is the figure. The next start, which is none, may come with others.
    for (let round = 0; round < runs; round++)
      for (const state of SINK_STATES) for (const end of ENDS) ended.push(await endOurs(context, state, end));
    const ours: EndRun[] = [];
    for (let at = 0; at < ended.length; at += STARTS_AT_ONCE)
      ours.push(...(await Promise.all(ended.slice(at, at + STARTS_AT_ONCE).map(startAgain))));
    // Its timers are what takes its time: nine seconds of waiting need not be waited for one after the other.
    const stockEnds = context.isFull ? ENDS : ENDS.filter(({ name }) => name === "SIGTERM");
    const stock = await Promise.all(
      SINK_STATES.flatMap((state) => stockEnds.map((end) => endStock(context, state, end))),
    );
    return outcome(ours, stock, runs);
  },
};

interface EndRun {
  readonly state: SinkStateName;
  readonly end: EndPlan;
  readonly ending: Ending;
  /** After the next start. */
  readonly account: Account;
  readonly atOnce: number;
}

let run = 6_000;

/** A run that has ended, before the next start. */
interface EndedRun {
  readonly state: SinkStateName;
  readonly end: EndPlan;
  readonly ending: Ending;
  readonly sink: EndingSink;
  readonly dir: string;
  readonly run: number;
}

async function endOurs(context: CaseContext, state: SinkStateName, end: EndPlan): Promise<EndedRun> {
  const dir = context.folder("end");
  const sink = await startEndingSink(state);
  const place = { endpoint: sink.url, dir, run: ++run };
  const ending = await runEnding({ observer: "tracebook", ticks: TICKS, ...end, ...place });
  return { state, end, ending, sink, dir, run };
}

/** Lets what was left on disk arrive, with a Collector that is fine, and draws the balance. */
async function startAgain({ state, end, ending, sink, dir, run: own }: EndedRun): Promise<EndRun> {
  try {
    const made = Object.fromEntries(TICK_KINDS.map((kind) => [kind, TICKS]));
    const atOnce = drawAccount([{ run: own, made, healths: [] }], (await sink.state()).arrivals).delivered;
    await sink.heal();
    const health = findSpooled(dir) ? await liveOn({ endpoint: sink.url, dir, run: own }) : undefined;
    const account = drawAccount([{ run: own, made, healths: [health] }], (await sink.state()).arrivals);
    return { state, end, ending, account, atOnce };
  } finally {
    await sink.close();
  }
}

async function endStock(context: CaseContext, state: SinkStateName, end: EndPlan): Promise<EndRun> {
  const sink = await startEndingSink(state);
  const own = ++run;
  try {
    const place = { endpoint: sink.url, dir: context.folder("stock"), run: own };
    const ending = await runEnding({ observer: "stock", ticks: TICKS, ...end, ...place });
    const made = Object.fromEntries(TICK_KINDS.map((kind) => [kind, TICKS]));
    const account = drawAccount([{ run: own, made, healths: [] }], (await sink.state()).arrivals);
    return { state, end, ending, account, atOnce: account.delivered };
  } finally {
    await sink.close();
  }
}

function outcome(ours: readonly EndRun[], stock: readonly EndRun[], runs: number): CaseOutcome {
  const checks = ours.flatMap(({ state, end, ending, account }) => {
    const where = `${end.name}, ${state}`;
    return [
      check(`${where}: ends as it would without telemetry`, ending.by === end.by, ending.by),
      check(`${where}: within 3.2 s`, ending.afterMs <= LIMIT_MS, ending.afterMs),
      check(`${where}: all is delivered, at once or after the next start`, account.silent_loss === 0, account),
    ];
  });
  return {
    runs,
    figures: figuresOf(ours),
    stock: figuresOf(stock),
    checks,
    headline: `${slowest(ours)} ms at most; ${lostOf(ours)} of ${sumOf(ours, "accepted")} lost, after the next start`,
    stockHeadline: `${slowest(stock)} ms at most, ${lostOf(stock)} of ${sumOf(stock, "accepted")} lost`,
  };
}

function figuresOf(runs: readonly EndRun[]): FaultFigures {
  const rows = Object.groupBy(runs, ({ state, end }) => `${end.name}, ${state}`);
  return {
    accepted: sumOf(runs, "accepted"),
    delivered: sumOf(runs, "delivered"),
    spooled: sumOf(runs, "spooled"),
    dropped_by_reason: {},
    silent_loss: sumOf(runs, "silent_loss"),
    duplicates: sumOf(runs, "duplicates"),
    p99_us: null,
    loop_p99_ms: null,
    rss_peak_mib: null,
    exit_ms: slowest(runs),
    by_end: Object.fromEntries(
      Object.entries(rows).map(([name, some = []]) => [
        name,
        {
          by: some[0]!.ending.by,
          exit_ms: slowest(some),
          delivered_at_once: Math.min(...some.map(({ atOnce }) => atOnce)),
          delivered: Math.min(...some.map(({ account }) => account.delivered)),
        },
      ]),
    ),
  };
}

function slowest(runs: readonly EndRun[]): number {
  return Math.max(...runs.map(({ ending }) => ending.afterMs));
}

function lostOf(runs: readonly EndRun[]): number {
  return sumOf(runs, "accepted") - sumOf(runs, "delivered");
}

function sumOf(
  runs: readonly EndRun[],
  key: "accepted" | "delivered" | "spooled" | "silent_loss" | "duplicates",
): number {
  return runs.reduce((sum, { account }) => sum + account[key], 0);
}
