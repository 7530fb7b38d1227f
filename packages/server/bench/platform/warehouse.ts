// The export of a database of millions of events as Parquet.
import { join } from "node:path";
import { startChild } from "../child.ts";
import { makeSampleDatabase } from "../samples.ts";
import { number } from "../text-table.ts";
import type { StageContext, StageResult } from "./stage.ts";

/** What the process that exports is told. */
export interface ExportOrder {
  readonly path: string;
  readonly dir: string;
}

/** What it has done. */
export interface ExportFigures {
  readonly rows: number;
  readonly parts: number;
  readonly bytes: number;
  readonly isComplete: boolean;
  readonly seconds: number;
  readonly cpuMicros: number;
  /** Before the export began, and at most. */
  readonly startRssBytes: number;
  readonly maxRssBytes: number;
}

const MIB = 2 ** 20;

/** Makes a database on SQLite, and exports its events and decisions. */
export async function measureWarehouse(context: StageContext): Promise<StageResult> {
  const { events, decisions, workDir, say } = context;
  const path = join(workDir, "telemetry.db");
  say(`making a database of ${events} events and ${decisions} decisions`);
  await makeSampleDatabase(path, { events, decisions, spans: 0 });
  const child = startChild<ExportOrder>(new URL("./export-process.ts", import.meta.url), "the export");
  try {
    say("exporting");
    const figures = await child.ask<ExportFigures>({ path, dir: join(workDir, "warehouse") });
    const { rows, seconds, cpuMicros, parts, bytes, startRssBytes, maxRssBytes, isComplete } = figures;
    // A decision is in both tables.
    const expected = events + 2 * decisions;
    const wrong =
      isComplete && rows === expected ? [] : [`exported ${rows} rows of ${expected}, complete: ${isComplete}`];
    const table = {
      about:
        "Parquet out of a store on SQLite, tables telemetry_events and decisions, a file a day and table; RSS is of the whole process",
      head: ["warehouse", "rows/s", "us CPU", "rows", "s", "files", "B/row", "RSS before MiB", "peak MiB"],
      rows: [
        [
          "Parquet",
          number(rows / seconds),
          number(cpuMicros / rows, 1),
          number(rows),
          number(seconds, 1),
          number(parts),
          number(bytes / rows),
          number(startRssBytes / MIB),
          number(maxRssBytes / MIB),
        ],
      ],
    };
    return { tables: [table], figures, wrong };
  } finally {
    await child.end();
  }
}
