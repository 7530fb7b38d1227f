// Case 6: every ordinary end of a process, with a Collector that is fine, refuses, or never answers.
import { TICK_KINDS } from "../bot/observer.ts";
import {
  type CaseContext,
  type CaseOutcome,
  type Check,
  check,
  type FaultCase,
  type FaultFigures,
  timeCheck,
} from "../fault-case.ts";
import { type Account, conservationChecks, drawAccount, sumAccounts } from "../harness/account.ts";
import { type Ending, type EndingSink, runEnding, SINK_STATES, startEndingSink } from "../harness/ending-run.ts";
import { liveOn } from "../harness/live-on.ts";
import { findSpooled } from "../harness/spool-folder.ts";

const TICKS = 300;
const FULL_ROUNDS = 10;
const STARTS_AT_ONCE = 3;
/** The shutdown timeout, and what a loaded machine may take to notice. */
const LIMIT_MS = 3_200;
/** How it ends: what the bot is told, the signal it gets, and how it must be seen to end. An end that `waits` lets telemetry finish. */
const ENDS = [
  { name: "SIGTERM", how: "linger", signal: "SIGTERM", by: "SIGTERM", waits: true },
  { name: "SIGINT", how: "linger", signal: "SIGINT", by: "SIGINT", waits: true },
  { name: "beforeExit", how: "return", signal: undefined, by: "exit code 0", waits: true },
  { name: "process.exit(7)", how: "exit", signal: undefined, by: "exit code 7", waits: false },
] as const;

type SinkStateName = (typeof SINK_STATES)[number];
type EndPlan = (typeof ENDS)[number];

/** The case. */
export const processEnd: FaultCase = {
  id: "6",
  title: "SIGTERM, SIGINT, beforeExit, process.exit with a Collector that is fast, refuses, is a black hole",
  seconds: ({ isFull }) => (isFull ? 380 : 60),
  async run(context) {
    const rounds = context.isFull ? FULL_ROUNDS : 1;
    const ours: EndRun[] = [];
    for (let round = 0; round < rounds; round++) ours.push(...(await endEach(context)));
    // Its timers are what takes its time: nine seconds of waiting need not be waited for one after the other.
    const stockEnds = context.isFull ? ENDS : ENDS.filter(({ name }) => name === "SIGTERM");
    const stock = await Promise.all(
      SINK_STATES.flatMap((state) => stockEnds.map((end) => endStock(context, state, end))),
    );
    return outcome(ours, stock, rounds);
  },
};

/** One at a time: how long it takes is the figure. The next start, which is none, may come with others. */
async function endEach(context: CaseContext): Promise<EndRun[]> {
  const ended: EndedRun[] = [];
  for (const state of SINK_STATES) for (const end of ENDS) ended.push(await endOurs(context, state, end));
  const ours: EndRun[] = [];
  for (let at = 0; at < ended.length; at += STARTS_AT_ONCE)
    ours.push(...(await Promise.all(ended.slice(at, at + STARTS_AT_ONCE).map(startAgain))));
  return ours;
}

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
    const atOnce = drawAccount([{ run: own, made, health: undefined }], (await sink.state()).arrivals).delivered;
    await sink.heal();
    const health = findSpooled(dir) ? await liveOn({ endpoint: sink.url, dir, run: own }) : undefined;
    const account = drawAccount([{ run: own, made, health: undefined }], (await sink.state()).arrivals, health);
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
    const account = drawAccount([{ run: own, made, health: undefined }], (await sink.state()).arrivals);
    return { state, end, ending, account, atOnce: account.delivered };
  } finally {
    await sink.close();
  }
}

function outcome(ours: readonly EndRun[], stock: readonly EndRun[], runs: number): CaseOutcome {
  const lost = ({ accepted, delivered }: FaultFigures): string => `${accepted - delivered} of ${accepted} lost`;
  const [figures, stockFigures] = [figuresOf(ours), figuresOf(stock)];
  return {
    runs,
    figures,
    stock: stockFigures,
    checks: ours.flatMap(checksOf),
    headline: `${slowest(ours)} ms at most; ${lost(figures)}, after the next start`,
    stockHeadline: `${slowest(stock)} ms at most, ${lost(stockFigures)}`,
  };
}

function checksOf({ state, end, ending, account, atOnce }: EndRun): Check[] {
  // Nobody who ends at once can hear whether what is under way arrives.
  const mustArrive = state === "fast" && end.waits;
  return [
    check("ends as it would without telemetry", ending.by === end.by, ending.by),
    timeCheck("within 3.2 s", ending.afterMs <= LIMIT_MS, ending.afterMs),
    ...conservationChecks(account),
    check("all is delivered, at once or after the next start", account.delivered === account.accepted, account),
    check("all has arrived before it ends", !mustArrive || atOnce === account.accepted, atOnce),
    check("nothing twice", !mustArrive || account.duplicates === 0, account.duplicates),
  ].map((one) => ({ ...one, what: `${end.name}, ${state}: ${one.what}` }));
}

function figuresOf(runs: readonly EndRun[]): FaultFigures {
  const rows = Object.groupBy(runs, ({ state, end }) => `${end.name}, ${state}`);
  return {
    ...sumAccounts(runs.map(({ account }) => account)),
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
          duplicates: Math.max(...some.map(({ account }) => account.duplicates)),
        },
      ]),
    ),
  };
}

function slowest(runs: readonly EndRun[]): number {
  return Math.max(...runs.map(({ ending }) => ending.afterMs));
}
