// Case 20 of the desk where SQLite is too old to share a file: the desk has it alone, and whoever else comes is told why.
import { join } from "node:path";
import { type CaseContext, type CaseOutcome, check } from "../../../node/faults/fault-case.ts";
import { startWorker } from "../../../node/faults/harness/worker.ts";
import { startDesk } from "../desk/desk-child.ts";
import { deskFigures, NO_STOCK } from "../desk-figures.ts";
import { accountOf, fileChecks, readReport } from "../file-report.ts";
import { createRequestMaker } from "../load/numbered-requests.ts";
import { startSender } from "../load/sender.ts";
import type { WriterOrder, WriterPlan } from "../programs/store-writer.ts";

/** The first SQLite whose log several processes may write (sqlite.org/wal.html, "the WAL-reset bug"). */
const SHAREABLE = [3, 51, 3] as const;
const [RUN, OTHER_RUN] = [2_001, 2_002] as const;
const REQUESTS = 50;
const DRAIN_MS = 30_000;

/** The engine of this process, and of all that it starts. */
export const SQLITE = process.versions["sqlite"] ?? "0";

/** True for a SQLite that several processes may use on one file. */
export function isShareable(version: string): boolean {
  const parts = version.split(".").map(Number);
  const differing = SHAREABLE.findIndex((part, i) => part !== (parts[i] ?? 0));
  return differing < 0 || (parts[differing] ?? 0) > SHAREABLE[differing]!;
}

/** A desk at work, and another process that wants to write into its file. */
export async function refuseSharing({ folder }: CaseContext, over: AbortSignal): Promise<CaseOutcome> {
  const path = join(folder("desk"), "telemetry.db");
  const desk = startDesk({ path });
  const { url } = await desk.opened;
  const plan: WriterPlan = { path, run: OTHER_RUN, busyTimeoutMs: 0, eventsPerS: 100 };
  const program = new URL("../programs/store-writer.ts", import.meta.url);
  const writer = startWorker<WriterOrder>(program, "the other writer", { args: [JSON.stringify(plan)] });
  const refusal = await writer.ask("begin").then(
    () => "not refused",
    (error: Error) => error.message,
  );
  await writer.stop();
  const maker = createRequestMaker({ run: RUN });
  const lanes = { lanes: 4, itemsPerS: 10_000, mostRequests: REQUESTS };
  const sender = startSender({ maker, url: () => url, over, ...lanes });
  await sender.done;
  await sender.finish(DRAIN_MS);
  await desk.close();
  const report = await readReport(path);
  const account = accountOf(report, [{ run: RUN, made: maker.made(), health: undefined }]);
  const isToldWhy = refusal.includes("is open in another process") && refusal.includes(`SQLite ${SQLITE}`);
  return {
    runs: 1,
    figures: deskFigures(account, { sqlite: SQLITE, requests: sender.counts.acknowledged }),
    stock: undefined,
    checks: [...fileChecks(report, account), check("a second writer is refused, and told why", isToldWhy, refusal)],
    headline: `SQLite ${SQLITE} may damage a file that processes share: a second writer is refused; ${account.accepted - account.delivered} of ${account.accepted} items of the first one lost`,
    stockHeadline: NO_STOCK,
  };
}
