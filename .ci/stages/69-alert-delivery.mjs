// An alert from end to end: the trader stops, the deployed rules fire in a real Prometheus, a real Alertmanager with the deployed routes
// tells the team and then whoever is on call; the trader comes back, and both hear that too. Only waits are shortened and
// receivers replaced.
// ci-needs: prometheus prometheus-alertmanager
// ci-timeout: 300
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createStage } from "../stage.mjs";
import { startAlertmanagerServer } from "./parts/alertmanager-server.mjs";
import { build } from "./parts/built.mjs";
import { parseYaml, toYaml } from "./parts/collector-run.mjs";
import { startFlagship } from "./parts/flagship-run.mjs";
import { startPrometheusServer } from "./parts/prometheus-server.mjs";
import { until } from "./parts/until.mjs";
import { startWebhookReceiver } from "./parts/webhook-receiver.mjs";
import { freePorts, root, scratchFolder } from "./parts/workspace.mjs";

const folder = join(root, "collector");
const stage = createStage("alert-delivery");
await stage.check("the packages build", () => build("@tracebook-examples/trading-floor"));
const webhook = await startWebhookReceiver();
const port = await freePorts(2);
let flagship = startTrader();
const alertmanager = await startAlertmanagerServer(alertmanagerConfig());
const prometheus = await startPrometheusServer(prometheusConfig(), shortRules());
try {
  await story();
} finally {
  await prometheus.program.stop();
  await alertmanager.program.stop();
  await flagship.stop();
  await webhook.close();
}
stage.finish();

async function story() {
  const calm = await stage.check("while a bot trades, nobody is called", async () => {
    await flagship.until(
      "a running bot",
      async () => (await prometheus.ask("sum(trading_bots_active_total) > 0")).length > 0,
      {
        timeoutMs: 90_000,
      },
    );
    const firing = await prometheus.ask('ALERTS{alertstate="firing"}');
    assert.deepEqual(
      firing.map(({ labels }) => labels.alertname),
      [],
    );
  });
  if (!calm) return;
  await flagship.stop();
  await told("the platform team hears that the service is down", "platform-page", "TradingServiceDown", "firing");
  await told("the trading team hears that no bot runs", "trading-automation-page", "NoActiveBotsRunning", "firing");
  await told("unsolved, it goes to whoever is on call", "on-call", "NoActiveBotsRunningEscalated", "firing");
  await stage.check("with what has happened, and where to read what to do", () => {
    const { alerts } = webhook.notifications.find(({ receiver }) => receiver === "on-call");
    const { labels, annotations } = alerts[0];
    assert.deepEqual([labels.severity, labels.escalation], ["critical", "on-call"]);
    assert.match(annotations.summary, /^Unsolved for 25 minutes: /);
    const [page, heading] = annotations.runbook.split("#");
    const headings = readFileSync(join(root, page), "utf8").match(/^#+ .*$/gm) ?? [];
    assert.ok(
      headings.some((line) => line.replace(/^#+ /, "").toLowerCase() === heading),
      annotations.runbook,
    );
    assert.match(annotations.runbook_url, new RegExp(`^https://\\S+/${page}#${heading}$`));
    return annotations.summary;
  });
  flagship = startTrader();
  await told("the trading team hears that it is over", "trading-automation-page", "NoActiveBotsRunning", "resolved");
  await told("and so does whoever is on call", "on-call", "NoActiveBotsRunningEscalated", "resolved");
  await stage.check("an instance that is down mutes no alert of its service", mutes);
}

/** Asked of Alertmanager itself, with alerts by hand. */
async function mutes() {
  const url = `http://${alertmanager.address}/api/v2/alerts`;
  const firing = [
    { alertname: "TradingServiceDown", job: "backend", instance: "one of two" },
    { alertname: "HighRedisErrorRate", job: "backend" },
    { alertname: "CollectorDown", job: "otel-collector", instance: "collector" },
    { alertname: "TracebookDeliveryFailing", job: "backend", instance: "the other", signal: "traces" },
  ];
  const body = JSON.stringify(firing.map((labels) => ({ labels })));
  const posted = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  assert.equal(posted.status, 200);
  await until("the muted alert", async () => {
    const alerts = await (await fetch(url)).json();
    const known = alerts.filter(({ labels }) =>
      firing.some((one) => Object.keys(one).every((key) => one[key] === labels[key])),
    );
    const muted = known.filter(({ status }) => status.inhibitedBy.length > 0).map(({ labels }) => labels.alertname);
    assert.ok(
      muted.every((name) => name === "TracebookDeliveryFailing"),
      `muted: ${muted}`,
    );
    return known.length === firing.length && muted.length === 1;
  });
}

async function told(title, receiver, alert, status) {
  await stage.check(title, () =>
    until(`${alert} ${status} at ${receiver}`, () => webhook.heard(receiver, alert, status), {
      timeoutMs: 60_000,
      everyMs: 100,
    })
      .then(() => undefined)
      .catch((error) => assert.fail(`${error.message}: ${JSON.stringify(webhook.notifications)}`)),
  );
}

function startTrader() {
  return startFlagship(["--out", join(scratchFolder("alerts"), "out")], {
    TELEMETRY_PROMETHEUS_PORT: String(port),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  });
}

/** The deployed routes, each receiver a path of ours. */
function alertmanagerConfig() {
  const config = parseYaml(readFileSync(join(folder, "alertmanager/alertmanager.yml"), "utf8"));
  config.global = {};
  config.receivers = config.receivers.map(({ name }) => ({
    name,
    webhook_configs: [{ url: `${webhook.url}/${name}` }],
  }));
  shorten(config.route);
  return config;
}

function shorten(route) {
  Object.assign(route, { group_wait: "0s", group_interval: "1s" });
  for (const child of route.routes ?? []) shorten(child);
}

/** The deployed configuration with the trader alone. */
function prometheusConfig() {
  const config = parseYaml(readFileSync(join(folder, "prometheus/prometheus.yml"), "utf8"));
  const [{ labels }] = config.scrape_configs.find(({ job_name }) => job_name === "basis-trader").static_configs;
  Object.assign(config.global, { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" });
  config.scrape_configs = [{ job_name: "basis-trader", static_configs: [{ targets: [`127.0.0.1:${port}`], labels }] }];
  config.alerting.alertmanagers = [{ static_configs: [{ targets: [alertmanager.address] }] }];
  return toYaml(config);
}

/** The deployed rules; what waits minutes waits seconds, and a series that has not been scraped for a few has ended. */
function shortRules() {
  const rules = join(folder, "prometheus/rules");
  const names = readdirSync(rules).filter((name) => name.endsWith(".yml"));
  const short = (text) =>
    text
      .replace(/^( +for: \d+)m$/gm, "$1s")
      .replace(/^( +for:) 25s$/gm, "$1 3s")
      .replace(/\[(90|150)s\]/g, "[3s]");
  return Object.fromEntries(names.map((name) => [`rules/${name}`, short(readFileSync(join(rules, name), "utf8"))]));
}
