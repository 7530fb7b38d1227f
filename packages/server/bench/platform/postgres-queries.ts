// The questions of features 54 to 58, asked of a PostgreSQL database of millions of events, and how long it takes to drop a day of it.
import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild } from "../child.ts";
import { number } from "../text-table.ts";
import { hasPostgres, NO_POSTGRES, type PostgresCluster, startCluster, UNSAFE } from "./postgres-cluster.ts";
import type { StageContext, StageResult, StageSkip, StageTable } from "./stage.ts";

/** As `packages/store/bench/postgres-sample-process.ts` has them. */
type PostgresOrder =
  | {
      readonly kind: "fill";
      readonly url: string;
      readonly events: number;
      readonly decisions: number;
      readonly part: number;
      readonly parts: number;
    }
  | { readonly kind: "ask"; readonly url: string; readonly runs: number }
  | { readonly kind: "cleanUp"; readonly url: string; readonly removed: number };

interface QuestionFigures {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

interface DroppedDay {
  readonly events: number;
  readonly decisions: number;
  readonly tookMs: number;
}

const WRITERS = 2;
const DAYS_DROPPED = 3;
const AIM_MS = 100;
const DAY_S = 86_400;
/** After the filling, so that vacuum and checkpoint do not disturb: a server at work has them all the time, in small pieces. */
const SETTLE_MS = 2_000;
/** What an event takes on the disk, with its indexes and counts: measured, and some more. */
const EVENT_BYTES = 1_500;
/** The log of transactions, at most: `max_wal_size` of the cluster, and some more. */
const LOG_BYTES = 10 * 2 ** 30;

/** Fills a database, asks it, and drops days. */
export async function measurePostgresQueries(context: StageContext): Promise<StageResult | StageSkip> {
  if (!hasPostgres()) return { skip: NO_POSTGRES };
  const { events, decisions, runs, say } = context;
  say(`it takes up to ${toGib(checkRoom(events + decisions))} GiB of ${tmpdir()}, until its end`);
  // Nothing of what is measured here waits for the disk to have it, and filling does.
  const cluster = await startCluster(context, UNSAFE);
  const children = Array.from({ length: WRITERS }, () =>
    startChild<PostgresOrder>(
      new URL("../../../store/bench/postgres-sample-process.ts", import.meta.url),
      "the sample on PostgreSQL",
    ),
  );
  try {
    const filled = await fill(cluster, children, context);
    say(`asking each question ${runs} times`);
    const [child] = children as [Child<PostgresOrder>];
    const questions = await child.ask<QuestionFigures[]>({ kind: "ask", url: cluster.url, runs });
    const days: DroppedDay[] = [];
    for (let removed = 0; removed < DAYS_DROPPED; removed++)
      days.push(await child.ask({ kind: "cleanUp", url: cluster.url, removed }));
    const byFunction = await dropByFunction(cluster);
    const { version, settings } = cluster;
    const figures = { version, settings, runs, ...filled, questions, days, byFunction };
    const wrong = filled.rows === events + decisions ? [] : [`rows ${filled.rows}, not ${events + decisions}`];
    return { tables: [questionTable(figures), dayTable(days, byFunction)], figures, wrong };
  } finally {
    for (const child of children) await child.end();
    await cluster.close();
  }
}

/** The bytes that it may take. Throws where there are not so many: a full disk would be found out after many minutes. */
function checkRoom(rows: number): number {
  const { bavail, bsize } = statfsSync(tmpdir());
  const bytes = rows * EVENT_BYTES + LOG_BYTES;
  if (bavail * bsize < bytes)
    throw new Error(
      `${rows} events may take ${toGib(bytes)} GiB, and ${tmpdir()} has ${toGib(bavail * bsize)}: set TMPDIR to a folder of a larger disk, or ask for fewer --events.`,
    );
  return bytes;
}

function toGib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

async function fill(cluster: PostgresCluster, children: readonly Child<PostgresOrder>[], context: StageContext) {
  const { events, decisions, say } = context;
  const { url } = cluster;
  // The first one makes the tables.
  await children[0]!.ask({ kind: "fill", url, events: 0, decisions: 0, part: 0, parts: 1 });
  say(`filling: ${events} events and ${decisions} decisions over 30 days`);
  const startMs = performance.now();
  await Promise.all(
    children.map((child, part) => child.ask({ kind: "fill", url, events, decisions, part, parts: children.length })),
  );
  const fillSeconds = (performance.now() - startMs) / 1e3;
  say("vacuum, analyze, checkpoint: what a server does by itself in time");
  await cluster.ask("VACUUM (ANALYZE)");
  await cluster.ask("CHECKPOINT");
  await sleep(SETTLE_MS);
  return {
    fillSeconds,
    rows: Number(await cluster.ask("SELECT count(*) FROM tracebook.telemetry_events")),
    databaseBytes: Number(await cluster.ask("SELECT pg_database_size(current_database())")),
  };
}

/** The same by the function of the database, which counts in whole days before today. */
async function dropByFunction(cluster: PostgresCluster) {
  const oldest = "SELECT extract(epoch FROM now() - min(timestamp)) FROM tracebook.telemetry_events";
  const days = Math.floor(Number(await cluster.ask(oldest)) / DAY_S) - 1;
  const startMs = performance.now();
  const removed = await cluster.ask(
    `SET search_path = tracebook; SELECT events FROM cleanup_old_telemetry_data(events_retention_days => ${days})`,
  );
  return { days, events: Number(removed.split("\n").at(-1)), tookMs: performance.now() - startMs };
}

interface Asked {
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly fillSeconds: number;
  readonly rows: number;
  readonly databaseBytes: number;
  readonly questions: readonly QuestionFigures[];
}

function questionTable({ version, settings, runs, fillSeconds, rows, databaseBytes, questions }: Asked): StageTable {
  const over = questions.filter(({ p95Ms }) => p95Ms > AIM_MS).length;
  return {
    about: `PostgreSQL ${version}, shared_buffers ${settings["shared_buffers"]}; ${number(rows)} events of 30 days, ${number(databaseBytes / 2 ** 30, 2)} GiB, written by ${WRITERS} writers of the store in ${number(fillSeconds)} s, so that rows, indexes and roll-ups are theirs; ${runs} runs each; ${over} of ${questions.length} over ${AIM_MS} ms at p95`,
    head: ["question", "p50 ms", "p95 ms", "max ms", ""],
    rows: questions.map(({ name, p50Ms, p95Ms, maxMs }) => [
      name,
      number(p50Ms, 1),
      number(p95Ms, 1),
      number(maxMs, 1),
      p95Ms > AIM_MS ? "OVER" : "",
    ]),
  };
}

function dayTable(days: readonly DroppedDay[], byFunction: { readonly events: number; readonly tookMs: number }) {
  const row = (name: string, events: number, tookMs: number) => [name, number(events), number(tookMs / 1e3, 3)];
  return {
    about: "dropping a day",
    head: ["what", "rows", "s"],
    rows: [
      ...days.map(({ events, tookMs }) => row("cleanUp, a whole day", events, tookMs)),
      row("cleanup_old_telemetry_data, a whole day", byFunction.events, byFunction.tookMs),
    ],
  };
}
