// The signal bot against a real PostgreSQL, a real Redis and an OTLP receiver: metrics on both /metrics and over OTLP agree with the
// database, one trace from a chat message or an alert to the order at the exchange, logs in it, no secret anywhere; messages that
// came twice or fit nothing count nothing; what cannot start says what to do; and it starts both servers itself, ends on request
// at any moment, and leaves nothing behind, also when it is killed.
// ci-needs: redis-server initdb postgres
// ci-timeout: 480
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
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
import { checkOwnRuns } from "./parts/signal-bot-own.mjs";
import { checkStrangeMessages } from "./parts/signal-bot-queue.mjs";
import { checkRefusals } from "./parts/signal-bot-refusals.mjs";
import { BACKEND, checkOrderTraces } from "./parts/signal-bot-traces.mjs";
import { endOf, startProgram } from "./parts/subprocess.mjs";
import { groupTraces } from "./parts/traces.mjs";
import { cleanEnv, freePorts, root, scratchFolder } from "./parts/workspace.mjs";

const LOAD_SECONDS = 12;
const SECRETS = {
  WEBHOOK_SECRET: "planted-webhook-secret-5f1c",
  BACKEND_TOKEN: "planted-backend-token-77ab",
  BINGX_API_KEY: "planted-bingx-key-91d0",
  BINGX_API_SECRET: "planted-bingx-secret-c0de",
};
const DATABASE_PASSWORD = "planted-database-password-3e";
const REDIS_PASSWORD = "planted-redis-password-a4";
const main = join(root, "examples/signal-bot/dist/main.js");

const stage = createStage("signal-bot");
if (await stage.check("the packages build", () => build("@tracebook-examples/signal-bot"))) {
  await observedRun();
  await checkOwnRuns(stage);
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
    await stage.check("messages that came twice or fit nothing count nothing and stop nobody", () =>
      checkStrangeMessages({ ...facts, redisUrl: redis.url, before: facts.database, database: facts.connection }),
    );
    await stage.check("what cannot start says in one line what to do", () =>
      checkRefusals({ databaseUrl, redisUrl: redis.url }),
    );
    await stage.check("SIGTERM ends it with code 0 and a summary that agrees with the database", () => endRun(facts));
  } finally {
    await program.stop();
    await facts.connection?.close();
    await Promise.all([postgres.program.stop(), redis.program.stop(), sink.close()]);
  }
  if (facts.summary === undefined) return;
  await checkOtlp(facts);
  await stage.check("no secret in any byte of it", () => checkSecrets(facts));
}

async function startRedis() {
  const port = await freePorts(1);
  const settings = ["--requirepass", REDIS_PASSWORD, "--save", "", "--appendonly", "no"];
  const args = ["--port", String(port), "--bind", "127.0.0.1", ...settings];
  const program = startProgram("redis-server", args, { env: cleanEnv(), cwd: scratchFolder("redis") });
  await program.until("Redis takes connections", (said) => /ready to accept connections/i.test(said));
  return { program, url: `redis://:${REDIS_PASSWORD}@127.0.0.1:${port}` };
}

async function runLoad(facts, databaseUrl) {
  const { program, port } = facts;
  await program.until("the end of the load", (said) => said.includes("no new alerts"), { timeoutMs: 60_000 });
  const database = await openFacts(databaseUrl);
  await program.until("nothing is open", async () => (await database.open()) === 0);
  facts.database = await database.all();
  facts.orders = await database.orders();
  facts.connection = database;
  const scrape = async (at) => (await fetch(`http://127.0.0.1:${at}/metrics`)).text();
  // The second scrape would show it, had the first been taken for a request of somebody's.
  await scrape(port);
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
  // One that was over came again, and three fitted nothing.
  assert.deepEqual([filled + rejected, failed, duplicate], [database.orders, 3, 1]);
  const realised = Object.fromEntries(database.realised.map(({ symbol, realised: exact }) => [symbol, exact]));
  assert.deepEqual(summary.realised_pnl, realised);
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
    const asked = requestsOf(summary);
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
      assert.equal(sum("tvtelegrambingx_realised_pnl_usd", { symbol }), Number(realised), symbol);
    assert.equal(sum("database_queries_total", { operation: "insert", table: "fills" }), database.fills);
    assert.equal(sum("redis_operations_total", { type: "rpush" }), database.signals);
    assert.equal(sum("tvtelegrambingx_signal_queue_depth"), 0);
    const { message, callback_query: buttons } = summary.updates;
    assert.equal(sum("tvtelegrambingx_bot_updates_total"), message + buttons);
    assert.equal(sum("tvtelegrambingx_bot_backend_requests_total"), requestsOf(summary));
    assert.equal(orders.length, database.orders);
  });
}

function requestsOf({ requests }) {
  return requests.success + requests.refused + requests.error;
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
    for (const secret of [...Object.values(SECRETS), DATABASE_PASSWORD, REDIS_PASSWORD])
      assert.ok(!text.includes(secret), `${secret} in ${place}`);
    assert.doesNotMatch(text, /signature=[0-9a-f]{16}/, `a signature in ${place}`);
  }
  return `${files.length} files, ${sink.bodies.length} requests`;
}
