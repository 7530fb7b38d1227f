// The real Collector with other services: what it keeps of their traces, what it counts of them, what it takes out of their
// telemetry; log records that it has acknowledged survive kill -9; and logs are found by their trace in a real store.
// ci-needs: go
// ci-timeout: 300
import assert from "node:assert/strict";
import { join } from "node:path";
import { INNOCENT_FIELDS, INNOCENT_TEXTS } from "../../packages/core/src/testdata/innocent-values.ts";
import { PLANTED_SECRETS } from "../../packages/core/src/testdata/planted-secrets.ts";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { answers, startCollector } from "./parts/collector-run.mjs";
import { readSamples, sampleSum } from "./parts/exposition.mjs";
import { flowTrace, foreignTrace, range } from "./parts/foreign-traces.mjs";
import { collectorOf, goProgram, VICTORIA_LOGS } from "./parts/go-programs.mjs";
import { hexId, sendOtlp, toAttributes, toSpan } from "./parts/otlp-items.mjs";
import { startProgram } from "./parts/subprocess.mjs";
import { until } from "./parts/until.mjs";
import { freePorts, scratchFolder } from "./parts/workspace.mjs";

const stage = createStage("collector-walls");
const nowMs = Date.now() - 5000;
let program;
const isBuilt = await stage.check("the Collector is built", () => {
  program = collectorOf("collector/builder.yaml").path;
});
if (isBuilt) {
  await sampling();
  await redaction();
  await killNine();
  await logStore();
}
stage.finish();

/** Starts a receiver and the Collector, runs `use`, ends both. */
async function withCollector(use, options = {}) {
  const sink = await startOtlpSink();
  const collector = await startCollector(program, { traces: sink.url, logs: sink.url, ...options });
  try {
    await use(collector, sink);
  } finally {
    await collector.stop();
    await sink.close();
  }
}

async function sampling() {
  const env = { TAIL_SAMPLING_WAIT: "2s", FOREIGN_SAMPLING_PERCENT: "10" };
  await withCollector(
    async (collector, sink) => {
      const traces = {
        kept: range(1, 200, (trace) => flowTrace(trace, nowMs)),
        failed: range(1000, 50, (trace) => foreignTrace(trace, nowMs, { error: true })),
        slow: range(2000, 50, (trace) => foreignTrace(trace, nowMs, { durationMs: 1500 })),
        plain: range(3000, 1000, (trace) => foreignTrace(trace * 0x9e3779b97f4a7c15n, nowMs)),
      };
      for (const spans of [traces.kept, traces.failed, traces.slow, traces.plain])
        assert.equal(await sendOtlp(collector.otlpUrl, "traces", spans.flat()), 200);
      // Its spans come one by one, the one with the reason last.
      const late = flowTrace(9000n, nowMs);
      for (const span of late) assert.equal(await sendOtlp(collector.otlpUrl, "traces", [span]), 200);
      const arrived = (spans) =>
        spans.flat().filter((span) => sink.spans.some((it) => it.spanId === span.spanId)).length;
      for (const [name, spans] of [
        ["with a keep reason", [...traces.kept, late]],
        ["that failed", traces.failed],
        ["that were slow", traces.slow],
      ])
        await stage.check(`all traces ${name} are kept whole`, async () => {
          const wanted = spans.flat().length;
          await until("them", () => arrived(spans) === wanted).catch(() => assert.equal(arrived(spans), wanted));
          return `${spans.length} traces, ${wanted} spans`;
        });
      await stage.check("of the rest a tenth, each whole or not at all", () => {
        const whole = traces.plain.filter((spans) => arrived([spans]) === spans.length).length;
        assert.equal(arrived(traces.plain), 2 * whole);
        // Ten in a hundred of a thousand, within six sigma.
        assert.ok(whole > 43 && whole < 157, `${whole} of 1,000`);
        return `${whole} of 1,000`;
      });
      await stage.check("span metrics count every foreign span, kept or not, and no flow", () =>
        spanMetrics(collector),
      );
      await stage.check("an error that comes after its trace was given up is kept all the same", () =>
        keepsLateError(collector, sink, traces.plain),
      );
    },
    { env },
  );
}

/** The request that fails at its end, half a minute after its first spans: what was dropped must not decide about what comes. */
async function keepsLateError(collector, sink, plain) {
  await until("all that nobody wants to be given up", async () => {
    const samples = readSamples(await (await fetch(`http://${collector.ownTarget}/metrics`)).text());
    return sampleSum(samples, "otelcol_processor_tail_sampling_sampling_traces_on_memory") === 0;
  });
  const seen = new Set(sink.spans.map(({ traceId }) => traceId));
  const [first] = plain.find(([{ traceId }]) => !seen.has(traceId));
  const late = { ...first, spanId: hexId(1n << 60n, 16), status: { code: 2, message: "failed" } };
  assert.equal(await sendOtlp(collector.otlpUrl, "traces", [late]), 200);
  await until("it", () => sink.spans.some(({ spanId }) => spanId === late.spanId));
}

async function spanMetrics(collector) {
  const wanted = 2 * (50 + 50 + 1000);
  let samples = [];
  await until(
    "the counts",
    async () => {
      samples = readSamples(await (await fetch(`http://${collector.exporterTarget}/metrics`)).text());
      return sampleSum(samples, "traces_span_metrics_calls") >= wanted;
    },
    { timeoutMs: 45_000, everyMs: 500 },
  );
  assert.equal(sampleSum(samples, "traces_span_metrics_calls"), wanted);
  assert.equal(sampleSum(samples, "traces_span_metrics_duration_count"), wanted);
  assert.equal(samples.filter(({ labels }) => labels.span_name === "tick").length, 0);
  return `${wanted} calls`;
}

async function redaction() {
  const planted = PLANTED_SECRETS.map(({ value, ...rest }) => ({ ...rest, value: toPlain(value) }))
    // What JSON cannot carry reaches no Collector.
    .filter(({ value, canaries }) => holdsOne(value, canaries));
  await withCollector(async (collector, sink) => {
    for (const [i, { value }] of planted.entries()) {
      const record = {
        traceId: hexId(i + 1, 32),
        body: { stringValue: "planted" },
        attributes: toAttributes(toFields(value)),
      };
      assert.equal(await sendOtlp(collector.otlpUrl, "logs", [record]), 200);
    }
    await until("the records", () => sink.logs.length >= planted.length);
    await stage.check("most secrets that the first wall never saw are taken out", () => {
      const records = new Map(sink.logs.map(({ traceId, ...record }) => [traceId, record]));
      const through = planted.filter(({ canaries }, i) => holdsOne(records.get(hexId(i + 1, 32)), canaries));
      console.log(`  not seen by regular expressions: ${through.map(({ where }) => where).join(", ")}`);
      assert.ok(through.length <= planted.length / 5, `${through.length} of ${planted.length} got through`);
      return `${planted.length - through.length} of ${planted.length}`;
    });
    await innocents(collector, sink);
  });
}

/** A value as a library would turn it into JSON; errors with all they hold. */
function toPlain(value) {
  const text = JSON.stringify(value, (_key, it) => {
    if (it instanceof Error) return { ...it, message: it.message, stack: it.stack };
    return typeof it === "bigint" ? String(it) : it;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

function toFields(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : { value };
}

function holdsOne(value, canaries) {
  const text = JSON.stringify(value) ?? "";
  return canaries.some((canary) => text.includes(JSON.stringify(canary).slice(1, -1)));
}

async function innocents(collector, sink) {
  await stage.check("what is no secret is left as it was", async () => {
    const before = sink.logs.length;
    const fields = [...INNOCENT_FIELDS, ...INNOCENT_TEXTS.map((text) => ["message", text])];
    const records = fields.map(([name, value]) => ({
      body: { stringValue: "innocent" },
      attributes: toAttributes({ [name]: value }),
    }));
    assert.equal(await sendOtlp(collector.otlpUrl, "logs", records), 200);
    await until("the records", () => sink.logs.length >= before + records.length);
    const changed = sink.logs.slice(before).filter(({ attributes }) => JSON.stringify(attributes).includes("****"));
    assert.deepEqual(
      changed.map(({ attributes }) => attributes),
      [],
    );
    return `${records.length} fields`;
  });
  await stage.check("names of spans and what they say of their errors are looked at too", async () => {
    const span = toSpan({
      trace: 77n,
      span: 78n,
      startMs: nowMs,
      error: true,
      name: "GET /?apiKey=cAn4ryInASpanName1",
    });
    span.status.message = "401 for Bearer cAn4ryInAStatusMessage99";
    assert.equal(await sendOtlp(collector.otlpUrl, "traces", [span]), 200);
    await until("the span", () => sink.spans.some(({ spanId }) => spanId === span.spanId));
    assert.doesNotMatch(sink.bodies.join("\n"), /cAn4ryIn/);
  });
}

async function killNine() {
  const records = 300;
  const queues = scratchFolder("queues");
  const sink = await startOtlpSink();
  await stage.check("log records that were acknowledged survive kill -9, twice, with the store away", async () => {
    sink.answer = 503;
    let acknowledged = 0;
    for (const round of [0, 1]) {
      const collector = await startCollector(program, { traces: sink.url, logs: sink.url, queues });
      for (let i = 0; i < records; i++) {
        const record = {
          body: { stringValue: `${round} ${i}` },
          attributes: toAttributes({ number: round * records + i }),
        };
        if ((await sendOtlp(collector.otlpUrl, "logs", [record])) === 200) acknowledged++;
      }
      collector.signalGroup("SIGKILL");
      await collector.exit;
    }
    assert.equal(acknowledged, 2 * records);
    sink.answer = 200;
    const collector = await startCollector(program, { traces: sink.url, logs: sink.url, queues });
    const numbers = () => new Set(sink.logs.map(({ attributes }) => Number(attributes.number)));
    await until("all of them", () => numbers().size === acknowledged, { timeoutMs: 60_000 }).finally(() =>
      collector.stop(),
    );
    return `${acknowledged} records, ${sink.logs.length - acknowledged} twice`;
  });
  await sink.close();
}

async function logStore() {
  let vlogs;
  await stage.check("VictoriaLogs is built", () => {
    const made = goProgram(VICTORIA_LOGS);
    vlogs = made.path;
    return made.wasKept ? "kept from before" : `built in ${made.seconds} s`;
  });
  if (vlogs === undefined) return;
  const address = `127.0.0.1:${await freePorts(1)}`;
  const store = startProgram(vlogs, [
    `-httpListenAddr=${address}`,
    `-storageDataPath=${join(scratchFolder("vlogs"), "data")}`,
  ]);
  try {
    await store.until("VictoriaLogs is ready", () => answers(`http://${address}/health`));
    await withCollector(
      async (collector) => {
        await stage.check("logs are found by the id of their trace", () => findsByTrace(collector, address));
      },
      { logs: `http://${address}/insert/opentelemetry` },
    );
  } finally {
    await store.stop();
  }
}

async function findsByTrace(collector, address) {
  const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n);
  const records = range(1, 20, (i) => ({
    timeUnixNano,
    traceId: hexId((i % 4n) + 1n, 32),
    spanId: hexId(i, 16),
    eventName: "trading.decision",
    body: { stringValue: `decision ${i}` },
    attributes: toAttributes({ "trading.net_edge": "1.20", "trading.decision": "REJECT" }),
  }));
  assert.equal(await sendOtlp(collector.otlpUrl, "logs", records, { "service.name": "basis-trader" }), 200);
  const query = `trace_id:="${hexId(1n, 32)}" {service.name="basis-trader"}`;
  let lines = [];
  await until(
    "the five of one trace",
    async () => {
      const answer = await fetch(`http://${address}/select/logsql/query?query=${encodeURIComponent(query)}`);
      lines = (await answer.text())
        .trim()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      return lines.length === 5;
    },
    { everyMs: 200 },
  ).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(lines)}`));
  assert.ok(lines.every((line) => line["trading.net_edge"] === "1.20"));
  return `${lines.length} lines`;
}
