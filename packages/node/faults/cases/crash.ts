// Cases 7 and 7b: crashes of the host: what they look like, and what is left of the last moments.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TICK_KINDS } from "../bot/observer.ts";
import { type CaseContext, type CaseOutcome, type Check, check, type FaultCase } from "../fault-case.ts";
import { type Account, conservationChecks, drawAccount, sumAccounts } from "../harness/account.ts";
import { type Ending, runEnding, startEndingSink } from "../harness/ending-run.ts";
import { liveOn } from "../harness/live-on.ts";
import { numberedTraceId } from "../harness/numbered-id.ts";
import { findSpooled } from "../harness/spool-folder.ts";

const TICKS = 100;
const FULL_ROUNDS = 10;

/** A way to crash. */
interface CrashPlan {
  readonly name: string;
  readonly how: string;
  readonly execArgv: readonly string[];
}

/** In which JavaScript still has a say. */
const WITH_LAST_WORD: readonly CrashPlan[] = [
  { name: "uncaughtException", how: "throw", execArgv: [] },
  { name: "unhandledRejection", how: "reject", execArgv: [] },
];
const WITHOUT: readonly CrashPlan[] = [
  { name: "out of memory", how: "out-of-memory", execArgv: ["--max-old-space-size=64"] },
  { name: "process.abort", how: "abort", execArgv: [] },
];

/** Case 7. */
export const crash: FaultCase = {
  id: "7",
  title: "uncaughtException, unhandledRejection",
  seconds: ({ isFull }) => (isFull ? 20 : 2),
  async run(context) {
    const found = await crashAll(context, WITH_LAST_WORD);
    const decisions = found.filter((one) => one.hasLastDecision).length;
    return {
      ...outcome(found, (one) => [
        check(`${one.plan.name}: the last decision is in the journal`, one.hasLastDecision),
        ...conservationChecks(one.account).map((held) => ({ ...held, what: `${one.plan.name}: ${held.what}` })),
        check(
          `${one.plan.name}: all arrives after the next start`,
          one.account.delivered === one.account.accepted,
          one.account,
        ),
      ]),
      headline: `last order in the journal ${ordersOf(found)} of ${found.length}, last decision ${decisions} of ${found.length}, ${lostText(found)}`,
    };
  },
};

/** Case 7b. */
export const sudden: FaultCase = {
  id: "7b",
  title: "Out of memory, process.abort: no JavaScript has a last word",
  seconds: ({ isFull }) => (isFull ? 20 : 2),
  async run(context) {
    const found = await crashAll(context, WITHOUT);
    return {
      // What is in memory is gone; what is evidence was with the operating system when the call returned.
      ...outcome(found, () => []),
      headline: `last order in the journal ${ordersOf(found)} of ${found.length}; over OTLP ${lostText(found)}`,
    };
  },
};

async function crashAll(context: CaseContext, plans: readonly CrashPlan[]): Promise<CrashRun[]> {
  const found: CrashRun[] = [];
  const rounds = context.isFull ? FULL_ROUNDS : 1;
  for (let round = 0; round < rounds; round++) for (const plan of plans) found.push(await crashOnce(context, plan));
  return found;
}

/** What both cases tell; `more` are the checks of one of them. */
function outcome(found: readonly CrashRun[], more: (one: CrashRun) => Check[]): Omit<CaseOutcome, "headline"> {
  const [ours, stock] = [sumAccounts(found.map((one) => one.account)), sumAccounts(found.map((one) => one.stock))];
  const decisions = found.filter((one) => one.hasLastDecision).length;
  return {
    runs: found.length,
    figures: { ...ours, ...NOT_MEASURED, last_order_survived: ordersOf(found), last_decision_survived: decisions },
    stock: { ...stock, ...NOT_MEASURED },
    checks: found.flatMap((one) => {
      const { plan, ending, twin, hasLastOrder } = one;
      return [
        check(`${plan.name}: ends as it would without telemetry`, ending.by === twin.by, [ending.by, twin.by]),
        check(`${plan.name}: says what it would without telemetry`, saysTheSame(ending, twin), ending.stderr),
        check(`${plan.name}: the last order request is in the journal`, hasLastOrder),
        check(`${plan.name}: nothing arrives twice`, one.account.duplicates === 0, one.account.duplicates),
        ...more(one),
      ];
    }),
    stockHeadline: `${stock.silent_loss} of ${stock.accepted} lost in silence`,
  };
}

function ordersOf(found: readonly CrashRun[]): number {
  return found.filter((one) => one.hasLastOrder).length;
}

function lostText(found: readonly CrashRun[]): string {
  const { silent_loss, accepted } = sumAccounts(found.map((one) => one.account));
  return `${silent_loss} of ${accepted} lost`;
}

const NOT_MEASURED = { p99_us: null, loop_p99_ms: null, rss_peak_mib: null, exit_ms: null };

interface CrashRun {
  readonly plan: CrashPlan;
  readonly ending: Ending;
  /** The same without telemetry. */
  readonly twin: Ending;
  readonly account: Account;
  readonly stock: Account;
  readonly hasLastOrder: boolean;
  readonly hasLastDecision: boolean;
}

let run = 7_000;

async function crashOnce(context: CaseContext, plan: CrashPlan): Promise<CrashRun> {
  const dir = context.folder("crash");
  const [own, stockRun] = [++run, ++run];
  const made = Object.fromEntries(TICK_KINDS.map((kind) => [kind, TICKS]));
  const sink = await startEndingSink("fast");
  try {
    const place = { endpoint: sink.url, dir, run: own };
    const { how, execArgv } = plan;
    const [ending, twin] = await Promise.all([
      runEnding({ observer: "tracebook", ticks: TICKS, how, execArgv, ...place }),
      runEnding({ observer: "none", ticks: 0, how, execArgv, ...place }),
      runEnding({ observer: "stock", ticks: TICKS, how, execArgv, ...place, run: stockRun }),
    ]);
    const journal = readJournal(dir);
    const health = findSpooled(dir) ? await liveOn(place) : undefined;
    const { arrivals } = await sink.state();
    return {
      plan,
      ending,
      twin,
      account: drawAccount([{ run: own, made, health: undefined }], arrivals, health),
      stock: drawAccount([{ run: stockRun, made, health: undefined }], arrivals),
      hasLastOrder: hasRecord(journal, "order_request", `last-${own}`),
      hasLastDecision: hasRecord(journal, "decision", numberedTraceId(own, TICKS - 1)),
    };
  } finally {
    await sink.close();
  }
}

function hasRecord(lines: readonly string[], type: string, text: string): boolean {
  return lines.some((line) => line.includes(`"event_type":"${type}"`) && line.includes(`"${text}"`));
}

/** Every line of the journal's records. */
function readJournal(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((path) => /events[^/]*\.jsonl$/.test(path))
    .flatMap((path) => readFileSync(join(dir, path), "utf8").split("\n"));
}

/** Apart from Tracebook's own lines, and from numbers (of processes, addresses, milliseconds) that differ from run to run. */
function saysTheSame(ending: Ending, twin: Ending): boolean {
  return wordsOf(ending) === wordsOf(twin);
}

function wordsOf({ stderr }: Ending): string {
  const lines = stderr.split("\n").filter((line) => !line.startsWith("tracebook: "));
  // Of the report of a fatal error, the reason: collections before it and native frames below it are the process's own.
  const fatal = lines.find((line) => line.includes("FATAL ERROR"));
  if (fatal !== undefined)
    return fatal.replace(/^.*FATAL ERROR: (Ineffective mark-compacts near heap limit|Reached heap limit) /, "");
  return lines
    .join("\n")
    .replaceAll(/0x[0-9a-f]+|\d+/g, "N")
    .split("Native stack trace")[0]!
    .trim();
}
