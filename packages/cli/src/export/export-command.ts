// `tracebook export`: the events of a store as a file of their own.
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

const OPTIONS = {
  db: DB_OPTION,
  format: {
    type: "string",
    valueName: "FORMAT",
    doc: "csv, json or ndjson; default: by the name of the file, else json",
  },
  output: { type: "string", short: "o", valueName: "FILE", doc: "into this file instead of stdout" },
  force: { type: "boolean", doc: "replaces FILE if it is there" },
  type: { type: "string", valueName: "TYPE", doc: "only this event type" },
  symbol: { type: "string", valueName: "SYMBOL", doc: "only this symbol" },
  run: { type: "string", valueName: "RUN_ID", doc: "only this run" },
  from: { type: "string", valueName: "TIME", doc: FROM_DOC },
  to: { type: "string", valueName: "TIME", doc: TO_DOC },
} as const satisfies CommandOptions;

const DETAILS = `Oldest first, as they were when it began. csv has the columns event_type, timestamp, symbol, data, safe to open in a
spreadsheet; json is one array, ndjson an object a line, both with every field of the API. A file gets its name when
it is whole. On a terminal, characters that could act on it are replaced; into files and pipes everything goes as it is.
Exit codes: 0, 2 for wrong arguments and files that cannot be read or written, 130 after Ctrl-C.`;

/** The command. */
export const exportCommand: Command = {
  name: "export",
  aliases: [],
  summary: "the events of a store as CSV, JSON or JSON lines",
  usage: "[--format csv|json|ndjson] [FILTERS] [-o FILE] [--db FILE]",
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
  const format = readFormat(values.format, output);
  const filter = { eventType: type, symbol, runId, ...toStoreRange(readTimeSpan(values, Date.now())) };
  return {
    db: values.db,
    async run(store, databasePath, context) {
      const pieces = store.exportEvents(filter, format);
      if (output === undefined || output === "-") return toStdout(pieces, context.stdout);
      return toFile(pieces, await openExportFile(output, databasePath, force), output, context);
    },
  };
}

function readFormat(typed: string | undefined, output = ""): ExportFormat {
  if (typed === undefined) return ENDINGS.find(([ending]) => output.toLowerCase().endsWith(ending))?.[1] ?? "json";
  const format = FORMATS.find((name) => name === typed);
  if (format !== undefined) return format;
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
