// A real Prometheus scrapes both processes of the flagship: the text is well formed, S1's queries have answers, and histograms
// have the same bounds here and over OTLP.
// ci-needs: prometheus promtool
// ci-timeout: 300
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { build } from "./parts/built.mjs";
import { startFlagship } from "./parts/flagship-run.mjs";
import { endOf, startProgram } from "./parts/subprocess.mjs";
import { until } from "./parts/until.mjs";
import { freePorts, scratchFolder } from "./parts/workspace.mjs";

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
const folder = scratchFolder("prometheus");
const sink = await startOtlpSink();
const port = await freePorts(2);
const targets = [`127.0.0.1:${port}`, `127.0.0.1:${port + 1}`];
await stage.check("the packages build", () => build("@tracebook-examples/basis-arbitrage"));
const flagship = startFlagship(
  ["--out", join(folder, "out"), "--trader", "--open-threshold-bps=-1 --cooldown-ms 100"],
  {
    TELEMETRY_PROMETHEUS_PORT: String(port),
    TELEMETRY_OTLP_ENDPOINT: sink.url,
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  },
);
const prometheus = await startPrometheus();
try {
  await checkAll();
} finally {
  await prometheus.program.stop();
  await flagship.stop();
  await sink.close();
}
stage.finish();

async function checkAll() {
  const scraped = await stage.check("Prometheus scrapes both processes", async () => {
    await flagship.until("both targets are up", async () => (await ask("up == 1")).length === 2, { timeoutMs: 90_000 });
    const version = spawnSync("prometheus", ["--version"], { encoding: "utf8" });
    return `${version.stdout}${version.stderr}`.split("\n")[0];
  });
  if (!scraped) return;
  for (const [query, isRight] of QUERIES)
    await stage.check(query, async () => {
      let answer = [];
      await until(
        "the right answer",
        async () => {
          answer = await ask(query);
          return isRight(answer.map(({ value }) => value));
        },
        { everyMs: 250 },
      ).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(answer)}`));
      return answer.map(({ labels, value }) => `${labels} ${Number(value.toPrecision(4))}`).join("; ");
    });
  const texts = await Promise.all(targets.map(async (target) => (await fetch(`http://${target}/metrics`)).text()));
  for (const [at, text] of texts.entries())
    await stage.check(`promtool check metrics reads ${["the trader's", "the exchange's"][at]} /metrics`, () =>
      lint(text),
    );
  await stage.check("it ends cleanly", async () => {
    flagship.signal("SIGTERM");
    assert.equal(endOf(await flagship.exit), "exit code 0", flagship.stderr());
  });
  await stage.check("histograms have the same bounds on /metrics and over OTLP", () => compareBounds(texts.join("\n")));
}

/** Starts Prometheus on a free port and resolves when it answers. */
async function startPrometheus() {
  const config = join(folder, "prometheus.yml");
  writeFileSync(
    config,
    `global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: flagship\n    static_configs: [{ targets: ${JSON.stringify(targets)} }]\n`,
  );
  const address = `127.0.0.1:${await freePorts(1)}`;
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, "data")}`];
  const program = startProgram("prometheus", [...flags, `--web.listen-address=${address}`]);
  await program.until("Prometheus is ready", () =>
    fetch(`http://${address}/-/ready`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  return { program, address };
}

/** The answer to an instant query: `[{ labels, value }]`. */
async function ask(query) {
  const url = `http://${prometheus.address}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { status, data, error } = await (await fetch(url)).json();
  if (status !== "success") throw new Error(`${query}: ${error}`);
  return data.result.map(({ metric, value }) => ({ labels: describe(metric), value: Number(value[1]) }));
}

function describe({ __name__: _name, instance: _instance, job: _job, ...labels }) {
  return Object.entries(labels)
    .filter(([label]) => !label.startsWith("otel_scope"))
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
}

/** promtool's word on the text: 0 is good, 3 is a matter of names (those of the catalogue are given), anything else is broken. */
function lint(text) {
  const ended = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  const said = `${ended.stdout}${ended.stderr}`.trim();
  assert.ok(ended.status === 0 || ended.status === 3, `exit code ${ended.status}\n${said}`);
  if (said !== "") console.log(said.replace(/^/gm, "  promtool: "));
  return `${text.trimEnd().split("\n").length} lines, ${said === "" ? "no" : said.split("\n").length} remarks on names`;
}

function compareBounds(text) {
  const ofText = new Map();
  for (const [, name, le] of text.matchAll(/^([a-z_]+)_bucket\{(?:.*,)?le="([^"]+)".*\}/gm)) {
    if (!ofText.has(name)) ofText.set(name, new Set());
    if (le !== "+Inf") ofText.get(name).add(Number(le));
  }
  const names = new Set();
  for (const { name, unit, histogram } of sink.metrics) {
    if (histogram === undefined) continue;
    const flat = name.replaceAll(".", "_");
    // The exporter for /metrics puts the unit behind names that do not have it.
    const known = ofText.get(flat) ?? ofText.get(`${flat}_${{ s: "seconds", By: "bytes" }[unit]}`);
    for (const { explicitBounds } of histogram.dataPoints) {
      assert.deepEqual(explicitBounds, [...(known ?? [])], `bounds of ${name}`);
      names.add(name);
    }
  }
  for (const name of ["market_data_lag_seconds", "trading_stage_duration_seconds"]) assert.ok(names.has(name), name);
  return [...names].join(", ");
}
