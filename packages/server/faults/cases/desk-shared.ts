// Case 20 of the desk: one file, and five processes that have it open: the desk, two writers, a reader, and one who carries the log over.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CaseContext,
  type CaseOutcome,
  type Check,
  check,
  type FaultCase,
} from "../../../node/faults/fault-case.ts";
import type { Account, MadeRun } from "../../../node/faults/harness/account.ts";
import { startWorker, type Worker } from "../../../node/faults/harness/worker.ts";
import { type DeskLook, startDesk } from "../desk/desk-child.ts";
import { deskFigures, NO_STOCK } from "../desk-figures.ts";
import { accountOf, type FileReport, fileChecks, readReport } from "../file-report.ts";
import { createRequestMaker } from "../load/numbered-requests.ts";
import { refusalsOf, type SenderCounts, startSender } from "../load/sender.ts";
import { withEnd } from "../load/with-end.ts";
import type { CheckpointerReport } from "../programs/checkpointer.ts";
import type { ReaderReport } from "../programs/counting-reader.ts";
import type { WriterOrder, WriterPlan, WriterReport } from "../programs/store-writer.ts";
import { isShareable, refuseSharing, SQLITE } from "./desk-unshared.ts";

const FOR_MS = { short: 30_000, full: 300_000 } as const;
/** Of the numbers, by run. */
const [DESK_RUN, PATIENT_RUN, HASTY_RUN] = [2_001, 2_002, 2_003] as const;
const ITEMS_PER_S = 1_000;
const EVENTS_PER_S = 400;
const LANES = 4;
/** Short, so that a busy file is seen; a store waits for five seconds unless told otherwise. */
const DESK_BUSY_MS = 50;
const PATIENT_BUSY_MS = 5_000;
const HASTY_BUSY_MS = 0;
const DRAIN_MS = 30_000;

/** The case. */
export const deskShared: FaultCase = {
  id: "desk-20",
  title: "Desk, two writers, a reader and an external checkpointer on one file",
  seconds: ({ isFull }) => (isFull ? 360 : 40),
  run: (context) =>
    withEnd(async (over) => {
      if (!isShareable(SQLITE)) return refuseSharing(context, over);
      return outcome(await shareFile(context, over));
    }),
};

interface SharedRun {
  readonly report: FileReport;
  readonly account: Account;
  readonly counts: Readonly<SenderCounts>;
  readonly look: DeskLook;
  /** Requests that the desk says to have refused since the store was busy. */
  readonly refused: number;
  readonly patient: WriterReport;
  readonly hasty: WriterReport;
  readonly reader: ReaderReport;
  readonly checkpointer: CheckpointerReport;
  readonly lines: readonly string[];
}

async function shareFile({ isFull, folder }: CaseContext, over: AbortSignal): Promise<SharedRun> {
  const path = join(folder("desk"), "telemetry.db");
  const desk = startDesk({ path, busyTimeoutMs: DESK_BUSY_MS });
  const { url } = await desk.opened;
  const writers = [
    startStoreWriter({ path, run: PATIENT_RUN, busyTimeoutMs: PATIENT_BUSY_MS, eventsPerS: EVENTS_PER_S }),
    startStoreWriter({ path, run: HASTY_RUN, busyTimeoutMs: HASTY_BUSY_MS, eventsPerS: EVENTS_PER_S }),
  ] as const;
  await Promise.all(writers.map((writer) => writer.ask("begin")));
  const checkpointer = startProgram<"report">("checkpointer", path);
  const reader = startProgram<"report">("counting-reader", path);
  const maker = createRequestMaker({ run: DESK_RUN });
  const sender = startSender({ maker, url: () => url, lanes: LANES, itemsPerS: ITEMS_PER_S, over });
  await sleep(FOR_MS[isFull ? "full" : "short"]);
  await sender.finish(DRAIN_MS);
  const [patient, hasty] = await Promise.all(writers.map((writer) => writer.ask<WriterReport>("end")));
  const found = {
    counts: sender.counts,
    look: await desk.look(),
    refused: await refusedBy(url),
    patient: patient!,
    hasty: hasty!,
    reader: await reader.ask<ReaderReport>("report"),
    checkpointer: await checkpointer.ask<CheckpointerReport>("report"),
  };
  await Promise.all([...writers, checkpointer, reader].map((worker) => worker.stop()));
  await desk.close();
  const report = await readReport(path);
  const runs: readonly MadeRun[] = [
    { run: DESK_RUN, made: maker.made(), health: undefined },
    { run: PATIENT_RUN, made: found.patient.made, health: undefined },
    { run: HASTY_RUN, made: found.hasty.made, health: undefined },
  ];
  return { ...found, report, account: accountOf(report, runs), lines: desk.lines() };
}

function startProgram<Order>(name: string, argument: string): Worker<Order> {
  return startWorker(new URL(`../programs/${name}.ts`, import.meta.url), name, { args: [argument] });
}

function startStoreWriter(plan: WriterPlan): Worker<WriterOrder> {
  return startProgram("store-writer", JSON.stringify(plan));
}

/** What the desk's own health says of refused requests. */
async function refusedBy(url: string): Promise<number> {
  const health = (await (await fetch(`${url}/api/telemetry/health`)).json()) as {
    readonly signals: Readonly<Record<string, { readonly refused_requests: Readonly<Record<string, number>> }>>;
  };
  return Object.values(health.signals).reduce((sum, { refused_requests: by }) => sum + (by["store_busy"] ?? 0), 0);
}

function outcome(run: SharedRun): CaseOutcome {
  const { report, account, counts, refused, patient, hasty, reader, checkpointer, look, lines } = run;
  const busy = refusalsOf(counts);
  return {
    runs: 1,
    figures: deskFigures(account, {
      loop_p99_ms: look.window.loopP99Ms,
      rss_peak_mib: look.window.rssPeakMib,
      sqlite: SQLITE,
      busy: { desk: busy, patient_writer: patient.busy, hasty_writer: hasty.busy },
      log_cut: checkpointer.cut,
      checkpoints_in_vain: checkpointer.busy,
      looks: reader.looks,
    }),
    stock: undefined,
    checks: [
      ...fileChecks(report, account),
      ...busyChecks(run, busy),
      check("a reader sees whole transactions only, and none go away", isSound(reader.failures, reader.looks), reader),
      check("the log was carried over from outside", isSound(checkpointer.failures, checkpointer.cut), checkpointer),
      check(
        "H: nothing but where it answers is said",
        lines.length === 1 && patient.lines.length + hasty.lines.length === 0,
        [lines.slice(1, 4), patient.lines, hasty.lines],
      ),
    ],
    headline: `${account.accepted - account.delivered} of ${account.accepted} items lost, integrity ${report.integrity}; busy: ${busy} answers of 503 (counted: ${refused}), ${hasty.busy} and ${patient.busy} of the writers; log cut ${checkpointer.cut} times from outside, ${reader.looks} looks from outside; SQLite ${SQLITE}`,
    stockHeadline: NO_STOCK,
  };
}

/** Nothing went wrong, and something was done. */
function isSound(failures: readonly string[], done: number): boolean {
  return failures.length === 0 && done > 0;
}

function busyChecks({ counts, refused, look, patient, hasty }: SharedRun, busy: number): Check[] {
  const writerFailures = [...patient.failures, ...hasty.failures];
  return [
    check("the file is busy: somebody is refused", busy + hasty.busy > 0, { busy, hasty: hasty.busy }),
    check("a busy file is 503, with a time to come again", counts.wrong.length === 0 && counts.unsaid === 0, [
      counts.wrong.slice(0, 3),
      counts.unsaid,
    ]),
    check("and counted", refused === busy && look.store.failedWrites === busy, { busy, refused, look: look.store }),
    check(
      "to a writer it is database_busy, and nothing of the request is written",
      writerFailures.length === 0,
      writerFailures,
    ),
  ];
}
