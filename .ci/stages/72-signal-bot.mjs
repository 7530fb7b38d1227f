// The signal bot against a real PostgreSQL, a real Redis and an OTLP receiver: metrics on both /metrics and over OTLP agree with the
// database, one trace from a chat message or an alert to the order at the exchange, logs in it, no secret anywhere; and it starts
// both servers itself, ends on request, and leaves nothing behind, also when it is killed.
// ci-needs: redis-server initdb postgres
// ci-timeout: 420
import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { parseExposition } from "../../packages/node/test/exposition.ts";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { metricSum } from "./parts/metric-points.mjs";
import { startPostgres } from "./parts/postgres-server.mjs";
import { processesWith } from "./parts/process-list.mjs";
import { openFacts } from "./parts/signal-bot-facts.mjs";
import { checkMetrics, near } from "./parts/signal-bot-metrics.mjs";
import { BACKEND, checkOrderTraces } from "./parts/signal-bot-traces.mjs";
import { endOf, startProgram } from "./parts/subprocess.mjs";
import { groupTraces } from "./parts/traces.mjs";
import { until } from "./parts/until.mjs";
import { cleanEnv, freePorts, machineEnv, root, scratchFolder } from "./parts/workspace.mjs";

const LOAD_SECONDS = 12;
const SECRETS = {
  WEBHOOK_SECRET: "planted-webhook-secret-5f1c",
  BACKEND_TOKEN: "planted-backend-token-77ab",
  BINGX_API_KEY: "planted-bingx-key-91d0",
  BINGX_API_SECRET: "planted-bingx-secret-c0de",
};
const DATABASE_PASSWORD = "planted-database-password-3e";
const main = join(root, "examples/signal-bot/dist/main.js");

const stage = createStage("signal-bot");
if (await stage.check("the packages build", () => build("@tracebook-examples/signal-bot"))) {
  await observedRun();
  await stage.check("npm run example:signal-bot brings its own servers and ends by itself", ownServers);
  await stage.check("Ctrl-C ends it with a summary and code 0", interrupted);
  await stage.check("kill -9 leaves no process and no server behind", killed);
}
stage.finish();

async function observedRun() {
  const [postgres, redis, sink] = await Promise.all([startPostgres(), startRedis(), startOtlpSink()]);
  const port = await freePorts(2);
  const out = scratchFolder("signal-bot");
  const databaseUrl = `postgres://bot:${DATABASE_PASSWORD}@127.0.0.1:${postgres.port}/postgres`;
  const flags = ["--load-seconds", LOAD_SECONDS, "--signals", 12, "--updates", 6, "--reject-percent", 15, "--seed", 7];
  const program = startProgram(
    process.execPath,
    [main, "--json", "--out", out, "--backend-port", port, "--bot-port", port + 1, ...flags].map(String),
    {
      cwd: root,
      env: cleanEnv({
        ...SECRETS,
        DATABASE_URL: databaseUrl,
        REDIS_URL: redis.url,
        TELEMETRY_OTLP_ENDPOINT: sink.url,
        TELEMETRY_METRICS_INTERVAL_MS: "2000",
      }),
    },
  );
  const facts = { sink, out, program, port };
  try {
    await stage.check(`${LOAD_SECONDS} s of alerts and chat, then the queue drains`, () => runLoad(facts, databaseUrl));
    await checkMetrics(stage, facts);
    await stage.check("SIGTERM ends it with code 0 and a summary that agrees with the database", () => endRun(facts));
  } finally {
    await program.stop();
    await Promise.all([postgres.program.stop(), redis.program.stop(), sink.close()]);
  }
  if (facts.summary === undefined) return;
  await checkOtlp(facts);
  await stage.check("no secret in any byte of it", () => checkSecrets(facts));
}

async function startRedis() {
  const port = await freePorts(1);
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const program = startProgram("redis-server", args, { env: cleanEnv(), cwd: scratchFolder("redis") });
  await program.until("Redis takes connections", (said) => /ready to accept connections/i.test(said));
  return { program, url: `redis://127.0.0.1:${port}` };
}

async function runLoad(facts, databaseUrl) {
  const { program, port } = facts;
  await program.until("the end of the load", (said) => said.includes("no new alerts"), { timeoutMs: 60_000 });
  const database = await openFacts(databaseUrl);
  await program.until("nothing is open", async () => (await database.open()) === 0);
  facts.database = await database.all();
  facts.orders = await database.orders();
  await database.close();
  const scrape = async (at) => (await fetch(`http://127.0.0.1:${at}/metrics`)).text();
  facts.texts = [await scrape(port), await scrape(port + 1)];
  [facts.backend, facts.bot] = facts.texts.map(parseExposition);
  const { signals, orders, fills } = facts.database;
  assert.ok(signals > 50 && orders > 20 && fills > orders / 2, JSON.stringify(facts.database));
  return `${signals} signals, ${orders} orders, ${fills} fills`;
}

async function endRun(facts) {
  const { program, database, out } = facts;
  program.signal("SIGTERM");
  assert.equal(endOf(await program.exit), "exit code 0", program.stderr());
  const summary = JSON.parse(program.stdout().trimEnd().split("\n").at(-1));
  assert.deepEqual(summary.dropped, {});
  assert.equal(summary.queue_depth, 0);
  assert.equal(summary.decisions.accepted + summary.decisions.rejected, database.signals);
  const { filled, rejected, failed, duplicate } = summary.orders;
  assert.deepEqual([filled + rejected, failed, duplicate], [database.orders, 0, 0]);
  for (const { symbol, realised } of database.realised) near(Number(summary.realised_pnl[symbol]), realised, symbol);
  assert.deepEqual(processesWith("TELEMETRY_DIR", out) ?? [], []);
  facts.summary = summary;
  return `${summary.spans_exported} spans exported`;
}

async function checkOtlp(facts) {
  const { sink, summary, database, orders } = facts;
  await stage.check("every span arrived once, none without its parent", () => {
    facts.traces = groupTraces(sink.spans);
    assert.equal(sink.spans.length, summary.spans_exported);
    return `${sink.spans.length} spans, ${facts.traces.size} traces`;
  });
  await stage.check("every order is in one trace with what it came from, across the queue and the processes", () =>
    checkOrderTraces(facts),
  );
  await stage.check("logs: orders in the trace of their order, events as log records", () => {
    const handled = new Map(
      sink.spans
        .filter(({ name }) => name === "OrderService.handle_signal")
        .map((span) => [span.attributes["trading.client_order_id"], span]),
    );
    const filled = sink.logs.filter(({ body, eventName }) => eventName === undefined && body === "order filled");
    assert.equal(filled.length, summary.orders.filled);
    for (const { traceId, spanId, attributes } of filled) {
      const span = handled.get(attributes.client_order_id);
      assert.deepEqual([traceId, spanId], [span?.traceId, span?.spanId], attributes.client_order_id);
    }
    const events = (name) => sink.logs.filter(({ eventName }) => eventName === `trading.${name}`);
    assert.equal(events("decision").length, database.signals);
    assert.equal(events("order_request").length, database.orders);
    assert.equal(events("order_result").length, database.orders);
    const { taken, refused } = summary.alerts;
    const asked = summary.requests.success + summary.requests.error;
    assert.equal(events("api_event").length, taken + refused + asked);
    for (const { traceId } of events("api_event"))
      assert.ok(facts.traces.has(traceId), "a request event without its trace");
    const fromFile = readFileSync(join(facts.out, "logs", `${BACKEND}.log`), "utf8")
      .trim()
      .split("\n")
      .map(JSON.parse);
    const lines = fromFile.filter(({ msg }) => msg === "order filled");
    assert.ok(lines.every(({ trace_id, span_id }) => facts.traces.has(trace_id) && /^[0-9a-f]{16}$/.test(span_id)));
    assert.equal(lines.length, filled.length);
    return `${filled.length} lines, ${events("api_event").length} request events`;
  });
  await stage.check("the same metrics over OTLP", () => {
    const sum = (name, labels) => metricSum(sink.metrics, name, labels);
    assert.equal(sum("tradingview_signals_ingested_total"), database.signals);
    assert.equal(sum("tvtelegrambingx_order_transitions_total", { status: "requested" }), database.orders);
    for (const { action, usd } of database.notional)
      near(sum("tvtelegrambingx_order_notional_usd_total", { action }), usd, action);
    for (const { symbol, realised } of database.realised)
      near(sum("tvtelegrambingx_realised_pnl_usd", { symbol }), realised, symbol);
    assert.equal(sum("database_queries_total", { operation: "insert", table: "fills" }), database.fills);
    assert.equal(sum("redis_operations_total", { type: "rpush" }), database.signals);
    assert.equal(sum("tvtelegrambingx_signal_queue_depth"), 0);
    const { message, callback_query: buttons } = summary.updates;
    assert.equal(sum("tvtelegrambingx_bot_updates_total"), message + buttons);
    assert.equal(sum("tvtelegrambingx_bot_backend_requests_total"), summary.requests.success + summary.requests.error);
    assert.equal(orders.length, database.orders);
  });
}

function checkSecrets({ sink, texts, program, out }) {
  const files = readdirSync(out, { recursive: true })
    .map((name) => join(out, name))
    .filter((path) => statSync(path).isFile());
  const places = {
    OTLP: sink.bodies.join("\n"),
    "/metrics": texts.join("\n"),
    "the terminal": `${program.stdout()}${program.stderr()}`,
    ...Object.fromEntries(files.map((path) => [path, readFileSync(path, "utf8")])),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const secret of [...Object.values(SECRETS), DATABASE_PASSWORD])
      assert.ok(!text.includes(secret), `${secret} in ${place}`);
    assert.doesNotMatch(text, /signature=[0-9a-f]{16}/, `a signature in ${place}`);
  }
  return `${files.length} files, ${sink.bodies.length} requests`;
}

/** Starts it the way a user does, with a folder for its temporary files, of which none must be left. */
function startOwn(command, args, env) {
  const temporary = scratchFolder("signal-bot-tmp");
  // The user that PostgreSQL runs as must be able to pass through.
  chmodSync(temporary, 0o755);
  const out = scratchFolder("signal-bot-own");
  const flags = ["--json", "--backend-port", "0", "--bot-port", "0", "--out", out];
  const program = startProgram(command, [...args, ...flags], { cwd: root, env: env({ TMPDIR: temporary }) });
  return { program, out, temporary };
}

async function portsOf(program) {
  const said = await program.until("its servers run", (text) => /data: .*bot's metrics: /s.test(text) && text, {
    timeoutMs: 120_000,
  });
  return [...said.matchAll(/of its own on port (\d+)/g)].map(([, port]) => Number(port));
}

async function nothingLeft({ out, temporary }, ports, isClean) {
  await until("no process is left", () => (processesWith("TELEMETRY_DIR", out) ?? []).length === 0);
  assert.equal(ports.length, 2);
  for (const port of ports) await until(`nobody listens on ${port}`, async () => !(await isListening(port)));
  const left = readdirSync(temporary).filter((name) => name.startsWith("signal-bot-"));
  if (isClean) assert.deepEqual(left, []);
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function ownServers() {
  const own = startOwn("npm", ["run", "example:signal-bot", "--", "--seconds", "6"], machineEnv);
  try {
    const ports = await portsOf(own.program);
    assert.equal(endOf(await own.program.exit), "exit code 0", own.program.stderr());
    const summary = JSON.parse(own.program.stdout().trimEnd().split("\n").at(-1));
    assert.ok(summary.orders.filled > 0, JSON.stringify(summary));
    await nothingLeft(own, ports, true);
    return `${summary.orders.filled} orders filled`;
  } finally {
    await own.program.stop();
  }
}

async function interrupted() {
  const faults = ["--outage-every", "2", "--outage-seconds", "1", "--signals", "20"];
  const own = startOwn(process.execPath, [main, ...faults], cleanEnv);
  try {
    const ports = await portsOf(own.program);
    await own.program.until("an outage was felt", () => /unreachable/.test(readLog(own.out)));
    const fromMs = performance.now();
    own.program.signalGroup("SIGINT");
    assert.equal(endOf(await own.program.exit), "exit code 0", own.program.stderr());
    const afterMs = Math.round(performance.now() - fromMs);
    assert.match(own.program.stderr(), /^Summary$/m);
    await nothingLeft(own, ports, true);
    return `${afterMs} ms`;
  } finally {
    await own.program.stop();
  }
}

function readLog(out) {
  try {
    return readFileSync(join(out, "logs", `${BACKEND}.log`), "utf8");
  } catch {
    return "";
  }
}

async function killed() {
  const own = startOwn(process.execPath, [main], cleanEnv);
  try {
    const ports = await portsOf(own.program);
    own.program.signal("SIGKILL");
    await nothingLeft(own, ports, false);
  } finally {
    await own.program.stop();
  }
}
