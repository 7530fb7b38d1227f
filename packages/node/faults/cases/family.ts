// Case 13: four processes or threads with the same settings and the same folder, the Collector away, one of them killed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { botEnv } from "../bot/bot.ts";
import { TICK_KINDS } from "../bot/observer.ts";
import { type CaseContext, type Check, check, type FaultCase } from "../fault-case.ts";
import { type Account, conservationChecks, drawAccount, sumAccounts } from "../harness/account.ts";
import { restoredOf, waitingOf } from "../harness/health-counts.ts";
import { liveOn } from "../harness/live-on.ts";
import { startSink } from "../harness/sink.ts";
import { findSpooled } from "../harness/spool-folder.ts";
import { until } from "../harness/until.ts";
import { startWorker } from "../harness/worker.ts";
import type { FamilyOrder, MemberReport } from "../programs/family.ts";

const MEMBERS = 4;
const TICKS = 500;
const KINDS = ["fork", "cluster", "worker"] as const;

/** The case. */
export const family: FaultCase = {
  id: "13",
  title: "fork, cluster and worker threads x4 in one folder, Collector away, one killed",
  seconds: () => 35,
  async run(context) {
    const found = await Promise.all(KINDS.map((kind, i) => runFamily(context, kind, 13_000 + 10 * i)));
    const account = sumAccounts(found.map((one) => one.account));
    const [lines, torn] = [total(found, "lines"), total(found, "unreadable")];
    const collisions = total(found, "collisions");
    return {
      runs: found.length,
      figures: {
        ...account,
        p99_us: null,
        loop_p99_ms: null,
        rss_peak_mib: null,
        exit_ms: null,
        journal_lines: lines,
        unreadable_lines: torn,
        id_collisions: collisions,
        spool_folders: Object.fromEntries(found.map(({ kind, spoolFolders }) => [kind, spoolFolders])),
      },
      stock: undefined,
      checks: found.flatMap(({ checks }) => checks),
      headline: `${collisions} id collisions, ${torn} of ${lines} journal lines unreadable, ${account.silent_loss} of ${account.accepted} lost, ${account.duplicates} twice`,
      stockHeadline: "has neither ids nor files of its own",
    };
  },
};

interface FamilyRun {
  readonly kind: (typeof KINDS)[number];
  readonly account: Account;
  readonly spoolFolders: number;
  readonly lines: number;
  readonly unreadable: number;
  readonly collisions: number;
  readonly checks: readonly Check[];
}

async function runFamily(context: CaseContext, kind: FamilyRun["kind"], firstRun: number): Promise<FamilyRun> {
  const dir = context.folder(kind);
  const sink = await startSink();
  const endpoint = sink.url;
  try {
    await sink.refuse();
    const program = new URL("../programs/family.ts", import.meta.url);
    const worker = startWorker<FamilyOrder>(program, `the family (${kind})`, {
      args: [kind, String(firstRun), String(MEMBERS), String(TICKS)],
      env: botEnv({ observer: "tracebook", endpoint, dir }),
    });
    const isOnDisk = (reports: readonly MemberReport[]): boolean =>
      reports.every(({ health }) => (health?.traces?.queued ?? 1) + (health?.logs?.queued ?? 1) === 0);
    await until("everything on disk", async () => isOnDisk(await worker.ask("status")), { everyMs: 200 });
    // Another one comes later: what those who live have on disk is none of its business.
    const joined = await worker.ask<MemberReport[]>("join");
    const stolen = joined.reduce((sum, { health }) => sum + restoredOf(health), 0);
    await until("everything on disk again", async () => isOnDisk(await worker.ask("status")), { everyMs: 200 });
    const spoolFolders = countSpoolFolders(dir);
    // Threads do not die alone.
    if (kind !== "worker") await worker.ask("kill");
    await sink.listen();
    const idle = async (): Promise<boolean> =>
      (await worker.ask<MemberReport[]>("status")).every(({ health }) => waitingOf(health) === 0);
    await until("empty spools of those who live", idle, { everyMs: 200, timeoutMs: 20_000 }).catch(() => {});
    const last = await worker.ask<MemberReport[]>("end");
    await worker.stop();
    const heir = findSpooled(dir) ? await liveOn({ endpoint, dir, run: firstRun }) : undefined;
    const { arrivals } = await sink.state();
    const made = Object.fromEntries(TICK_KINDS.map((name) => [name, TICKS]));
    const runs = joined.map(({ run }) => ({ run, made, health: last.find((report) => report.run === run)?.health }));
    const account = drawAccount(runs, arrivals, heir);
    return judge(kind, dir, { reports: joined, account, spoolFolders, stolen });
  } finally {
    await sink.close();
  }
}

/** What a family was found to be. */
interface FamilyFinding {
  readonly reports: readonly MemberReport[];
  readonly account: Account;
  readonly spoolFolders: number;
  /** Items taken over from members that lived. */
  readonly stolen: number;
}

function judge(
  kind: FamilyRun["kind"],
  dir: string,
  { reports, account, spoolFolders, stolen }: FamilyFinding,
): FamilyRun {
  const ids = new Set(reports.map(({ instanceId }) => instanceId));
  const collisions = reports.length - ids.size;
  const { lines, unreadable } = readLines(dir);
  const { duplicates, accepted, delivered } = account;
  return {
    kind,
    account,
    spoolFolders,
    lines,
    unreadable,
    collisions,
    checks: [
      check(`${kind}: each has its own instance id`, collisions === 0, [...ids]),
      check(`${kind}: each has its own spool`, spoolFolders === reports.length, spoolFolders),
      check(`${kind}: nobody takes the spool of one that lives`, stolen === 0, stolen),
      check(`${kind}: every line of the journal can be read`, unreadable === 0, unreadable),
      ...conservationChecks(account).map((one) => ({ ...one, what: `${kind}: ${one.what}` })),
      check(`${kind}: all is delivered, of the killed one too`, delivered === accepted, account),
      check(`${kind}: duplicates below 1 %`, duplicates < accepted / 100, duplicates),
    ],
  };
}

function countSpoolFolders(dir: string): number {
  const spool = join(dir, "spool");
  const folders = readdirSync(spool, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(".spool"),
  );
  return new Set(folders.map((entry) => entry.parentPath)).size;
}

function readLines(dir: string): { lines: number; unreadable: number } {
  let [lines, unreadable] = [0, 0];
  for (const path of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".jsonl")) continue;
    for (const line of readFileSync(join(dir, path), "utf8").split("\n")) {
      if (line === "") continue;
      lines++;
      if (!isJson(line)) unreadable++;
    }
  }
  return { lines, unreadable };
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function total(runs: readonly FamilyRun[], key: "lines" | "unreadable" | "collisions"): number {
  return runs.reduce((sum, run) => sum + run[key], 0);
}
