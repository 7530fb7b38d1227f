// The manifest of an export: what is there, by which it is gone on with, and by which a loader sees what it has.
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { EXPORT_VERSION, type ExportTable } from "./export-columns.ts";
import type { WarehouseFormat } from "./row-writer.ts";

/** A part: a file that is whole. */
export interface ExportedPart {
  /** Within the folder of the export. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Where the store went on behind its last row; null: that was the last one of the day. */
  readonly next: string | null;
}

/** A day of a table. */
export interface ExportedDay {
  readonly table: ExportTable;
  /** `2026-11-20`, in UTC. */
  readonly date: string;
  /** Of the day, what was exported; both ends belong to it. */
  readonly start_time: string;
  readonly end_time: string;
  readonly rows: number;
  /**
   * What the store said of the rows before they were read: an export that finds it otherwise does the day again. Opaque; missing in
   * manifests of before there was one.
   */
  readonly source_state?: string | undefined;
  /** False while there are parts to come: an export was ended in the middle of the day. */
  readonly is_complete: boolean;
  /** True where the day was not over when it was exported: the next export does it again. */
  readonly is_growing: boolean;
  readonly parts: readonly ExportedPart[];
}

/** The manifest. */
export interface ExportManifest {
  readonly export_version: number;
  readonly format: WarehouseFormat;
  /** The database, and the version of its schema. */
  readonly engine: string;
  readonly schema_version: number;
  /** What was asked for last; null: open. */
  readonly start_time: string | null;
  readonly end_time: string | null;
  /** True where rows of that range may still come: its end lies in the future, is open, or an hour has not passed since. */
  readonly is_growing: boolean;
  /** By table, then date. */
  readonly days: readonly ExportedDay[];
}

/** The name of the manifest in the folder of an export. */
const MANIFEST_NAME = "manifest.json";

/** The days of the export in `dir`; none where there is no export yet. Rejects with `invalid_option` where it cannot be gone on with. */
export async function readExportedDays(dir: string, format: WarehouseFormat): Promise<readonly ExportedDay[]> {
  const path = join(dir, MANIFEST_NAME);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return [];
  const manifest = parse(text);
  if (manifest === undefined) throw unusable(`${path} is no manifest of an export`);
  if (manifest.format !== format)
    throw unusable(`format is ${JSON.stringify(format)}; ${dir} holds an export as ${manifest.format}`);
  if (manifest.export_version !== EXPORT_VERSION)
    throw unusable(`${dir} holds an export of version ${manifest.export_version}; this one is ${EXPORT_VERSION}`);
  return manifest.days;
}

/** Writes the manifest whole, or leaves the one that is there. */
export async function writeManifest(dir: string, manifest: ExportManifest): Promise<void> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, MANIFEST_NAME);
  const file = await open(`${path}.tmp`, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

function parse(text: string): ExportManifest | undefined {
  try {
    const value = JSON.parse(text) as ExportManifest;
    return Array.isArray(value?.days) && value.days.every(isDay) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Paths come from the manifest: none leads out of the folder. */
function isDay(day: ExportedDay): boolean {
  return (
    Array.isArray(day?.parts) && day.parts.every(({ path }) => /^table=\w+\/date=[\d-]+\/part-\d+\.\w+$/.test(path))
  );
}

function unusable(what: string): StoreError {
  return new StoreError("invalid_option", `${what}: it cannot be gone on with; another folder can be exported into.`);
}
