// `npm start -- --seconds 20 --json` with a Collector to send to: the counts, one trace per order across both processes, the
// same ids in journal, logs and spans, a journal that two programs find clean; and Ctrl-C.
// ci-timeout: 420
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { checkSummary, figuresOf, runFlagship, startFloor } from "./parts/flagship-run.mjs";
import { readRecords } from "./parts/journal-lines.mjs";
import { checkWithPython, mustBeClean, tracebook, whyNoPythonChecker } from "./parts/journal-verdicts.mjs";
import { processesWith } from "./parts/process-list.mjs";
import { endOf } from "./parts/subprocess.mjs";
import { checkOrderTrace, groupTraces } from "./parts/traces.mjs";
import { until } from "./parts/until.mjs";
import { scratchFolder } from "./parts/workspace.mjs";

const SECONDS = 20;
const stage = createStage("flagship");
await stage.check("the packages build", () => build("tracebook", "@tracebook-examples/trading-floor"));
await stage.check("the README's `npm run tracebook` runs the command", () => {
  const said = execFileSync("npm", ["run", "--silent", "tracebook", "--", "--version"], {
    encoding: "utf8",
    stdio: "pipe",
  });
  assert.match(said, /\d+\.\d+\.\d+/);
});
await watchedRun();
await stage.check("Ctrl-C in a terminal ends it with a summary and code 0", () =>
  interrupted((it) => it.signalGroup("SIGINT")),
);
await stage.check("SIGINT to npm alone does too", () => interrupted((it) => it.signal("SIGINT")));
await stage.check("SIGTERM to npm alone does too", () => interrupted((it) => it.signal("SIGTERM")));
await stage.check("kill -9 of npm leaves no process behind", orphaned);
stage.finish();

async function watchedRun() {
  const out = scratchFolder("flagship");
  const sink = await startOtlpSink();
  // Log lines from `info` on: the trader's and the exchange's own are few.
  const env = { TELEMETRY_OTLP_ENDPOINT: sink.url, LOG_LEVEL: "info" };
  let summary;
  let records;
  const ran = await stage.check(`npm start -- --seconds ${SECONDS} --json`, async () => {
    ({ summary } = await runFlagship(["--seconds", String(SECONDS), "--out", out], env));
    records = readRecords(out);
    return figuresOf(summary);
  });
  await sink.close();
  if (!ran) return;

  await stage.check("the summary has every key, counts of all kinds, nothing dropped, no no_reason", () => {
    checkSummary(summary);
    for (const key of ["frames", "ticks", "accepted", "rejected", "orders", "fills", "flows_kept"])
      assert.ok(summary[key] > 0, `${key} is ${summary[key]}`);
    return Object.entries(summary.outcomes)
      .map((pair) => pair.join(" "))
      .join(", ");
  });
  await stage.check("every span that was counted as exported arrived, once", () => {
    assert.equal(summary.spans_exported, sink.spans.length);
    return `${sink.spans.length} spans`;
  });
  await checkTraces(sink, records, summary);
  await checkJournal(out, records, summary);
}

async function checkTraces(sink, records, summary) {
  let traces;
  await stage.check("no span without its parent, no trace in two pieces", () => {
    traces = groupTraces(sink.spans);
    return `${traces.size} traces`;
  });
  await stage.check("an accepted order is one trace, from the frame to the exchange's handler", () => {
    const accepted = records.filter(({ event_type, data }) => event_type === "decision" && data.decision === "ACCEPT");
    assert.equal(accepted.length, summary.accepted);
    const orders = accepted.reduce((sum, { trace_id }) => sum + checkOrderTrace(traces.get(trace_id) ?? []), 0);
    assert.ok(orders >= summary.orders, `${orders} requests for ${summary.orders} orders`);
    return `${accepted.length} traces with ${orders} requests`;
  });
  await stage.check(
    "journal and spans name the same trace for decision, request, result and the exchange's handling",
    () => {
      const spanIds = new Set(sink.spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
      const traced = records.filter(({ trace_id }) => trace_id !== undefined);
      for (const { event_type, seq, trace_id, span_id } of traced)
        assert.ok(spanIds.has(`${trace_id} ${span_id}`), `${event_type} ${seq} names a span that never came`);
      const tracesOf = (type) => orderTraces(records.filter(({ event_type }) => event_type === type));
      const requests = tracesOf("order_request");
      assert.equal(requests.size, summary.orders);
      assert.deepEqual(tracesOf("order_result"), requests);
      assert.deepEqual(tracesOf("order_transition"), requests);
      return `${traced.length} records, ${requests.size} orders`;
    },
  );
  await stage.check("so do log records: events, and lines of pino where a flow is active", () => {
    const known = new Map(records.map((record) => [`${record.trace_id} ${record.span_id}`, true]));
    const events = sink.logs.filter(({ eventName }) => eventName?.startsWith("trading."));
    assert.equal(events.length, records.length);
    for (const { eventName, traceId, spanId } of events)
      assert.ok(traceId === undefined || known.has(`${traceId} ${spanId}`), `${eventName} of ${traceId}`);
    const lines = sink.logs.filter(({ eventName }) => eventName === undefined);
    const inFlows = lines.filter(({ traceId }) => traceId !== undefined);
    for (const line of inFlows) assert.ok(traces.has(line.traceId), `the line "${line.body}" of ${line.traceId}`);
    return `${events.length} events, ${lines.length} lines, ${inFlows.length} of them in flows`;
  });
}

/** By order, the trace that its records bear. */
function orderTraces(records) {
  const pairs = records.map(({ data, trace_id }) => [data.client_order_id, trace_id]);
  return new Map(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function checkJournal(out, records, summary) {
  const { dir, instances } = summary.journal;
  await stage.check("the journal holds what the summary says, seq complete per instance", () => {
    assert.equal(dir, out);
    assert.equal(records.length, summary.journal.records);
    const bySeq = Map.groupBy(records, ({ instance_id }) => instance_id);
    assert.deepEqual([...bySeq.keys()].sort(), Object.keys(instances).sort());
    for (const [id, { first_seq, last_seq }] of Object.entries(instances)) {
      const seqs = bySeq
        .get(id)
        .map(({ seq }) => seq)
        .sort((a, b) => a - b);
      assert.deepEqual(
        seqs,
        Array.from({ length: last_seq - first_seq + 1 }, (_, i) => first_seq + i),
      );
    }
    const decisions = records.filter(({ event_type }) => event_type === "decision").length;
    assert.equal(decisions, summary.decisions);
    return `${records.length} records of ${bySeq.size} instances`;
  });
  await stage.check("tracebook verify finds it clean", () => mustBeClean(out).figures);
  const why = whyNoPythonChecker();
  if (why !== undefined) stage.skip("check-journal.py finds it clean too", why);
  else
    await stage.check("check-journal.py finds it clean too", () => {
      const { clean, figures } = checkWithPython(out);
      assert.ok(clean, figures);
      return figures;
    });
  await stage.check("tracebook summarize prints every stage", () => {
    const { code, stdout, stderr } = tracebook("summarize", out);
    assert.equal(code, 0, stderr);
    const titles = [
      "WebSocket to OrderBook Update",
      "OrderBook to Signal",
      "Signal to Risk",
      "Risk Check to Order Send",
    ];
    for (const title of [...titles, "End-to-End"]) assert.ok(stdout.includes(title), `no "${title}" in\n${stdout}`);
    console.log(stdout);
  });
}

/** Starts it without an end, lets it trade, and ends it the way `interrupt` does. */
async function interrupted(interrupt) {
  const { out, program } = await startTrading();
  try {
    const fromMs = performance.now();
    interrupt(program);
    const end = await program.exit;
    const afterMs = Math.round(performance.now() - fromMs);
    assert.equal(endOf(end), "exit code 0", `${program.stdout()}${program.stderr()}`);
    assert.match(program.stdout(), /^Summary$/m);
    assert.doesNotMatch(program.stderr(), /error/i);
    assert.deepEqual(processesWith("TELEMETRY_DIR", out) ?? [], []);
    return `${afterMs} ms, ${mustBeClean(out).figures}`;
  } finally {
    await program.stop();
  }
}

/** Nobody can hand on a SIGKILL: the processes notice by themselves that the one that started them is gone. */
async function orphaned() {
  const { out, program } = await startTrading();
  const left = () => processesWith("TELEMETRY_DIR", out) ?? [];
  try {
    const before = left().length;
    program.signal("SIGKILL");
    const fromMs = performance.now();
    await until("no process is left", () => left().length === 0);
    return `${before} processes gone after ${Math.round(performance.now() - fromMs)} ms, ${mustBeClean(out).figures}`;
  } finally {
    for (const pid of left()) process.kill(pid, "SIGKILL");
    await program.stop();
  }
}

async function startTrading() {
  const out = scratchFolder("interrupted");
  const program = startFloor(["--out", out]);
  try {
    await program.until("a decision in the journal", () => hasDecision(out), { timeoutMs: 120_000 });
  } catch (error) {
    await program.stop();
    throw error;
  }
  return { out, program };
}

function hasDecision(out) {
  return existsSync(out) && readRecords(out).some(({ event_type }) => event_type === "decision");
}
