// The end of a process with telemetry, whatever state the Collector is in: how long it takes, with which code, and what was
// delivered. The stock OpenTelemetry SDK stands beside it, for its figures only.
// ci-timeout: 300
import assert from "node:assert/strict";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { largest, median } from "./parts/figures.mjs";
import { readRecords } from "./parts/journal-lines.mjs";
import { endOf, startProgram } from "./parts/subprocess.mjs";
import { userProject } from "./parts/user-project.mjs";
import { cleanEnv, refusedUrl, scratchFolder } from "./parts/workspace.mjs";

const RUNS = 3;
const TICKS = 300;
/** A tick is a root span and two stages. */
const SPANS = TICKS * 3;
/** The shutdown timeout, and what a loaded machine may take to notice. */
const LIMIT_MS = 3_200;
const SINKS = ["fast", "refused", "black hole"];
/** How it ends: what the bot is told, the signal it gets, and how it must be seen to end. */
const ENDS = [
  { name: "SIGTERM", how: "linger", signal: "SIGTERM", end: "SIGTERM" },
  { name: "SIGINT", how: "linger", signal: "SIGINT", end: "SIGINT" },
  { name: "return", how: "return", end: "exit code 0" },
  // Nothing asynchronous can happen any more: the journal is all that gets its data.
  { name: "process.exit(7)", how: "exit", end: "exit code 7" },
];

const stage = createStage("exit-times");
await stage.check("the packages build", () => build("@tracebook/node"));
const project = userProject("@opentelemetry/api", "@opentelemetry/sdk-node");
const rows = [];
for (const sink of SINKS)
  for (const end of ENDS) await stage.check(`${end.name} with a Collector that is ${sink}`, () => measure(sink, end));
for (const sink of SINKS) await compare(sink);
printRows();
stage.finish();

async function measure(sinkState, end) {
  const runs = [];
  for (let run = 0; run < RUNS; run++) runs.push(await runOnce(sinkState, end));
  const exitMs = runs.map(({ afterMs }) => afterMs);
  const figures = { median: median(exitMs), max: largest(exitMs) };
  const delivered = Math.min(...runs.map((run) => run.delivered));
  const journaled = Math.min(...runs.map((run) => run.journaled));
  const codes = [...new Set(runs.map((run) => run.ended))];
  const isAsynchronous = end.how !== "exit";
  const isDelivered = sinkState !== "fast" || !isAsynchronous || delivered === SPANS;
  const pass = codes.join() === end.end && figures.max <= LIMIT_MS && journaled === TICKS && isDelivered;
  rows.push([sinkState, end.name, figures.median, figures.max, codes.join(), delivered, journaled]);
  console.log(
    JSON.stringify({
      case: 6,
      sink: sinkState,
      end: end.name,
      runs: RUNS,
      accepted: SPANS,
      delivered,
      exit_ms: figures,
      pass,
    }),
  );
  assert.ok(
    pass,
    `${codes.join()} after ${exitMs.map(Math.round).join(", ")} ms, ${delivered} spans, ${journaled} decisions`,
  );
  return `${codes.join()}, median ${figures.median} ms, max ${figures.max} ms`;
}

async function runOnce(sinkState, { how, signal }) {
  const dir = scratchFolder("exit");
  const sink = await startOtlpSink();
  if (sinkState === "black hole") sink.answer = "hang";
  const endpoint = sinkState === "refused" ? await refusedUrl() : sink.url;
  const env = {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_OTLP_ENDPOINT: endpoint,
    TELEMETRY_DIR: dir,
    BOT_METRICS_ENABLED: "false",
  };
  const args = ["--import", "@tracebook/node/register", "ending.mjs", how, String(TICKS)];
  const { afterMs, end } = await timeEnd(args, env, signal);
  await sink.close();
  const journaled = readRecords(dir).filter(({ event_type }) => event_type === "decision").length;
  return { afterMs, ended: endOf(end), delivered: sink.spans.length, journaled };
}

/** Milliseconds from the moment the bot is through, or gets its signal, to its end. */
async function timeEnd(args, env, signal) {
  const program = startProgram(process.execPath, args, { cwd: project, env: cleanEnv(env) });
  try {
    await program.until("it is ready", () => program.stdout().includes("ready"), { everyMs: 5 });
    const fromMs = performance.now();
    if (signal !== undefined) program.signal(signal);
    const end = await program.exit;
    return { afterMs: Math.max(0, end.atMs - fromMs), end };
  } finally {
    await program.stop();
  }
}

/** The stock SDK under SIGTERM, once. */
async function compare(sinkState) {
  const sink = await startOtlpSink();
  if (sinkState === "black hole") sink.answer = "hang";
  const endpoint = sinkState === "refused" ? await refusedUrl() : sink.url;
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_LOGS_EXPORTER: "none",
  };
  const { afterMs, end } = await timeEnd(["ending-stock.mjs", "linger", String(TICKS)], env, "SIGTERM");
  await sink.close();
  rows.push([
    sinkState,
    "SIGTERM, stock SDK",
    Math.round(afterMs),
    Math.round(afterMs),
    endOf(end),
    sink.spans.length,
    "-",
  ]);
}

function printRows() {
  const head = ["Collector", "end", "median ms", "max ms", "ended by", "spans", "decisions"];
  const table = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log(`${SPANS} spans and ${TICKS} decisions a run`);
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    );
}
