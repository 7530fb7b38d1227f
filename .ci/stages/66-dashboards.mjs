// Every PromQL query of every dashboard gets an answer from a real Prometheus that scrapes the live examples and the Collector they
// send to, and that Prometheus takes each as well-formed. A Collector that was never built takes some minutes more.
// ci-needs: go prometheus prometheus-alertmanager postgres initdb redis-server
// ci-timeout: 900
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  everything,
  momentQueries,
  panelQueries,
  variableSelectors,
  withVariables,
} from "../../collector/src/dashboards/panel-queries.ts";
import { startOtlpSink } from "../../packages/node/test/otlp-sink.ts";
import { createStage } from "../stage.mjs";
import { SILENT, startAlertmanagerServer } from "./parts/alertmanager-server.mjs";
import { build } from "./parts/built.mjs";
import { startCollector } from "./parts/collector-run.mjs";
import { startFlagship } from "./parts/flagship-run.mjs";
import { collectorOf } from "./parts/go-programs.mjs";
import { startPrometheusServer } from "./parts/prometheus-server.mjs";
import { startProgram } from "./parts/subprocess.mjs";
import { until } from "./parts/until.mjs";
import { startWebhookReceiver } from "./parts/webhook-receiver.mjs";
import { cleanEnv, freePorts, root, scratchFolder } from "./parts/workspace.mjs";

/** How long the dashboards look back here: data is scraped once a second. */
const RANGE = "15s";
/** Counted from the first scrape; a rejected order or a lost update may take a while to come. */
const PATIENCE_MS = 60_000;
/** While false, /metrics of the services has no exemplars, and nobody looks for them. */
const EXEMPLARS_ARE_SERVED = true;
/** The flagship's names for what the dashboards call by the default prefix. */
const OWN_PREFIX = ["tvtelegrambingx_", "basis_"];

const stage = createStage("dashboards");
const folder = scratchFolder("dashboards");
const dashboards = ["overview", "trading", "decisions", "health"].map((name) =>
  JSON.parse(readFileSync(join(root, `collector/grafana/dashboards/${name}.json`), "utf8")),
);
let program;
const isReady = await stage.check("the Collector and the packages are built", () => {
  program = collectorOf("collector/builder.yaml").path;
  build("@tracebook-examples/trading-floor", "@tracebook-examples/signal-bot", "tracebook");
});
if (isReady) await run();
stage.finish();

async function run() {
  const sink = await startOtlpSink();
  const collector = await startCollector(program, { traces: sink.url, logs: sink.url });
  const telemetry = { TELEMETRY_OTLP_ENDPOINT: collector.otlpUrl, ENVIRONMENT: "ci" };
  const port = await freePorts(5);
  const flagship = startFlagship(
    [
      ...["--out", join(folder, "out"), "--trader", "--open-threshold-bps=-1 --cooldown-ms 100"],
      // Faults of every kind, so that the panels that show them have something to show.
      ...["--exchange", "--drop-depth 200 --malformed 100 --reject-ratio 0.2"],
    ],
    { TELEMETRY_PROMETHEUS_PORT: String(port), ...telemetry },
  );
  const signalBot = startSignalBot(port + 2, telemetry);
  const webhook = await startWebhookReceiver();
  const desk = startDesk(port + 4, webhook.url);
  const alertmanager = await startAlertmanagerServer(SILENT);
  const itself = join(folder, "prometheus-itself.json");
  const prometheus = await startPrometheusServer(scrapeConfig(collector, alertmanager, port, itself), ruleFiles());
  // Its port is known only now.
  writeFileSync(itself, JSON.stringify([{ targets: [prometheus.address] }]));
  try {
    await checkAll({ flagship, signalBot, desk, prometheus, sink });
  } finally {
    await Promise.all([flagship.stop(), signalBot.stop(20_000), desk.stop()]);
    await webhook.close();
    await prometheus.program.stop();
    await alertmanager.program.stop();
    await collector.stop();
    await sink.close();
  }
}

async function checkAll({ flagship, signalBot, desk, prometheus, sink }) {
  const down = async () =>
    (await prometheus.get("targets?state=active")).activeTargets.filter((t) => t.health !== "up");
  const areUp = async () => (await prometheus.ask("up == 1")).length === 8;
  const scraped = await stage.check("Prometheus scrapes examples, Collector, Alertmanager and itself", async () => {
    await flagship.until("all targets are up", areUp, { timeoutMs: 60_000 }).catch(async (error) => {
      const told = (await down()).map(({ scrapeUrl, lastError }) => `${scrapeUrl}: ${lastError}`);
      const said = [flagship, signalBot, desk].map((program) => `${program.stdout()}${program.stderr()}`);
      throw new Error([error.message, ...told, ...said].join("\n"));
    });
  });
  if (!scraped) return;
  await stage.check("variables offer values", () => checkVariables(prometheus));
  for (const dashboard of dashboards)
    await stage.check(`${dashboard.title}: Prometheus reads every query`, () => checkSyntax(prometheus, dashboard));
  const unanswered = await waitForAnswers(prometheus, dashboards.flatMap(promqlOf));
  for (const dashboard of dashboards)
    await stage.check(`${dashboard.title}: every query is answered`, () => checkAnswers(dashboard, unanswered));
  if (EXEMPLARS_ARE_SERVED)
    await stage.check("the latency of flows has exemplars, and each is a trace that arrived", () =>
      checkExemplars(prometheus, sink),
    );
  await stage.check("log records and spans have the fields that LogQL and TraceQL ask for", () => checkFields(sink));
}

async function checkVariables(prometheus) {
  const said = [];
  for (const dashboard of dashboards)
    for (const { name, selector, label } of variableSelectors(dashboard)) {
      const match = plain(selector).replace(OWN_PREFIX[0], OWN_PREFIX[1]);
      const path = `label/${label}/values?match[]=${encodeURIComponent(match)}`;
      const values = await until(`values of $${name}`, async () =>
        (await prometheus.get(path)).find((value) => value !== ""),
      );
      said.push(`$${name} ${values}`);
    }
  return [...new Set(said)].join(", ");
}

async function checkSyntax(prometheus, dashboard) {
  const texts = [...promqlOf(dashboard), ...momentQueries(dashboard).filter(isPromql)].map(({ text }) => plain(text));
  for (const text of texts) await prometheus.get(`format_query?query=${encodeURIComponent(text)}`);
  return `${texts.length} queries`;
}

/** Asks again until all are answered, and returns those that were not. */
async function waitForAnswers(prometheus, queries) {
  let open = queries;
  const ask = async () => {
    const answers = await Promise.all(open.map((query) => isAnswered(prometheus, query)));
    open = open.filter((_, at) => !answers[at]);
    return open.length === 0;
  };
  await until("answers", ask, { everyMs: 1000, timeoutMs: PATIENCE_MS }).catch(() => {});
  return open;
}

function checkAnswers(dashboard, unanswered) {
  const open = unanswered.filter((query) => query.dashboard === dashboard.uid);
  const told = open.map(({ where, refId, text }) => `${where} ${refId}: ${plain(text)}`);
  assert.deepEqual(told, [], `no answer after ${PATIENCE_MS / 1000} s`);
  return `${promqlOf(dashboard).length} queries`;
}

async function isAnswered(prometheus, { text }) {
  const query = plain(text);
  const names = [query, query.replaceAll(...OWN_PREFIX)];
  const answers = await Promise.all([...new Set(names)].map(prometheus.ask));
  return answers.flat().some(({ value }) => Number.isFinite(value));
}

/** Grafana asks for exemplars with the very query of the panel. */
async function checkExemplars(prometheus, sink) {
  const decisions = dashboards.find(({ uid }) => uid === "tracebook-decisions");
  const asking = promqlOf(decisions).filter(({ hasExemplars }) => hasExemplars);
  const exemplarsOf = async (query) => {
    const now = Date.now() / 1000;
    const names = [plain(query.text), plain(query.text).replaceAll(...OWN_PREFIX)];
    const paths = names.map(
      (text) => `query_exemplars?query=${encodeURIComponent(text)}&start=${now - 600}&end=${now}`,
    );
    const series = (await Promise.all([...new Set(paths)].map(prometheus.get))).flat();
    return series.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels["trace_id"]));
  };
  const seen = new Set();
  for (const query of asking) {
    const ids = await until(`exemplars of ${query.where}`, async () => {
      const found = await exemplarsOf(query);
      return found.length > 0 && found;
    });
    for (const id of ids) seen.add(id);
  }
  const lost = () => {
    const arrived = new Set(sink.spans.map(({ traceId }) => traceId));
    return [...seen].filter((id) => !arrived.has(id));
  };
  await until("their traces", () => lost().length === 0).catch(() => assert.deepEqual(lost(), []));
  return `${asking.length} queries, ${seen.size} traces`;
}

/** Loki keeps the attributes of log records with underscores for dots; TraceQL has them as they are. */
async function checkFields(sink) {
  const texts = dashboards.flatMap(panelQueries);
  const asked = (language, pattern) => [
    ...new Set(texts.filter((query) => query.language === language).flatMap(({ text }) => text.match(pattern) ?? [])),
  ];
  const fields = asked("loki", /\btrading_\w+/g);
  const attributes = asked("tempo", /\bspan\.trading\.\w+/g);
  const missing = () => {
    const sent = new Set(
      sink.logs.flatMap((log) => Object.keys(log.attributes).map((key) => key.replaceAll(".", "_"))),
    );
    const borne = new Set(sink.spans.flatMap((span) => Object.keys(span.attributes).map((key) => `span.${key}`)));
    return [...fields.filter((field) => !sent.has(field)), ...attributes.filter((name) => !borne.has(name))];
  };
  await until("the fields", () => missing().length === 0).catch(() => assert.deepEqual(missing(), []));
  return [...fields, ...attributes].join(", ");
}

function promqlOf(dashboard) {
  return panelQueries(dashboard).filter(isPromql);
}

function isPromql({ language }) {
  return language === "prometheus";
}

function plain(text) {
  return withVariables(text, everything(RANGE));
}

/** The backend on `port` and the bot's metrics on the next one. */
function startSignalBot(port, telemetry) {
  const ports = ["--backend-port", String(port), "--bot-port", String(port + 1)];
  const faults = ["--reject-percent", "20"];
  return startProgram(
    process.execPath,
    ["examples/signal-bot/dist/main.js", "--out", join(folder, "signal-bot"), ...ports, ...faults],
    { cwd: root, env: cleanEnv(telemetry) },
  );
}

/** A desk whose rules fire one after the other, as nothing comes, so that there is news to tell all the while. */
function startDesk(port, webhookUrl) {
  const rules = Array.from({ length: 40 }, (_, i) => ({
    rule_name: `Silence ${i}`,
    rule_type: "data_absence",
    severity: "error",
    condition_config: { stream: { event_type: "heartbeat" }, absent_for_seconds: 2 + 3 * i },
  }));
  const page = { kind: "webhook", url: webhookUrl, signing_secret: "no secret of this test" };
  const isOurs = { allow_private_targets: true, allow_http: true };
  const files = {
    rules: { rules },
    told: { channels: { page: { ...page, ...isOurs } }, default: { channels: ["page"] } },
  };
  const at = scratchFolder("dashboards-desk");
  for (const [name, content] of Object.entries(files)) writeFileSync(join(at, `${name}.json`), JSON.stringify(content));
  const register = pathToFileURL(join(root, "packages/node/dist/register.js")).href;
  return startProgram(
    process.execPath,
    ["--import", register, join(root, "packages/cli/dist/bin.js"), "serve", "--port", "0", "--db", join(at, "desk.db")],
    {
      cwd: at,
      env: cleanEnv({
        TELEMETRY_ENABLED: "true",
        TELEMETRY_SERVICE_NAME: "desk",
        TELEMETRY_PROMETHEUS_PORT: String(port),
        TELEMETRY_ALERT_RULES_FILE: join(at, "rules.json"),
        TELEMETRY_ALERT_NOTIFICATIONS_FILE: join(at, "told.json"),
      }),
    },
  );
}

/** Each process under its own name, as prometheus.yml has it; what came through the Collector is left out, or it would count twice. */
function scrapeConfig(collector, alertmanager, port, itself) {
  const targets = {
    "basis-trader": `127.0.0.1:${port}`,
    "basis-exchange": `127.0.0.1:${port + 1}`,
    "tvtelegrambingx-backend": `127.0.0.1:${port + 2}`,
    "tvtelegrambingx-bot": `127.0.0.1:${port + 3}`,
    desk: `127.0.0.1:${port + 4}`,
    "otel-collector": collector.ownTarget,
    alertmanager: alertmanager.address,
  };
  const jobs = Object.entries(targets).map(
    ([job, target]) => `  - { job_name: ${job}, static_configs: [{ targets: ["${target}"] }] }\n`,
  );
  jobs.push(`  - { job_name: prometheus, file_sd_configs: [{ files: ["${itself}"], refresh_interval: 1s }] }\n`);
  return `global: { scrape_interval: 1s, evaluation_interval: 1s }\nrule_files: [rules/*.yml]\nscrape_configs:\n${jobs.join("")}`;
}

/** The rules as they are deployed. */
function ruleFiles() {
  const rules = join(root, "collector/prometheus/rules");
  const names = readdirSync(rules).filter((name) => name.endsWith(".yml"));
  return Object.fromEntries(names.map((name) => [`rules/${name}`, readFileSync(join(rules, name), "utf8")]));
}
