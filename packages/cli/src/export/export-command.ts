// `tracebook export`: the events of a store as a file of their own, or whole tables as files in a folder.
import type { ExportFormat } from "@tracebook/store";
import { parseArguments } from "../arguments.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { CliOutput } from "../cli-io.ts";
import type { Command, CommandContext, CommandOptions } from "../command.ts";
import { showBytes } from "../doctor/quantity.ts";
import { nearestName } from "../nearest-name.ts";
import { printable } from "../printable.ts";
import { FROM_DOC, readTimeSpan, TO_DOC, toStoreRange } from "../time-range.ts";
import { DB_OPTION, runOnStore, type StoreWork } from "../with-store.ts";
import { type ExportTarget, openExportFile } from "./export-file.ts";
import { exportIntoFolder, readFolderFormat, readTables } from "./folder-export.ts";

const OPTIONS = {
  db: DB_OPTION,
  format: {
    type: "string",
    valueName: "FORMAT",
    doc: "csv, json or ndjson; default: by the name of the file, else json. With --dir parquet, csv or ndjson; default parquet",
  },
  output: { type: "string", short: "o", valueName: "FILE", doc: "into this file instead of stdout" },
  force: { type: "boolean", doc: "replaces FILE if it is there" },
  dir: { type: "string", valueName: "DIR", doc: "whole tables into this folder, by the day, for a warehouse" },
  table: {
    type: "string",
    valueName: "TABLE",
    multiple: true,
    doc: "with --dir: only this table, may be given again; default: all of them",
  },
  type: { type: "string", valueName: "TYPE", doc: "only this event type" },
  symbol: { type: "string", valueName: "SYMBOL", doc: "only this symbol" },
  run: { type: "string", valueName: "RUN_ID", doc: "only this run" },
  from: { type: "string", valueName: "TIME", doc: FROM_DOC },
  to: { type: "string", valueName: "TIME", doc: TO_DOC },
} as const satisfies CommandOptions;

const DETAILS = `Oldest first, as they were when it began. csv has the columns event_type, timestamp, symbol, data, safe to open in a
spreadsheet; json is one array, ndjson an object a line, both with every field of the API. A file gets its name when
it is whole. On a terminal, characters that could act on it are replaced; into files and pipes everything goes as it is.

With --dir, events, decisions, traces, metrics, alerts and their rules go into DIR/table=TABLE/date=DAY/part-00000.parquet, and
manifest.json says what is there. The same command goes on with what was interrupted, and brings what has come since, to days that
are long over too; what the database has cleaned up meanwhile stays in the folder. Decimals are text, exact. CSV there is for
loaders, not for spreadsheets.
Exit codes: 0, 2 for wrong arguments and files that cannot be read or written, 130 after Ctrl-C.`;

/** The command. */
export const exportCommand: Command = {
  name: "export",
  aliases: [],
  summary: "what a store has as CSV, JSON, JSON lines or Parquet",
  usage: "[--format FORMAT] [FILTERS] [-o FILE | --dir DIR] [--db FILE]",
  details: DETAILS,
  options: OPTIONS,
  run: async (args, context) => runOnStore(readExport(args), context),
};

const FORMATS: readonly ExportFormat[] = ["csv", "json", "ndjson"];
const ENDINGS: readonly (readonly [string, ExportFormat])[] = [
  [".csv", "csv"],
  [".ndjson", "ndjson"],
  [".jsonl", "ndjson"],
];

/** Reads what is exported, and where to. Throws `CliError`. */
export function readExport(args: readonly string[]): StoreWork {
  const { values, positionals } = parseArguments(args, OPTIONS);
  if (positionals.length > 0)
    throw new CliError(`"${positionals[0]}" is no option`, "A database is given as --db FILE, the file as -o FILE.");
  const { type, symbol, run: runId, output, force = false } = values;
  const range = toStoreRange(readTimeSpan(values, Date.now()));
  if (values.dir !== undefined) return readDirExport(values, range);
  if (values.table !== undefined)
    throw new CliError("--table is for exports into a folder", "Give the folder: --dir DIR");
  const format = readFormat(values.format, output);
  const filter = { eventType: type, symbol, runId, ...range };
  return {
    db: values.db,
    async run(store, databasePath, context) {
      const pieces = store.exportEvents(filter, format);
      if (output === undefined || output === "-") return toStdout(pieces, context.stdout);
      return toFile(pieces, await openExportFile(output, databasePath, force), output, context);
    },
  };
}

/** Options that say which events go into one file, or how. */
const OF_A_FILE = ["output", "force", "type", "symbol", "run"] as const;

type DirValues = { readonly [name in "db" | "dir" | "format"]?: string } & { readonly table?: readonly string[] };

function readDirExport(
  values: DirValues & { readonly [name in (typeof OF_A_FILE)[number]]?: unknown },
  range: ReturnType<typeof toStoreRange>,
): StoreWork {
  const wrong = OF_A_FILE.find((name) => values[name] !== undefined);
  if (wrong !== undefined)
    throw new CliError(`--${wrong} is for an export into one file`, "Into a folder go whole tables: leave it out.");
  const { db, dir = "" } = values;
  if (dir === "" || dir.includes("\0")) throw new CliError(`--dir is "${dir}"; it must be the name of a folder`);
  const wanted = { dir, tables: readTables(values.table), format: readFolderFormat(values.format), ...range };
  return { db, run: (store, _path, context) => exportIntoFolder(store, wanted, context) };
}

function readFormat(typed: string | undefined, output = ""): ExportFormat {
  if (typed === undefined) return ENDINGS.find(([ending]) => output.toLowerCase().endsWith(ending))?.[1] ?? "json";
  const format = FORMATS.find((name) => name === typed);
  if (format !== undefined) return format;
  if (typed === "parquet") throw new CliError("--format parquet is for exports into a folder", "Give it: --dir DIR");
  const nearest = nearestName(typed, FORMATS);
  throw new CliError(
    `--format is "${typed}"; it must be csv, json or ndjson`,
    nearest && `Did you mean --format ${nearest}?`,
  );
}

async function toStdout(pieces: AsyncIterable<Uint8Array>, stdout: CliOutput): Promise<number> {
  const decoder = new TextDecoder();
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true });
    await stdout.write(stdout.isTTY ? printableLines(text) : text);
    // A reader that has seen enough (`| head`) is no error.
    if (stdout.closed?.aborted) break;
  }
  return EXIT.ok;
}

async function toFile(
  pieces: AsyncIterable<Uint8Array>,
  target: ExportTarget,
  path: string,
  { interruption, note }: CommandContext,
): Promise<number> {
  const interrupted = interruption();
  let sizeBytes = 0;
  try {
    for await (const piece of pieces) {
      if (interrupted.aborted) break;
      await target.write(piece);
      sizeBytes += piece.byteLength;
    }
    if (!interrupted.aborted) {
      await target.finish();
      note(`${showBytes(sizeBytes)} written to ${path}`);
      return EXIT.ok;
    }
  } catch (error) {
    await target.abandon();
    throw error;
  }
  await target.abandon();
  note(`interrupted: ${path} was not written`);
  return interrupted.reason === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
}

/** Pieces end with whole events. */
function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => printable(line, Number.MAX_SAFE_INTEGER))
    .join("\n");
}
