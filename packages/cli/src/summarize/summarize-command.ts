// `tracebook summarize`: how long every stage took.
import { optionalPath, parseArguments, positiveNumber } from "../arguments.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Command, CommandContext, CommandOptions } from "../command.ts";
import { describeSkipped } from "../skipped-note.ts";
import { type LatencySummary, summarizeLatencies } from "./latency-summary.ts";
import { checkFiles, type FoundFiles, findMetricFiles } from "./metric-files.ts";
import { renderSummaryCsv } from "./summary-csv.ts";
import { renderSummaryJson } from "./summary-json.ts";
import { renderSummaryText } from "./summary-text.ts";

const OPTIONS = {
  file: {
    type: "string",
    multiple: true,
    valueName: "FILE",
    doc: "this file instead of those of DIR (also .gz; several)",
  },
  window: { type: "string", valueName: "SECONDS", doc: "only so far back from the newest timestamp in the files" },
  flow: { type: "string", valueName: "NAME", doc: "only this flow" },
  csv: { type: "boolean", doc: "CSV, a line a stage, in milliseconds" },
  json: { type: "boolean", doc: "one JSON object" },
} as const satisfies CommandOptions;

const DETAILS = `Reads DIR/logs/metrics.jsonl with the files of further writers and rotated parts beside it, compressed or
not. Every field that ends in _ms is a stage. Percentiles are by nearest rank: the smallest recorded value
that at least so many percent of all values do not exceed. They are exact up to 8 million values of all
stages together; beyond that they come from a histogram and are within 0.3 %.
Which flows have a line in the file is up to TELEMETRY_METRICS_LOG of the service.
Exit codes: 0, 1 without data, 2 for wrong arguments and files that cannot be read.`;

/** The command. */
export const summarizeCommand: Command = {
  name: "summarize",
  aliases: ["summarize_metrics", "summarize-metrics"],
  summary: "stage latencies: count, min, average, max, percentiles",
  usage: "[--file FILE]... [--window SECONDS] [--flow NAME] [--csv | --json] [DIR]",
  details: DETAILS,
  options: OPTIONS,
  run,
};

const MAX_WINDOW_SECONDS = 1e10;

async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(args, OPTIONS);
  if (values.csv && values.json) throw new CliError("--csv and --json exclude each other");
  const dir = optionalPath(positionals);
  if (dir !== undefined && values.file) throw new CliError("--file and DIR exclude each other");
  const windowSeconds =
    values.window === undefined ? undefined : positiveNumber("window", values.window, MAX_WINDOW_SECONDS);
  const found: FoundFiles = values.file
    ? { folder: "", files: checkFiles(values.file) }
    : findMetricFiles(dir ?? context.config.dir);
  const summary = await summarizeLatencies({ files: found.files, flow: values.flow, windowSeconds });
  for (const sentence of describeRest(summary)) context.note(sentence);
  if (summary.stages.length === 0) throw noData(found, summary);
  const text = values.csv
    ? renderSummaryCsv(summary)
    : values.json
      ? renderSummaryJson(summary)
      : renderSummaryText(summary, context.paint);
  await context.stdout.write(text);
  return EXIT.ok;
}

/** What the figures do not contain, and what they mix. */
function describeRest(summary: LatencySummary): string[] {
  const { report, untimed, outOfRange, unlisted, flow } = summary;
  const sentences = describeSkipped(report);
  if (untimed > 0) sentences.push(`${untimed} lines have no timestamp and are in no window`);
  if (outOfRange > 0) sentences.push(`${outOfRange} durations below 0 or above 31 years are left out`);
  if (unlisted > 0) sentences.push(`${unlisted} durations of stages beyond the first 64 are left out`);
  if (flow === undefined && summary.flows.size > 1)
    sentences.push(`the figures mix the flows ${listFlows(summary)}; --flow NAME shows one`);
  return sentences;
}

const SHOWN_FLOWS = 8;

function listFlows({ flows }: LatencySummary): string {
  const all = [...flows].map(([name, count]) => `${name} (${count})`);
  const more = all.length > SHOWN_FLOWS ? ` and ${all.length - SHOWN_FLOWS} more` : "";
  return all.slice(0, SHOWN_FLOWS).join(", ") + more;
}

function noData({ folder, files }: FoundFiles, summary: LatencySummary): CliError {
  const { flow, flows, windowSeconds, untimed, events } = summary;
  if (files.length === 0)
    return new CliError(
      `no latency data: there is no metrics.jsonl in ${folder}`,
      "Run the service with TELEMETRY_ENABLED=true: it writes logs/metrics.jsonl below TELEMETRY_DIR.\n" +
        "Or say where it is: tracebook summarize DIR, tracebook summarize --file FILE",
      EXIT.negative,
    );
  const where = files.length === 1 ? files[0]! : `${files.length} files in ${folder || "the list"}`;
  if (flow !== undefined && !flows.has(flow)) {
    const hint =
      flows.size > 0 ? `Flows that are there: ${listFlows(summary)}` : "No line names a flow: leave out --flow.";
    return new CliError(`no latency data: no line of the flow "${flow}" in ${where}`, hint, EXIT.negative);
  }
  if (windowSeconds !== undefined && untimed > 0 && events === 0)
    return new CliError(`no latency data: no line with a timestamp in ${where}`, "Leave out --window.", EXIT.negative);
  return new CliError(
    `no latency data: no line with a stage in ${where}`,
    'A line looks like {"trace_id":"...","book_to_signal_ms":5.2,"timestamp":"..."}: every field ending in _ms is a stage.\n' +
      "With TELEMETRY_METRICS_LOG=all the service writes one for every flow.",
    EXIT.negative,
  );
}
