// A day of a table, written part by part.
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createRowWriter } from "./create-row-writer.ts";
import type { DaySpan } from "./day-span.ts";
import { EXPORT_COLUMNS, type ExportTable } from "./export-columns.ts";
import type { ExportedPart } from "./export-manifest.ts";
import type { ExportSource } from "./export-source.ts";
import { openPartFile, type PartFile } from "./part-file.ts";
import type { RowWriter, WarehouseFormat } from "./row-writer.ts";

/** What of which table, and how. */
export interface DayTask {
  readonly dir: string;
  readonly table: ExportTable;
  readonly date: string;
  readonly span: DaySpan;
  readonly format: WarehouseFormat;
  readonly maxRowsPerPart: number;
  /** Parts that are there and whole: it goes on behind them. */
  readonly done: readonly ExportedPart[];
  readonly isEnded: () => boolean;
  /** Is told of each part when it is closed, still under its other name. */
  readonly onPart: (part: ExportedPart, file: PartFile) => Promise<void>;
}

const PAGE_ROWS = 2_000;

/** Writes what is left of the day. Resolves to false where it was ended before. Memory is bounded by a page and what the format gathers. */
export async function exportDay(source: Pick<ExportSource, "rows">, task: DayTask): Promise<boolean> {
  await mkdir(join(task.dir, folderOf(task)), { recursive: true });
  let after = task.done.at(-1)?.next;
  if (after === null) return true;
  let part: OpenPart | undefined;
  try {
    for (let count = task.done.length; ; ) {
      if (task.isEnded()) return false;
      // A page ends with its part: what the store goes on by is known at the end of pages only.
      const room = task.maxRowsPerPart - (part?.rows ?? 0);
      const page = await source.rows(task.span, Math.min(PAGE_ROWS, room), after);
      if (page.rows.length > 0) part ??= await openPart(task, partPath(task, count));
      await part?.add(page.rows);
      after = page.next ?? undefined;
      if (part !== undefined && (after === undefined || part.rows >= task.maxRowsPerPart)) {
        const closed = part;
        part = undefined;
        count++;
        await task.onPart(await closed.close(page.next), closed.file);
      }
      if (after === undefined) return true;
    }
  } finally {
    await part?.file.abandon();
  }
}

/** Removes from the folder of a day what is neither one of `parts` nor anybody else's. */
export async function removeOtherParts(dir: string, day: DayPlace, parts: readonly ExportedPart[]): Promise<void> {
  const folder = folderOf(day);
  const kept = new Set(parts.map(({ path }) => path));
  for (const name of await readdir(join(dir, folder))) {
    const isOurs = /^(?:part-\d+\.\w+|_part-\d+\.\w+\.tmp)$/.test(name);
    if (isOurs && !kept.has(`${folder}/${name}`)) await rm(join(dir, folder, name), { force: true });
  }
}

/** Which day of which table. */
export interface DayPlace {
  readonly table: ExportTable;
  readonly date: string;
}

interface OpenPart {
  readonly file: PartFile;
  rows: number;
  add(rows: readonly Parameters<RowWriter["add"]>[0][]): Promise<void>;
  close(next: string | null): Promise<ExportedPart>;
}

async function openPart({ dir, table, format }: DayTask, path: string): Promise<OpenPart> {
  const file = await openPartFile(join(dir, path));
  const writer = await createRowWriter(format, table, EXPORT_COLUMNS[table], file);
  const part: OpenPart = {
    file,
    rows: 0,
    async add(rows) {
      for (const row of rows) await writer.add(row);
      part.rows += rows.length;
    },
    async close(next) {
      await writer.finish();
      return { path, rows: part.rows, ...(await file.close()), next };
    },
  };
  return part;
}

function folderOf({ table, date }: DayPlace): string {
  return `table=${table}/date=${date}`;
}

function partPath(task: DayTask, index: number): string {
  return `${folderOf(task)}/part-${String(index).padStart(5, "0")}.${task.format}`;
}
