// What is in a database after a case, read from the file by another process; and what must hold for each.
import { type Check, check } from "../../node/faults/fault-case.ts";
import { type Account, conservationChecks, drawAccount, type MadeRun } from "../../node/faults/harness/account.ts";
import type { Arrivals } from "../../node/faults/harness/item-ledger.ts";
import { startWorker } from "../../node/faults/harness/worker.ts";
import { WATCHED_TYPE } from "./load/numbered-requests.ts";

/** What was read. */
export interface FileReport {
  /** `ok`, or what SQLite complains of. */
  readonly integrity: string;
  /** Rows. */
  readonly events: number;
  readonly spans: number;
  readonly arrivals: Arrivals;
  /** Counts that are not those of the rows, some of them. */
  readonly differences: readonly string[];
  /** Ids of all events of the type that the live feed was asked for. */
  readonly watchedIds: readonly number[];
}

/** Reads a database that nobody has open. */
export async function readReport(path: string): Promise<FileReport> {
  const worker = startWorker(new URL("./programs/verify.ts", import.meta.url), "the verifier", {
    args: [path, WATCHED_TYPE],
  });
  const { code, signal } = await worker.exit;
  if (code !== 0) throw new Error(`the verifier ended with ${signal ?? code}:\n${worker.stderr()}`);
  return JSON.parse(worker.stdout()) as FileReport;
}

/** The balance of what was made, against the file. */
export function accountOf(report: FileReport, runs: readonly MadeRun[]): Account {
  return drawAccount(runs, report.arrivals);
}

/** What holds for every file, whatever was done to it: everything that was acknowledged is there, once, and the counts are right. */
export function fileChecks(report: FileReport, account: Account): Check[] {
  const { differences } = report;
  return [
    ...balanceChecks(report, account),
    check("the counts are those of the rows", differences.length === 0, differences),
  ];
}

/** The same without the counts. */
export function balanceChecks({ integrity }: FileReport, account: Account): Check[] {
  return [
    ...conservationChecks(account),
    check(
      "everything that was answered with 200 is in the file",
      account.delivered === account.accepted,
      account.missing,
    ),
    check("and once", account.duplicates === 0, account.duplicates),
    check("the file is whole: integrity_check", integrity === "ok", integrity),
  ];
}
