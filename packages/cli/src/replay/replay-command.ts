// `tracebook replay`: the events of a journal again, in their order, at any speed.
import { createReadReport, type JournalRecord, type ReadReport, readJournal, replayJournal } from "@tracebook/journal";
import { optionalPath, parseArguments, positiveNumber } from "../arguments.ts";
import { EXIT } from "../cli-error.ts";
import type { Command, CommandContext, CommandOptions } from "../command.ts";
import { noJournal } from "../no-journal.ts";
import { describeSkipped } from "../skipped-note.ts";
import { createLineBuffer } from "./line-buffer.ts";
import { createReplayFilter, type ReplayFilter } from "./replay-filter.ts";
import { renderReplayJson, renderReplayLine } from "./replay-line.ts";
import { describeReplay } from "./replay-summary.ts";

const OPTIONS = {
  speed: { type: "string", valueName: "X", doc: "X times as fast as recorded (0.5, 1, 10), or max; default max" },
  type: { type: "string", multiple: true, valueName: "TYPE", doc: "only this event type (several: again, or a,b)" },
  symbol: { type: "string", multiple: true, valueName: "SYMBOL", doc: "only this symbol (several: again)" },
  run: { type: "string", valueName: "RUN_ID", doc: "only this run" },
  trace: { type: "string", valueName: "TRACE_ID", doc: "only this trace: 32 hex digits or a UUID" },
  from: { type: "string", valueName: "ISO", doc: "from this instant on; without a zone it is UTC" },
  to: { type: "string", valueName: "ISO", doc: "before this instant" },
  json: { type: "boolean", doc: "records as JSON lines" },
} as const satisfies CommandOptions;

const DETAILS = `Records of one instance come in the order of seq, those of several in the order of time. The pace follows
the recorded times; Ctrl-C ends the replay after the event that is being played. DIR may be one journal file.
Escape sequences and control characters in recorded text never reach the terminal.
Exit codes: 0, 1 without a journal to play, 2 for wrong arguments and files that cannot be read, 130 after Ctrl-C.`;

/** The command. */
export const replayCommand: Command = {
  name: "replay",
  aliases: ["replay_events", "replay-events"],
  summary: "the recorded events again, in order, at any speed",
  usage: "[OPTIONS] [DIR]",
  details: DETAILS,
  options: OPTIONS,
  run,
};

const MAX_SPEED = 1_000_000;

async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(args, OPTIONS);
  const path = optionalPath(positionals) ?? context.config.dir;
  const speed = toSpeed(values.speed ?? "max");
  const report = createReadReport();
  const source = selectRecords(path, createReplayFilter(values), report);
  const interrupted = context.interruption();
  const closed = context.stdout.closed;
  const lines = createLineBuffer(context.stdout, speed === "max");
  const summary = await replayJournal({
    source,
    speed,
    signal: closed === undefined ? interrupted : AbortSignal.any([interrupted, closed]),
    onEvent: ({ record }) =>
      lines.add(values.json ? renderReplayJson(record) : renderReplayLine(record, context.paint)),
  });
  await lines.flush();
  for (const sentence of describeSkipped(report)) context.note(sentence);
  if (report.files === 0) throw noJournal(`${path} holds no journal: there is nothing to play`, EXIT.negative);
  // A reader that left (`| head`) got what it wanted, and is not interested in how far the replay came.
  if (closed?.aborted !== true) context.note(describeReplay(summary, report.records, interrupted.aborted));
  return interrupted.aborted ? exitCodeOf(interrupted) : EXIT.ok;
}

function toSpeed(text: string): "max" | number {
  return text === "max" ? text : positiveNumber("speed", text.replace(/x$/i, ""), MAX_SPEED);
}

async function* selectRecords(path: string, filter: ReplayFilter, report: ReadReport): AsyncGenerator<JournalRecord> {
  for await (const record of readJournal(path, { ...filter.read, report })) if (filter.matches(record)) yield record;
}

function exitCodeOf({ reason }: AbortSignal): number {
  return reason === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
}
