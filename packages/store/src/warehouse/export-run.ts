// One run of an export: which days are there, which are to be written, and what became of them.
import { join } from "node:path";
import type { TimeRange } from "../store-queries.ts";
import { type DayPlace, exportDay, removeOtherParts } from "./day-export.ts";
import { type DaySpan, hullOf, spanWithin } from "./day-span.ts";
import { EXPORT_VERSION, type ExportTable } from "./export-columns.ts";
import { type ExportedDay, type ExportedPart, writeManifest } from "./export-manifest.ts";
import type { ExportSource } from "./export-source.ts";
import { isSameFile, type PartFile } from "./part-file.ts";
import type { WarehouseFormat } from "./row-writer.ts";

/** What is exported, and where to: see `TelemetryExportOptions`. */
export interface ExportSettings {
  readonly dir: string;
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
  readonly format: WarehouseFormat;
  readonly maxRowsPerPart: number;
  readonly signal: AbortSignal | undefined;
  readonly onPart: ((part: ExportedPart) => void) | undefined;
  /** What was recorded before has been delivered by now. */
  readonly settledAt: string;
}

/** What an export has done. */
export interface TelemetryExport {
  /** Written now: files, rows, bytes. */
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
  /** Days that were there already, whole. */
  readonly skippedDays: number;
  /** Days that were over and there, and of which the store has other rows by now: they were exported anew, or taken away where none are left. */
  readonly changedDays: readonly DayPlace[];
  /** Days of which the store has fewer rows than the export, as after a cleaning: those of the export were kept. */
  readonly keptDays: readonly DayPlace[];
  /** False where `signal` has ended it. */
  readonly isComplete: boolean;
  /** True where rows of the range may still come: the same export later brings them. */
  readonly isGrowing: boolean;
}

/** What is exported of one day. */
interface DayRun {
  readonly place: DayPlace;
  readonly source: ExportSource;
  readonly span: DaySpan;
  /** Undefined: of a day that was begun before there was one. */
  readonly state: string | undefined;
}

/** An export under way: the days that are there, and those that are done now. */
export class ExportRun {
  readonly #settings: ExportSettings;
  readonly #origin: { readonly engine: string; readonly schema_version: number };
  readonly #days = new Map<string, ExportedDay>();
  readonly #changedDays: DayPlace[] = [];
  readonly #keptDays: DayPlace[] = [];
  #parts = 0;
  #rows = 0;
  #bytes = 0;
  #skippedDays = 0;

  constructor(
    settings: ExportSettings,
    days: readonly ExportedDay[],
    origin: { readonly engine: string; readonly schema_version: number },
  ) {
    this.#settings = settings;
    this.#origin = origin;
    for (const day of days) this.#days.set(keyOf(day), day);
  }

  /** Exports what is asked for of a table. */
  async exportTable(table: ExportTable, source: ExportSource): Promise<void> {
    const there = new Set<string>();
    if (this.#isEnded()) return;
    for await (const date of source.days(this.#rangeOf(source))) {
      there.add(date);
      await this.#exportDay({ table, date }, source);
      if (this.#isEnded()) return;
    }
    for (const day of [...this.#days.values()])
      if (day.table === table && !there.has(day.date) && this.#isAskedFor(day)) await this.#lookAfter(day, source);
  }

  /** Writes the manifest as things stand. */
  save(): Promise<void> {
    const { dir, format, startTime, endTime } = this.#settings;
    return writeManifest(dir, {
      export_version: EXPORT_VERSION,
      format,
      ...this.#origin,
      start_time: startTime ?? null,
      end_time: endTime ?? null,
      is_growing: this.#isGrowing(endTime),
      days: [...this.#days.keys()].sort().map((key) => this.#days.get(key)!),
    });
  }

  result(): TelemetryExport {
    return {
      parts: this.#parts,
      rows: this.#rows,
      bytes: this.#bytes,
      skippedDays: this.#skippedDays,
      changedDays: this.#changedDays,
      keptDays: this.#keptDays,
      isComplete: !this.#isEnded(),
      isGrowing: this.#isGrowing(this.#settings.endTime),
    };
  }

  async #exportDay(place: DayPlace, source: ExportSource): Promise<void> {
    const { startTime, endTime } = this.#rangeOf(source);
    const before = this.#days.get(keyOf(place));
    const asked = spanWithin(place.date, startTime, endTime);
    const span = before === undefined ? asked : hullOf(asked, spanOf(before));
    // Before a row is read: what comes meanwhile makes it another state, and the next export does the day again.
    const day: DayRun = { place, source, span, state: await source.state(span) };
    if (before === undefined) return this.#writeDay(day, []);
    const isSameSpan = span.startTime === before.start_time && span.endTime === before.end_time;
    const whole = await wholeParts(this.#settings.dir, before.parts);
    if (!before.is_complete)
      return isSameSpan && !before.is_growing
        ? this.#writeDay({ ...day, state: before.source_state }, whole)
        : this.#writeDay(day, []);
    if (whole.length < before.parts.length) return this.#writeDay(day, []);
    if (!isSameSpan || day.state !== before.source_state) return this.#replaceDay(day, before, isSameSpan);
    this.#skippedDays++;
    this.#days.set(keyOf(place), { ...before, is_growing: this.#isGrowing(before.end_time) });
  }

  /** Writes a day, or goes on behind `done`; a part is in the manifest as soon as it is whole. */
  async #writeDay(day: DayRun, done: readonly ExportedPart[]): Promise<void> {
    const parts = [...done];
    const record = (isComplete: boolean) => {
      this.#record(day, parts, isComplete);
      return this.save();
    };
    // What was said of files that are replaced now is no longer true.
    await record(false);
    const isWhole = await this.#write(day, done, async (part, file) => {
      await file.commit();
      parts.push(part);
      this.#count(part);
      await record(false);
    });
    if (!isWhole) return;
    await removeOtherParts(this.#settings.dir, day.place, parts);
    await record(true);
  }

  /** Writes a day again beside what is there, and puts it in its place unless the store has lost some of it. */
  async #replaceDay(day: DayRun, before: ExportedDay, isSameSpan: boolean): Promise<void> {
    const { place, source } = day;
    const written: { readonly part: ExportedPart; readonly file: PartFile }[] = [];
    const isWhole = await this.#write(day, [], async (part, file) => {
      written.push({ part, file });
    });
    const parts = written.map(({ part }) => part);
    const isLess = isWhole && rowsOf(parts) < before.rows && !(await source.isMoving(place.date, before.source_state));
    if (!isWhole || isLess) {
      for (const { file } of written) await file.abandon();
      if (!isWhole) return;
      this.#keptDays.push(place);
      const is_growing = this.#isGrowing(before.end_time);
      this.#days.set(keyOf(place), { ...before, source_state: day.state, is_growing });
      return;
    }
    for (const { part, file } of written) {
      await file.commit();
      this.#count(part);
    }
    await removeOtherParts(this.#settings.dir, place, parts);
    if (isSameSpan && !before.is_growing) this.#changedDays.push(place);
    this.#record(day, parts, true);
    await this.save();
  }

  /** A day of the export that has no rows in the store any more. */
  async #lookAfter(day: ExportedDay, source: ExportSource): Promise<void> {
    const { table, date } = day;
    if (!(await source.isMoving(date, day.source_state))) return;
    await removeOtherParts(this.#settings.dir, day, []);
    this.#days.delete(keyOf(day));
    this.#changedDays.push({ table, date });
    await this.save();
  }

  #write(
    { place, source, span }: DayRun,
    done: readonly ExportedPart[],
    onPart: (part: ExportedPart, file: PartFile) => Promise<void>,
  ): Promise<boolean> {
    const { dir, format, maxRowsPerPart } = this.#settings;
    const isEnded = () => this.#isEnded();
    return exportDay(source, { ...place, dir, format, maxRowsPerPart, span, done, isEnded, onPart });
  }

  #record({ place, span, state }: DayRun, parts: readonly ExportedPart[], isWhole: boolean): void {
    this.#days.set(keyOf(place), {
      ...place,
      start_time: span.startTime,
      end_time: span.endTime,
      rows: rowsOf(parts),
      source_state: state,
      is_complete: isWhole,
      is_growing: this.#isGrowing(span.endTime),
      parts: [...parts],
    });
  }

  #count(part: ExportedPart): void {
    this.#parts++;
    this.#rows += part.rows;
    this.#bytes += part.bytes;
    this.#settings.onPart?.(part);
  }

  #isGrowing(endTime: string | undefined): boolean {
    return endTime === undefined || endTime >= this.#settings.settledAt;
  }

  #rangeOf({ isWhole }: ExportSource): TimeRange {
    return isWhole ? {} : this.#settings;
  }

  /** Whether all of a day that is there is within the range. */
  #isAskedFor({ start_time: from, end_time: to }: ExportedDay): boolean {
    const { startTime, endTime } = this.#settings;
    return (startTime === undefined || startTime <= from) && (endTime === undefined || to <= endTime);
  }

  #isEnded(): boolean {
    return this.#settings.signal?.aborted === true;
  }
}

function keyOf({ table, date }: DayPlace): string {
  return `${table} ${date}`;
}

function spanOf({ start_time: startTime, end_time: endTime }: ExportedDay): DaySpan {
  return { startTime, endTime };
}

function rowsOf(parts: readonly ExportedPart[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

/** The parts from the first one on that are there as the manifest has them. */
async function wholeParts(dir: string, parts: readonly ExportedPart[]): Promise<readonly ExportedPart[]> {
  const whole: ExportedPart[] = [];
  for (const part of parts) {
    if (!(await isSameFile(join(dir, part.path), part))) break;
    whole.push(part);
  }
  return whole;
}
