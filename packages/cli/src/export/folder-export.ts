// `tracebook export --dir`: tables of a store as files by the day, for a warehouse.
import {
  EXPORT_TABLES,
  type ExportTable,
  exportTelemetryData,
  SIGNAL_TABLES,
  type Store,
  type TelemetryExport,
  WAREHOUSE_FORMATS,
  type WarehouseFormat,
} from "@tracebook/store";
import { CliError, EXIT } from "../cli-error.ts";
import type { CommandContext } from "../command.ts";
import { groupDigits } from "../digit-groups.ts";
import { showBytes } from "../doctor/quantity.ts";
import { nearestName } from "../nearest-name.ts";

/** What is exported, and where to. */
export interface FolderExport {
  readonly dir: string;
  /** Undefined: all that the store has. */
  readonly tables: readonly ExportTable[] | undefined;
  readonly format: WarehouseFormat;
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
}

/** The tables that are named, each one once; undefined where none is. Throws `CliError`. */
export function readTables(names: readonly string[] = []): readonly ExportTable[] | undefined {
  const tables = names.flatMap((name) => name.split(",")).map(readTable);
  return tables.length === 0 ? undefined : [...new Set(tables)];
}

/** The format of the files: `json` is JSON lines, as an array cannot be gone on with. Throws `CliError`. */
export function readFolderFormat(typed = "parquet"): WarehouseFormat {
  const format = WAREHOUSE_FORMATS.find((name) => name === (typed === "json" ? "ndjson" : typed));
  if (format !== undefined) return format;
  const nearest = nearestName(typed, WAREHOUSE_FORMATS);
  throw new CliError(
    `--format is "${typed}"; into a folder it must be parquet, csv, json or ndjson`,
    nearest && `Did you mean --format ${nearest}?`,
  );
}

/** Exports, and says what has come of it; resolves to the exit code. */
export async function exportIntoFolder(store: Store, wanted: FolderExport, context: CommandContext): Promise<number> {
  const interrupted = context.interruption();
  const tables = wanted.tables ?? tablesOf(store, context);
  const result = await exportTelemetryData(store, { ...wanted, tables, signal: interrupted });
  for (const line of toLines(result, wanted.dir)) context.note(line);
  if (result.isComplete) return EXIT.ok;
  return interrupted.reason === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
}

/** All tables; where there are no alerts beside a store on ClickHouse, all others, and a note that says so. */
function tablesOf(store: Store, context: CommandContext): readonly ExportTable[] {
  try {
    return store.alerts === undefined ? SIGNAL_TABLES : EXPORT_TABLES;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    context.note(`alerts are left out: ${error.message}`);
    return SIGNAL_TABLES;
  }
}

function readTable(name: string): ExportTable {
  const table = EXPORT_TABLES.find((one) => one === name);
  if (table !== undefined) return table;
  const nearest = nearestName(name, EXPORT_TABLES);
  throw new CliError(
    `--table is "${name}"; it must be ${EXPORT_TABLES.join(", ")}`,
    nearest && `Did you mean --table ${nearest}?`,
  );
}

function toLines(result: TelemetryExport, dir: string): string[] {
  const { parts, rows, bytes, skippedDays, changedDays, keptDays, isComplete, isGrowing } = result;
  const lines = [`${groupDigits(rows)} rows in ${parts} files, ${showBytes(bytes)}, written to ${dir}`];
  if (skippedDays > 0) lines.push(`${skippedDays} days of tables were there already, whole`);
  for (const { table, date } of changedDays)
    lines.push(`${table} of ${date} is done anew: the database has other rows of that day by now`);
  for (const { table, date } of keptDays)
    lines.push(`${table} of ${date} is left as it was: the database has fewer rows of it than the export`);
  if (!isComplete) lines.push("interrupted: the same command goes on from here");
  else if (isGrowing) lines.push("the range is still growing: the same command later brings what comes");
  return lines;
}
