// Two processes that write to one PostgreSQL server as fast as they can.
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild } from "../child.ts";
import type { Mix } from "../samples.ts";
import { number } from "../text-table.ts";
import { DURABLE, hasPostgres, NO_POSTGRES, startCluster, UNSAFE } from "./postgres-cluster.ts";
import type { StageContext, StageResult, StageSkip } from "./stage.ts";

/** What a writer is told. */
export type FloodOrder =
  | {
      readonly kind: "prepare";
      readonly url: string;
      readonly mix: Mix;
      readonly batch: number;
      readonly writer: number;
    }
  | { readonly kind: "start"; readonly inFlight: number }
  | { readonly kind: "mark" | "stop" };

/** How far a writer is, since it began. */
export interface FloodMark {
  readonly accepted: number;
  readonly written: number;
  readonly requests: number;
  readonly failed: number;
  readonly problem: string;
  readonly atMs: number;
  /** Of all threads, and of the host's own, which hands requests over. */
  readonly cpuMicros: number;
  readonly hostCpuMicros: number;
  readonly maxRssBytes: number;
}

interface IngestRun {
  readonly mix: Mix;
  readonly isDurable: boolean;
}

interface IngestFigures extends IngestRun {
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly itemBytes: number;
  readonly seconds: number;
  readonly itemsPerSecond: number;
  readonly slowestSecond: number;
  readonly serverCpuMicrosPerItem: number | undefined;
  readonly writersCpuMicrosPerItem: number;
  readonly hostCpuMicrosPerItem: number;
  readonly maxRssBytes: number;
  readonly written: number;
  readonly failed: number;
  readonly rows: number;
  readonly counted: number;
  readonly databaseBytes: number;
  readonly problem: string;
}

const WRITERS = 2;
const BATCH = 512;
/** Requests of a writer that wait for their answer at the same time. */
const IN_FLIGHT = 8;
const WARM_UP_S = 3;
const RUNS: readonly IngestRun[] = [
  { mix: "events", isDurable: true },
  { mix: "decisions", isDurable: true },
  { mix: "events", isDurable: false },
];

/** Events and decisions with all that production has, then events without a wait for the disk: the difference is what safety costs. */
export async function measurePostgresIngest(context: StageContext): Promise<StageResult | StageSkip> {
  if (!hasPostgres()) return { skip: NO_POSTGRES };
  const all: IngestFigures[] = [];
  for (const one of RUNS) all.push(await measureRun(one, context));
  const wrong = all
    .filter(({ written, rows, counted, failed }) => failed > 0 || rows !== written || counted !== written)
    .map(
      ({ mix, written, rows, counted, failed, problem }) =>
        `${mix}: written ${written}, rows ${rows}, counted ${counted}, failed ${failed} ${problem}`,
    );
  return { tables: [tableOf(all)], figures: all, wrong };
}

async function measureRun(one: IngestRun, context: StageContext): Promise<IngestFigures> {
  const { mix, isDurable } = one;
  const cluster = await startCluster(context, isDurable ? DURABLE : UNSAFE);
  const writers = Array.from({ length: WRITERS }, () =>
    startChild<FloodOrder>(new URL("./flood-process.ts", import.meta.url), "a writer"),
  );
  try {
    context.say(`${mix}, ${isDurable ? "fsync on" : "fsync off"}: making requests`);
    const sizes = await Promise.all(
      writers.map((child, writer) =>
        child.ask<number>({ kind: "prepare", url: cluster.url, mix, batch: BATCH, writer }),
      ),
    );
    const flood = await measureFlood(writers, cluster.cpuMicros, context);
    const count = async (sql: string) => Number(await cluster.ask(sql));
    return {
      ...one,
      version: cluster.version,
      settings: cluster.settings,
      itemBytes: Math.round(sizes[0] ?? 0),
      ...flood,
      rows: await count("SELECT count(*) FROM tracebook.telemetry_events"),
      counted: await count("SELECT coalesce(sum(count), 0) FROM tracebook.event_rollups WHERE resolution = 86400"),
      databaseBytes: await count("SELECT pg_database_size(current_database())"),
    };
  } finally {
    for (const child of writers) await child.end();
    await cluster.close();
  }
}

type Flood = Omit<
  IngestFigures,
  keyof IngestRun | "version" | "settings" | "itemBytes" | "rows" | "counted" | "databaseBytes"
>;

async function measureFlood(
  writers: readonly Child<FloodOrder>[],
  serverCpu: () => number | undefined,
  { seconds, say }: StageContext,
): Promise<Flood> {
  const ask = (order: FloodOrder) => Promise.all(writers.map((child) => child.ask<FloodMark>(order)));
  await ask({ kind: "start", inFlight: IN_FLIGHT });
  say(`${WRITERS} writers, ${WARM_UP_S} s to warm up and ${seconds} s that count`);
  await sleep(WARM_UP_S * 1e3);
  const [from, serverFrom] = [await ask({ kind: "mark" }), serverCpu()];
  const startMs = performance.now();
  const perSecond: number[] = [];
  let before = total(from, "written");
  for (let second = 1; second <= seconds; second++) {
    await sleep(Math.max(0, startMs + second * 1e3 - performance.now()));
    const now = total(await ask({ kind: "mark" }), "written");
    perSecond.push(now - before);
    before = now;
  }
  const [to, serverTo] = [await ask({ kind: "mark" }), serverCpu()];
  const tookS = (performance.now() - startMs) / 1e3;
  const ended = await ask({ kind: "stop" });
  const grown = (name: keyof FloodMark) => total(to, name) - total(from, name);
  const items = grown("written");
  return {
    seconds: tookS,
    itemsPerSecond: items / tookS,
    slowestSecond: Math.min(...perSecond),
    serverCpuMicrosPerItem:
      serverFrom === undefined || serverTo === undefined ? undefined : (serverTo - serverFrom) / items,
    writersCpuMicrosPerItem: grown("cpuMicros") / items,
    hostCpuMicrosPerItem: grown("hostCpuMicros") / items,
    maxRssBytes: Math.max(...ended.map(({ maxRssBytes }) => maxRssBytes)),
    written: total(ended, "written"),
    failed: total(ended, "failed"),
    problem: ended
      .map(({ problem }) => problem)
      .join(" ")
      .trim(),
  };
}

function total(marks: readonly FloodMark[], name: keyof FloodMark): number {
  return marks.reduce((sum, mark) => sum + Number(mark[name]), 0);
}

function tableOf(all: readonly IngestFigures[]) {
  const [first] = all;
  const settings = Object.entries(first?.settings ?? {}).map(([name, value]) => `${name} ${value}`);
  return {
    about: `PostgreSQL ${first?.version}, ${settings.join(", ")}; ${WRITERS} writers, batches of ${BATCH}, ${IN_FLIGHT} under way each; "us" is CPU for each item. "fsync off" is what waiting for the disk costs, and no setting for anybody's data.`,
    head: [
      "PostgreSQL in",
      "items/s",
      "slowest s",
      "B/item",
      "server us",
      "writers us",
      "of it host us",
      "RSS MiB",
      "B on disk",
      "kept",
    ],
    rows: all.map((one) => [
      `${one.mix}, ${one.isDurable ? "fsync on" : "fsync off"}`,
      number(one.itemsPerSecond),
      number(one.slowestSecond),
      number(one.itemBytes),
      number(one.serverCpuMicrosPerItem, 1),
      number(one.writersCpuMicrosPerItem, 1),
      number(one.hostCpuMicrosPerItem, 1),
      number(one.maxRssBytes / 2 ** 20),
      number(one.databaseBytes / one.rows),
      one.rows === one.written && one.counted === one.written && one.failed === 0 ? "all" : "NOT ALL",
    ]),
  };
}
