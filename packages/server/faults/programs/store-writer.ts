// Another process that writes numbered events into the same file by a store of its own; what is refused is written again.
import { setTimeout as sleep } from "node:timers/promises";
import { toTimestamp } from "@tracebook/core";
import { type EventInput, type Store, StoreError } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { numberedTraceId } from "../../../node/faults/harness/numbered-id.ts";
import { answerOrders } from "../desk/answer-orders.ts";

/** What it is told: to open and begin, or to end. */
export type WriterOrder = "begin" | "end";

/** What it is started with. */
export interface WriterPlan {
  readonly path: string;
  /** In the trace id of all events. */
  readonly run: number;
  readonly busyTimeoutMs: number;
  readonly eventsPerS: number;
}

/** What came of it. */
export interface WriterReport {
  readonly made: Readonly<Record<string, number>>;
  /** Writes, and tries to open, that were refused since others had the lock, each of which was made again. */
  readonly busy: number;
  /** Other errors. */
  readonly failures: readonly string[];
  /** Lines that the store said. */
  readonly lines: readonly string[];
}

const EVENTS_EACH = 20;
const AGAIN_MS = 5;

const plan = JSON.parse(process.argv[2] ?? "{}") as WriterPlan;
const source = { serviceName: "writer", instanceId: `writer-${plan.run}` };
const failures: string[] = [];
const lines: string[] = [];
let store: Store | undefined;
let writing: Promise<void> | undefined;
let [made, busy, isOver] = [0, 0, false];

answerOrders<WriterOrder>(async (order) => {
  if (order === "begin") {
    while (store === undefined) store = await open();
    writing = write(store);
    return undefined;
  }
  isOver = true;
  await writing;
  await store?.close();
  return { made: { "trading.decision": made }, busy, failures, lines } satisfies WriterReport;
});

/** Undefined where others had the lock just then. */
async function open(): Promise<Store | undefined> {
  const { path, busyTimeoutMs } = plan;
  try {
    return await openSqliteStore({ path, busyTimeoutMs, onProblem: (line) => lines.push(line) });
  } catch (error) {
    if (!isBusy(error)) throw error;
    busy++;
    await sleep(AGAIN_MS);
    return undefined;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof StoreError && error.code === "database_busy";
}

async function write(opened: Store): Promise<void> {
  const fromMs = performance.now();
  while (!isOver) {
    const dueMs = (1e3 * made) / plan.eventsPerS - (performance.now() - fromMs);
    if (dueMs > 0) await sleep(dueMs);
    const events = Array.from({ length: EVENTS_EACH }, (_, i) => numbered(made + i));
    while (!(await isWritten(opened, events))) await sleep(AGAIN_MS);
    made += EVENTS_EACH;
  }
}

async function isWritten(opened: Store, events: readonly EventInput[]): Promise<boolean> {
  try {
    const { written, duplicates } = await opened.writeEvents(events);
    // What was refused must not have been written all the same.
    if (written !== events.length) failures.push(`${written} written and ${duplicates} duplicates of ${events.length}`);
    return true;
  } catch (error) {
    if (isBusy(error)) busy++;
    else failures.push(String(error));
    return false;
  }
}

function numbered(number: number): EventInput {
  return {
    eventType: "decision",
    timestamp: toTimestamp(Date.now() * 1_000),
    source,
    seq: number + 1,
    runId: "shared",
    symbol: "BTC/USDT",
    traceId: numberedTraceId(plan.run, number),
    spanId: undefined,
    severityNumber: 9,
    data: { decision: "REJECT", reason_code: `code_${number % 5}`, strategy: `s-${plan.run}` },
  };
}
