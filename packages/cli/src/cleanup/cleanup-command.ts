// `tracebook cleanup`: removes what is too old from a store.
import { toTimestamp } from "@tracebook/core";
import type { CleanUpOptions, CleanUpResult } from "@tracebook/store";
import { ageOption } from "../age.ts";
import { parseArguments } from "../arguments.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Command, CommandContext, CommandOptions } from "../command.ts";
import { groupDigits } from "../digit-groups.ts";
import { showBytes } from "../doctor/quantity.ts";
import { printable, printableJson } from "../printable.ts";
import { DB_OPTION, withStore } from "../with-store.ts";

const OPTIONS = {
  db: DB_OPTION,
  "older-than": { type: "string", valueName: "AGE", doc: "everything that is older: 30d, 12h, 4w" },
  events: { type: "string", valueName: "AGE", doc: "events and decisions, instead of --older-than" },
  traces: { type: "string", valueName: "AGE", doc: "spans, instead of --older-than" },
  metrics: { type: "string", valueName: "AGE", doc: "points of metrics and counts of flows, instead of --older-than" },
  json: { type: "boolean", doc: "one JSON object" },
} as const satisfies CommandOptions;

const DETAILS = `Without an age nothing is removed: a store keeps everything unless somebody says how long. Ages count back from
now, rounded down to the minute. Others may go on reading and writing meanwhile, and it works on a full disk too.
The journal is not touched.
Exit codes: 0, 2 for wrong arguments and a database that cannot be cleaned.`;

/** The command. */
export const cleanupCommand: Command = {
  name: "cleanup",
  aliases: ["telemetry-cleanup", "telemetry_cleanup"],
  summary: "what is too old, removed from a store",
  usage: "--older-than AGE [--events AGE] [--traces AGE] [--metrics AGE] [--db FILE]",
  details: DETAILS,
  options: OPTIONS,
  run,
};

const MICROS_PER_MS = 1_000;

async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(args, OPTIONS);
  if (positionals.length > 0)
    throw new CliError(
      `"${positionals[0]}" is no option`,
      "A database is given as --db FILE, an age as --older-than 30d.",
    );
  const cuts = readCuts(values, Date.now());
  const removed = await withStore({ db: values.db, cleans: true }, context, async (store, path) => {
    return { path, ...(await store.cleanUp(cuts)) };
  });
  await context.stdout.write(values.json ? renderJson(removed, cuts) : renderText(removed));
  return EXIT.ok;
}

interface TypedAges {
  readonly "older-than"?: string | undefined;
  readonly events?: string | undefined;
  readonly traces?: string | undefined;
  readonly metrics?: string | undefined;
}

/** All ages are read before anything is removed. */
function readCuts(typed: TypedAges, nowMs: number): CleanUpOptions {
  const cut = (option: keyof TypedAges): string | undefined => {
    const text = typed[option];
    return text === undefined ? undefined : toTimestamp((nowMs - ageOption(option, text)) * MICROS_PER_MS);
  };
  const all = cut("older-than");
  const cuts = {
    eventsOlderThan: cut("events") ?? all,
    tracesOlderThan: cut("traces") ?? all,
    metricsOlderThan: cut("metrics") ?? all,
  };
  if (Object.values(cuts).some((timestamp) => timestamp !== undefined)) return cuts;
  throw new CliError(
    "nothing is removed unless you say what is too old",
    "Everything: --older-than 30d. Or each by itself: --events 90d --traces 30d --metrics 180d",
  );
}

interface Removed extends CleanUpResult {
  readonly path: string;
}

function renderText({ path, events, decisions, spans, metricPoints, freedBytes }: Removed): string {
  const rows: (readonly [string, number])[] = [
    ["Events", events],
    ["of them decisions", decisions],
    ["Spans", spans],
    ["Metric points", metricPoints],
  ];
  const texts = rows.map(([label, count]) => [label, groupDigits(count)] as const);
  const width = Math.max(...texts.map(([, text]) => text.length));
  return [
    `Removed from ${printable(path, 256)}:`,
    ...texts.map(([label, text]) => `  ${`${label}:`.padEnd(20)}${text.padStart(width)}`),
    `Given back to the disk: ${showBytes(freedBytes)}`,
    "",
  ].join("\n");
}

function renderJson(removed: Removed, cuts: CleanUpOptions): string {
  const json = {
    path: removed.path,
    events_older_than: cuts.eventsOlderThan ?? null,
    traces_older_than: cuts.tracesOlderThan ?? null,
    metrics_older_than: cuts.metricsOlderThan ?? null,
    events: removed.events,
    decisions: removed.decisions,
    spans: removed.spans,
    metric_points: removed.metricPoints,
    freed_bytes: removed.freedBytes,
  };
  return `${printableJson(json, 2)}\n`;
}
