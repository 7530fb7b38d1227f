// A real Prometheus scrapes both processes of the flagship and a bot that records every seed metric: names, types, queries of S1,
// exemplars that lead to traces, native histograms, and the same bounds here and over OTLP.
// ci-needs: prometheus promtool
// ci-timeout: 300
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { startFlagship } from "./parts/flagship-run.mjs";
import { startPrometheusServer } from "./parts/prometheus-server.mjs";
import { endOf, startProgram } from "./parts/subprocess.mjs";
import { until } from "./parts/until.mjs";
import { userProject } from "./parts/user-project.mjs";
import { cleanEnv, freePorts, root, scratchFolder } from "./parts/workspace.mjs";

/** Queries as users write them, and what their answers must be. */
const QUERIES = [
  ['sum(trading_bots_active_total{status="running"})', (values) => values.length === 1 && values[0] === 1],
  ["rate(market_data_updates_total[1m])", (values) => values.length === 2 && values.every((value) => value > 0)],
  [
    "histogram_quantile(0.95, market_data_lag_seconds_bucket)",
    (values) => values.length === 2 && values.every((value) => value > 0 && value < 60),
  ],
  ["rate(trading_bot_trades_total[5m]) * 60", (values) => values.length > 0 && values.some((value) => value > 0)],
  ["portfolio_total_value_usd", (values) => values.length === 1 && values[0] > 0],
  [
    "sum by (decision) (trading_decisions_total)",
    (values) => values.length === 2 && values.every((value) => value > 0),
  ],
  [
    "histogram_quantile(0.99, sum by (le, stage) (rate(trading_stage_duration_seconds_bucket[1m])))",
    (values) => values.length >= 4 && values.some((value) => value > 0),
  ],
  ["sum(tracebook_dropped_total) or vector(0)", (values) => values.length === 1 && values[0] === 0],
];

const stage = createStage("prometheus");
const folder = scratchFolder("flagship");
const sink = await startOtlpSink();
const port = await freePorts(2);
const botPort = await freePorts(1);
const [trader, exchange, catalogueBot] = [port, port + 1, botPort].map((one) => `127.0.0.1:${one}`);
await stage.check("the packages build", () => build("@tracebook-examples/trading-floor"));
const { LINT_EXCEPTIONS, metricCatalogue } = await import(join(root, "packages/metrics/dist/index.js"));
const flagship = startFlagship(
  ["--out", join(folder, "out"), "--trader", "--open-threshold-bps=-1 --cooldown-ms 100"],
  { TELEMETRY_PROMETHEUS_PORT: String(port), TELEMETRY_OTLP_ENDPOINT: sink.url, OTEL_LOGS_EXPORTER: "none" },
);
const bot = startProgram(process.execPath, ["--import", "@tracebook/node/register", "all-metrics.mjs"], {
  cwd: userProject(),
  env: cleanEnv({
    TELEMETRY_ENABLED: "true",
    TELEMETRY_DIR: join(folder, "bot"),
    TELEMETRY_PROMETHEUS_PORT: String(botPort),
    TELEMETRY_OTLP_ENDPOINT: sink.url,
    OTEL_LOGS_EXPORTER: "none",
  }),
});
// Apart: S1's queries are asked of the flagship alone, since the bot makes up its numbers.
const prometheus = await startPrometheusServer(configFor([trader, exchange]));
const catalogue = await startPrometheusServer(configFor([catalogueBot]));
const native = await startPrometheusServer(configFor([catalogueBot]), {}, ["exemplar-storage", "native-histograms"]);
try {
  await checkAll();
} finally {
  for (const { program } of [prometheus, catalogue, native]) await program.stop();
  for (const program of [bot, flagship]) await program.stop();
  await sink.close();
}
stage.finish();

async function checkAll() {
  const scraped = await stage.check(
    "Prometheus scrapes both processes of the flagship, and the bot in two formats",
    async () => {
      const options = { timeoutMs: 90_000 };
      await flagship.until("both targets are up", async () => (await prometheus.ask("up == 1")).length === 2, options);
      for (const server of [catalogue, native])
        await bot.until("the bot is up", async () => (await server.ask("up == 1")).length === 1, options);
      const version = spawnSync("prometheus", ["--version"], { encoding: "utf8" });
      return `${version.stdout}${version.stderr}`.split("\n")[0];
    },
  );
  if (!scraped) return;
  for (const [query, isRight] of QUERIES) await checkQuery(query, isRight);
  await stage.check("every metric of features 21 to 29 is there under its name, with its type", checkCatalogue);
  await stage.check("the API serves exemplars, and each names a trace that has arrived", checkExemplars);
  await stage.check("with native histograms on they are native, with percentiles near the classic ones", checkNative);
  const targets = [trader, exchange, catalogueBot];
  const texts = await Promise.all(targets.map(async (target) => (await fetch(`http://${target}/metrics`)).text()));
  for (const [at, whose] of ["the trader's", "the exchange's", "the bot's"].entries())
    await stage.check(`promtool check metrics says of ${whose} /metrics what the list of exceptions has`, () =>
      lint(texts[at]),
    );
  await stage.check("they end cleanly", async () => {
    for (const program of [flagship, bot]) {
      program.signal("SIGTERM");
      assert.equal(endOf(await program.exit), "exit code 0", program.stderr());
    }
  });
  await stage.check("histograms have the same bounds on /metrics and over OTLP", () => compareBounds(texts.join("\n")));
}

function configFor(targets) {
  return `global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: bots\n    static_configs: [{ targets: ${JSON.stringify(targets)} }]\n`;
}

async function checkQuery(query, isRight) {
  await stage.check(query, async () => {
    let answer = [];
    await until(
      "the right answer",
      async () => {
        answer = await prometheus.ask(query);
        return isRight(answer.map(({ value }) => value));
      },
      { everyMs: 250 },
    ).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(answer)}`));
    return answer.map(({ labels, value }) => `${describe(labels)} ${Number(value.toPrecision(4))}`).join("; ");
  });
}

function describe({ __name__: _name, instance: _instance, job: _job, ...labels }) {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
}

async function checkCatalogue() {
  const wanted = Object.values(metricCatalogue()).filter(({ feature }) => feature >= 21 && feature <= 29);
  const missing = () => missingMetrics(wanted);
  await until("all metrics", async () => (await missing()).length === 0).catch(async (error) =>
    assert.fail(`${error.message}: ${(await missing()).join(", ")}`),
  );
  const types = await catalogue.get("metadata");
  for (const { name, kind } of wanted) {
    const flat = name.replaceAll(".", "_");
    // OpenMetrics calls the family of x_total x, and Prometheus keeps types by family.
    const [known] = types[flat] ?? types[flat.replace(/_total$/, "")] ?? [];
    assert.equal(known?.type, kind, `the type of ${flat}`);
    assert.notEqual(known.help, "");
  }
  return `${wanted.length} metrics`;
}

async function missingMetrics(wanted) {
  const names = new Set(await catalogue.get("label/__name__/values"));
  const series = wanted.flatMap(({ name, kind }) => {
    const flat = name.replaceAll(".", "_");
    return kind === "histogram" ? ["_bucket", "_sum", "_count"].map((suffix) => flat + suffix) : [flat];
  });
  return series.filter((name) => !names.has(name));
}

async function checkExemplars() {
  const answers = [];
  for (const name of ["trading_stage_duration_seconds_bucket", "trading_flow_duration_seconds_bucket"]) {
    const range = `start=${Date.now() / 1000 - 600}&end=${Date.now() / 1000 + 60}`;
    await until(`exemplars of ${name}`, async () => {
      const series = await prometheus.get(`query_exemplars?query=${name}&${range}`);
      answers.push(...series.flatMap(({ exemplars }) => exemplars));
      return series.length > 0;
    });
  }
  const traces = new Set(answers.map(({ labels }) => labels.trace_id));
  const arrived = () => new Set(sink.spans.map(({ traceId }) => traceId));
  const lost = () => [...traces].filter((trace) => !arrived().has(trace));
  await until("every trace", () => lost().length === 0).catch((error) => assert.fail(`${error.message}: ${lost()}`));
  return `${answers.length} exemplars of ${traces.size} traces`;
}

async function checkNative() {
  const name = "trading_stage_duration_seconds";
  let figures = "";
  await until("native percentiles", async () => {
    const by = async (server, query) =>
      new Map((await server.ask(query)).map(({ labels, value }) => [labels.stage, value]));
    const ofNative = await by(native, `histogram_quantile(0.5, ${name})`);
    const ofClassic = await by(catalogue, `histogram_quantile(0.5, ${name}_bucket)`);
    // Below the first bound a classic percentile is a guess.
    const stages = [...ofNative.keys()].filter((one) => ofNative.get(one) > 0 && ofClassic.get(one) > 1e-5);
    figures = stages.map((one) => `${one} ${us(ofNative.get(one))}/${us(ofClassic.get(one))} us`).join(", ");
    // Classic buckets are coarse: their estimate is within a factor of their width.
    return stages.length >= 3 && stages.every((one) => Math.abs(Math.log2(ofNative.get(one) / ofClassic.get(one))) < 2);
  }).catch((error) => assert.fail(`${error.message}: ${figures}`));
  const classic = await native.ask(`${name}_bucket`);
  return `medians native/classic ${figures}; classic buckets kept beside native ones: ${classic.length > 0 ? "yes" : "no"}`;
}

function us(seconds) {
  return (seconds * 1e6).toPrecision(3);
}

/** promtool's word on the text: it can be read, and what is found are the exceptions among its metrics. */
function lint(text) {
  const ended = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  const said = `${ended.stdout}${ended.stderr}`.trim();
  assert.ok(ended.status === 0 || ended.status === 3, `exit code ${ended.status}\n${said}`);
  const wanted = LINT_EXCEPTIONS.filter(({ metric, promtool }) => promtool && text.includes(`\n# TYPE ${metric} `));
  const findings = said === "" ? [] : said.split("\n");
  assert.deepEqual(findings.sort(), wanted.map(({ metric, promtool }) => `${metric} ${promtool}`).sort());
  return `${text.trimEnd().split("\n").length} lines, ${findings.length} exceptions`;
}

function compareBounds(text) {
  const ofText = new Map();
  for (const [, name, le] of text.matchAll(/^([a-z_]+)_bucket\{(?:.*,)?le="([^"]+)".*\}/gm)) {
    if (!ofText.has(name)) ofText.set(name, new Set());
    if (le !== "+Inf") ofText.get(name).add(Number(le));
  }
  const names = new Set();
  for (const { name, histogram } of sink.metrics) {
    const known = ofText.get(name.replaceAll(".", "_"));
    // What the end of the processes brought (the last deliveries) was not scraped any more.
    if (histogram === undefined || known === undefined) continue;
    for (const { explicitBounds } of histogram.dataPoints) {
      assert.deepEqual(explicitBounds, [...known], `bounds of ${name}`);
      names.add(name);
    }
  }
  for (const name of ["market_data_lag_seconds", "trading_stage_duration_seconds"]) assert.ok(names.has(name), name);
  return [...names].join(", ");
}
