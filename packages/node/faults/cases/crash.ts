// Case 7: crashes of the host: what they look like, and what is left of the last moments.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TICK_KINDS } from "../bot/observer.ts";
import { type CaseContext, check, type FaultCase } from "../fault-case.ts";
import { type Account, drawAccount } from "../harness/account.ts";
import { type Ending, runEnding, startEndingSink } from "../harness/ending-run.ts";
import { findSpooled, liveOn } from "../harness/live-on.ts";
import { numberedTraceId } from "../harness/numbered-id.ts";

const TICKS = 100;
/** `lastWord`: a crash in which JavaScript still has a say. */
const CRASHES = [
  { name: "uncaughtException", how: "throw", lastWord: true, execArgv: [] },
  { name: "unhandledRejection", how: "reject", lastWord: true, execArgv: [] },
  { name: "out of memory", how: "out-of-memory", lastWord: false, execArgv: ["--max-old-space-size=64"] },
  { name: "process.abort", how: "abort", lastWord: false, execArgv: [] },
] as const;

/** The case. */
export const crash: FaultCase = {
  id: "7",
  title: "uncaughtException, unhandledRejection, out of memory, process.abort",
  async run(context) {
    const runs = context.isFull ? 10 : 1;
    const found: CrashRun[] = [];
    for (let round = 0; round < runs; round++) for (const one of CRASHES) found.push(await crashOnce(context, one));
    const withLastWord = found.filter(({ plan }) => plan.lastWord);
    const [all, stock] = [sums(withLastWord.map((one) => one.account)), sums(found.map((one) => one.stock))];
    const orders = found.filter((one) => one.hasLastOrder).length;
    const decisions = withLastWord.filter((one) => one.hasLastDecision).length;
    return {
      runs: found.length,
      figures: { ...all, ...NOT_MEASURED, last_order_survived: orders, last_decision_survived: decisions },
      stock: { ...stock, ...NOT_MEASURED },
      checks: found.flatMap(({ plan, ending, twin, hasLastOrder, hasLastDecision, account }) => [
        check(`${plan.name}: ends as it would without telemetry`, ending.by === twin.by, [ending.by, twin.by]),
        check(`${plan.name}: says what it would without telemetry`, saysTheSame(ending, twin), ending.stderr),
        check(`${plan.name}: the last order request is in the journal`, hasLastOrder),
        check(`${plan.name}: the last decision is in the journal`, hasLastDecision || !plan.lastWord),
        check(`${plan.name}: all arrives after the next start`, account.silent_loss === 0 || !plan.lastWord, account),
      ]),
      headline: `last order in the journal ${orders} of ${found.length}, last decision ${decisions} of ${withLastWord.length}, ${all.silent_loss} lost where JavaScript has a last word`,
      stockHeadline: `${stock.silent_loss} of ${stock.accepted} lost in silence`,
    };
  },
};

const NOT_MEASURED = { p99_us: null, loop_p99_ms: null, rss_peak_mib: null, exit_ms: null };

interface CrashRun {
  readonly plan: (typeof CRASHES)[number];
  readonly ending: Ending;
  /** The same without telemetry. */
  readonly twin: Ending;
  readonly account: Account;
  readonly stock: Account;
  readonly hasLastOrder: boolean;
  readonly hasLastDecision: boolean;
}

let run = 7_000;

async function crashOnce(context: CaseContext, plan: (typeof CRASHES)[number]): Promise<CrashRun> {
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
      account: drawAccount([{ run: own, made, healths: [health] }], arrivals),
      stock: drawAccount([{ run: stockRun, made, healths: [] }], arrivals),
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

function sums(accounts: readonly Account[]) {
  const sum = (key: "accepted" | "delivered" | "spooled" | "silent_loss" | "duplicates"): number =>
    accounts.reduce((total, account) => total + account[key], 0);
  return {
    accepted: sum("accepted"),
    delivered: sum("delivered"),
    spooled: sum("spooled"),
    dropped_by_reason: {},
    silent_loss: sum("silent_loss"),
    duplicates: sum("duplicates"),
  };
}
