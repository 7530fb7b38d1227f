// The flagship -> the real Collector -> a receiver: spans, decisions and metric sums equal what the trader says, difference 0. A real
// Prometheus scrapes both routes, the Collector's and each process's own: the same metrics, types and labels; and it evaluates every rule.
// `--seconds N` for longer runs (20 by default).
// ci-needs: go prometheus
// ci-timeout: 600
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { parseYaml, startCollector, toYaml } from "./parts/collector-run.mjs";
import { readSamples, sampleSum } from "./parts/exposition.mjs";
import { checkSummary, figuresOf, startFlagship } from "./parts/flagship-run.mjs";
import { collectorOf } from "./parts/go-programs.mjs";
import { startPrometheusServer } from "./parts/prometheus-server.mjs";
import { endOf } from "./parts/subprocess.mjs";
import { groupTraces } from "./parts/traces.mjs";
import { until } from "./parts/until.mjs";
import { freePorts, root, scratchFolder } from "./parts/workspace.mjs";

const at = process.argv.indexOf("--seconds");
const SECONDS = at < 0 ? 20 : Number(process.argv[at + 1]);
/** Where the two routes differ, and why. */
const DIFFERENCES = {
  target_info: "service_name and service_instance_id are job and instance on the Collector's route",
};

const stage = createStage("collector-chain");
let program;
const isReady = await stage.check("the Collector and the packages are built", () => {
  program = collectorOf("collector/builder.yaml").path;
  build("@tracebook-examples/trading-floor");
});
if (isReady) await chain();
stage.finish();

async function chain() {
  const sink = await startOtlpSink();
  const collector = await startCollector(program, { traces: sink.url, logs: sink.url });
  const port = await freePorts(2);
  const flagship = startFlagship(["--seconds", String(SECONDS), "--json", "--out", scratchFolder("chain")], {
    TELEMETRY_OTLP_ENDPOINT: collector.otlpUrl,
    TELEMETRY_PROMETHEUS_PORT: String(port),
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    LOG_LEVEL: "info",
  });
  const prometheus = await startPrometheusServer(scrapeConfig(collector, port), ruleFiles());
  try {
    await flagship.until("a trade on both routes", () => hasBothRoutes(prometheus), { timeoutMs: 60_000 });
    await checkRoutes(prometheus);
    await checkRules(prometheus);
    await checkSums(flagship, collector, sink);
    await stage.check("exemplars lead to traces that arrived", () => exemplarsLeadToTraces(prometheus, sink));
    // Some rules can only go wrong once there is something to add up.
    await stage.check("and no rule has failed until the end", () => rulesAreHealthy(prometheus));
  } catch (error) {
    await stage.check("the chain runs", () => Promise.reject(error));
  } finally {
    await prometheus.program.stop();
    await flagship.stop();
    await collector.stop();
    await sink.close();
  }
  await stage.check("the Collector had nothing to complain about", () => assert.deepEqual(collector.complaints(), []));
}

/** Both routes and the Collector's own metrics, once a second; what is done to the Collector's labels is what is deployed. */
function scrapeConfig(collector, port) {
  const deployed = parseYaml(readFileSync(join(root, "collector/prometheus/prometheus.yml"), "utf8"));
  const { metric_relabel_configs: relabelled } = deployed.scrape_configs.find(
    ({ job_name }) => job_name === "otel-collector-services",
  );
  const job = (name, targets, more) => ({
    job_name: name,
    honor_labels: true,
    static_configs: [{ targets, labels: { route: name } }],
    ...more,
  });
  return toYaml({
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["rules/*.yml"],
    scrape_configs: [
      job("native", [`127.0.0.1:${port}`, `127.0.0.1:${port + 1}`]),
      job("collector", [collector.exporterTarget], {
        metric_relabel_configs: relabelled.filter(({ action }) => action === "labeldrop"),
      }),
      job("own", [collector.ownTarget]),
    ],
  });
}

/** The rules as they are deployed. */
function ruleFiles() {
  const folder = join(root, "collector/prometheus/rules");
  const names = readdirSync(folder).filter((name) => name.endsWith(".yml"));
  return Object.fromEntries(names.map((name) => [`rules/${name}`, readFileSync(join(folder, name), "utf8")]));
}

async function hasBothRoutes(prometheus) {
  const found = await prometheus.ask("count by (route) (trading_bot_trades_total)");
  return found.length === 2;
}

async function checkRoutes(prometheus) {
  let shapes;
  await stage.check("both routes have the same metrics and labels", async () => {
    shapes = { native: new Map(), collector: new Map() };
    // A series may be a scrape behind on one of the two.
    await until("the same on both", async () => {
      for (const route of ["native", "collector"]) shapes[route] = await shapeOf(prometheus, route);
      return differences(shapes).length === 0;
    }).catch(() => assert.deepEqual(differences(shapes), []));
    return `${shapes.native.size} metrics; apart from ${Object.keys(DIFFERENCES).join(", ")}`;
  });
  await stage.check("and the same types", async () => {
    const types = { native: await typesOf(prometheus, "native"), collector: await typesOf(prometheus, "collector") };
    const differing = [...types.native].filter(([name, type]) => types.collector.get(name) !== type);
    assert.deepEqual(
      differing.map(([name, type]) => `${name}: ${type}, ${types.collector.get(name)}`),
      [],
    );
    return `${types.native.size} types`;
  });
}

/** By metric, the sets of label names that its series have. */
async function shapeOf(prometheus, route) {
  const series = await prometheus.get(`series?match[]=${encodeURIComponent(`{route="${route}"}`)}`);
  const shapes = new Map();
  for (const { __name__: name, job: _job, instance: _instance, route: _route, ...labels } of series) {
    // What Prometheus says of a scrape belongs to no route.
    if (/^(?:up|scrape_.*)$/.test(name) || name in DIFFERENCES || name.includes(":")) continue;
    if (!shapes.has(name)) shapes.set(name, new Set());
    shapes.get(name).add(Object.keys(labels).sort().join(","));
  }
  return shapes;
}

function differences({ native, collector }) {
  const names = new Set([...native.keys(), ...collector.keys()]);
  const shown = (shapes) => [...(shapes ?? ["absent"])].sort().join(" | ");
  return [...names]
    .filter((name) => shown(native.get(name)) !== shown(collector.get(name)))
    .map((name) => `${name}: native ${shown(native.get(name))}; collector ${shown(collector.get(name))}`);
}

async function typesOf(prometheus, route) {
  const metadata = await prometheus.get(`targets/metadata?match_target=${encodeURIComponent(`{route="${route}"}`)}`);
  // OpenMetrics names the family of a counter without its ending.
  return new Map(
    metadata.map(({ metric, type }) => [type === "counter" ? metric.replace(/_total$/, "") : metric, type]),
  );
}

async function checkRules(prometheus) {
  await stage.check("Prometheus evaluates every rule without an error", () => rulesAreHealthy(prometheus));
  await stage.check("recordings about bots, decisions, stages and market data have answers", async () => {
    const wanted = [
      "status:trading_bots_active:sum",
      "job:trading_decisions:rate5m",
      "job:trading_decisions:accept_ratio5m",
    ];
    wanted.push("job_flow_stage:trading_stage_duration_seconds:p99_5m", "job_source:market_data_lag_seconds:p95_5m");
    wanted.push("instance:portfolio_total_value_usd:drawdown7d", "job_bot:trading_bot_trades:rate5m_per_minute");
    for (const name of wanted)
      await until(`an answer to ${name}`, async () =>
        (await prometheus.ask(name)).some(({ value }) => !Number.isNaN(value)),
      );
  });
}

/** Processes show some (OTLP from Node carries none), and each names a trace that is at the receiver. */
async function exemplarsLeadToTraces(prometheus, sink) {
  const nowS = Date.now() / 1000;
  const query = encodeURIComponent('{__name__=~"trading_(stage|flow)_duration_seconds_bucket"}');
  const found = await prometheus.get(`query_exemplars?query=${query}&start=${nowS - 600}&end=${nowS}`);
  const traces = new Set(sink.spans.map(({ traceId }) => traceId));
  const counts = { native: 0, collector: 0 };
  for (const { seriesLabels, exemplars } of found)
    for (const { labels } of exemplars) {
      assert.ok(traces.has(labels.trace_id), `${JSON.stringify(labels)} of ${JSON.stringify(seriesLabels)}`);
      counts[seriesLabels.route]++;
    }
  assert.ok(counts.native > 0, JSON.stringify(counts));
  return `${counts.native} scraped from processes, ${counts.collector} from the Collector`;
}

async function rulesAreHealthy(prometheus) {
  const rules = await until("all rules are evaluated", async () => {
    const all = (await prometheus.get("rules")).groups.flatMap((group) => group.rules);
    return all.every(({ health }) => health !== "unknown") && all;
  });
  const bad = rules.filter(({ health }) => health !== "ok").map(({ name, lastError }) => `${name}: ${lastError}`);
  assert.deepEqual(bad, []);
  return `${rules.length} rules`;
}

async function checkSums(flagship, collector, sink) {
  let summary;
  await stage.check(`npm start -- --seconds ${SECONDS} --json`, async () => {
    const end = await flagship.exit;
    assert.equal(endOf(end), "exit code 0", flagship.stderr());
    summary = JSON.parse(flagship.stdout().trimEnd().split("\n").at(-1));
    checkSummary(summary);
    return figuresOf(summary);
  });
  if (summary === undefined) return;
  const decisions = () => sink.logs.filter(({ eventName }) => eventName === "trading.decision").length;
  await stage.check("every span arrives, once, and no trace is in pieces", async () => {
    await until("the spans", () => sink.spans.length >= summary.spans_exported).catch(() => {});
    assert.equal(sink.spans.length, summary.spans_exported);
    return `${sink.spans.length} spans in ${groupTraces(sink.spans).size} traces, difference 0`;
  });
  await stage.check("every decision and every other record arrives, once", async () => {
    const records = () => sink.logs.filter(({ eventName }) => eventName?.startsWith("trading."));
    await until("the records", () => records().length >= summary.journal.records).catch(() => {});
    assert.deepEqual([decisions(), records().length], [summary.decisions, summary.journal.records]);
    return `${summary.decisions} decisions, ${summary.journal.records} records, difference 0`;
  });
  await stage.check("the sums of the metrics are the trader's own", () => compareSums(collector, summary));
  await stage.check("the second wall left what was clean alone", () =>
    assert.equal(sink.bodies.filter((body) => body.includes("****")).length, 0),
  );
}

/** What the Collector shows last: services push once more at their end. */
async function compareSums(collector, summary) {
  const wanted = {
    decisions: ["trading_decisions_total", {}, summary.decisions],
    accepted: ["trading_decisions_total", { decision: "ACCEPT" }, summary.accepted],
    frames: ["trading_flow_outcomes_total", { flow: "tick" }, summary.frames],
    flows: ["trading_flow_duration_seconds_count", { flow: "tick" }, summary.frames],
    kept: ["tracebook_flows_kept_total", {}, summary.flows_kept],
    orders: ["basis_order_transitions_total", { job: "basis-trader", status: "requested" }, summary.orders],
  };
  for (const [reason, count] of Object.entries(summary.outcomes))
    wanted[reason] = ["trading_flow_outcomes_total", { flow: "tick", reason_code: reason }, count];
  for (const [name, { count }] of Object.entries(summary.stages))
    wanted[name] = ["trading_stage_duration_seconds_count", { flow: "tick", stage: name }, count];
  const samples = readSamples(await (await fetch(`http://${collector.exporterTarget}/metrics`)).text());
  const sums = Object.entries(wanted).map(([key, [name, labels]]) => [key, sampleSum(samples, name, labels)]);
  assert.deepEqual(
    Object.fromEntries(sums),
    Object.fromEntries(Object.entries(wanted).map(([key, [, , sum]]) => [key, sum])),
  );
  return `${sums.length} sums, difference 0`;
}
