// Requests into a store as fast as it takes them, and what is in its database afterwards.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { createRequestPool, type RequestPool } from "./request-pool.ts";
import type { Mix } from "./sample-records.ts";

/** What is sent, and for how long. */
export interface IngestOptions {
  readonly mix: Mix;
  readonly seconds: number;
  readonly batch: number;
  /** Requests that wait for their answer at the same time. */
  readonly inFlight: number;
  /** Where the database lies; gone afterwards. */
  readonly dir: string | undefined;
}

/** What came of it. */
export interface IngestFigures {
  readonly mix: Mix;
  readonly items: number;
  readonly itemBytes: number;
  readonly seconds: number;
  readonly itemsPerSecond: number;
  /** CPU time of all threads, and of the host's own, which makes requests new and copies them. */
  readonly cpuMicrosPerItem: number;
  readonly hostCpuMicrosPerItem: number;
  readonly slowestSecond: number;
  readonly written: number;
  readonly refused: number;
  readonly rows: number;
  readonly counted: number;
  readonly fileBytes: number;
  /** Accepted = written + refused, and all of it is there. */
  readonly isConserved: boolean;
}

const POOL_REQUESTS = 400;

/** Sends requests for some seconds. */
export async function measureIngest(options: IngestOptions): Promise<IngestFigures> {
  const pool = createRequestPool(options.mix, POOL_REQUESTS, options.batch);
  const dir = mkdtempSync(join(options.dir ?? tmpdir(), "tracebook-bench-"));
  const path = join(dir, "telemetry.db");
  try {
    const sent = await send(path, pool, options);
    const fileBytes = statSync(path).size;
    const { rows, counted } = countRows(path, options.mix);
    const { written, refused, accepted, seconds, cpuMicros, hostCpuMicros, slowestSecond } = sent;
    return {
      mix: options.mix,
      items: accepted,
      itemBytes: pool.itemBytes,
      seconds,
      itemsPerSecond: written / seconds,
      cpuMicrosPerItem: cpuMicros / written,
      hostCpuMicrosPerItem: hostCpuMicros / written,
      slowestSecond,
      written,
      refused,
      rows,
      counted,
      fileBytes,
      isConserved: accepted === written + refused && rows === written && counted === written,
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function send(path: string, pool: RequestPool, { seconds, inFlight }: IngestOptions) {
  const store = await openSqliteStore({ path, reserveBytes: 0, onProblem: (line) => console.error(line) });
  const perSecond: number[] = [];
  let accepted = 0;
  let written = 0;
  let refused = 0;
  const cpu = process.cpuUsage();
  const hostCpu = process.threadCpuUsage();
  const startMs = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - startMs < seconds * 1e3) {
      const { body, items } = pool.next();
      accepted += items;
      const result = await store.takeOtlp(pool.signal, body, "protobuf").catch(() => undefined);
      written += result?.written ?? 0;
      refused += items - (result?.written ?? 0);
      const second = Math.floor((performance.now() - startMs) / 1e3);
      perSecond[second] = (perSecond[second] ?? 0) + (result?.written ?? 0);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const tookS = (performance.now() - startMs) / 1e3;
  const used = process.cpuUsage(cpu);
  const hostUsed = process.threadCpuUsage(hostCpu);
  await store.close();
  return {
    accepted,
    written,
    refused,
    seconds: tookS,
    cpuMicros: used.user + used.system,
    hostCpuMicros: hostUsed.user + hostUsed.system,
    // The last one is not whole.
    slowestSecond: Math.min(...perSecond.slice(0, -1)),
  };
}

/** What is there, row by row, and what the counts that are kept say. */
function countRows(path: string, mix: Mix): { readonly rows: number; readonly counted: number } {
  const database = new DatabaseSync(path, { readOnly: true });
  const count = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
  try {
    if (mix === "spans")
      return { rows: count("SELECT count(*) FROM traces"), counted: count("SELECT sum(spans) FROM instances") };
    const rows = count(`SELECT count(*) FROM ${mix === "decisions" ? "decisions" : "telemetry_events"}`);
    return { rows, counted: count("SELECT sum(count) FROM event_rollups WHERE resolution = 86400") };
  } finally {
    database.close();
  }
}
