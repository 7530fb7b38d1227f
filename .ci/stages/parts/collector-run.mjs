// The real Collector with collector/otelcol.yaml as it is, on free ports, sending to receivers of the stage.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { startProgram } from "./subprocess.mjs";
import { freePorts, root, scratchFolder } from "./workspace.mjs";

const { parse, stringify } = createRequire(join(root, "collector/package.json"))("yaml");
const CONFIG = join(root, "collector/otelcol.yaml");

/** The configuration as an object, `${env:...}` unresolved. */
export function readCollectorConfig(path = CONFIG) {
  return parse(readFileSync(path, "utf8"));
}

/** YAML of and from objects, for stages that change a configuration. */
export { parse as parseYaml, stringify as toYaml };

/**
 * Starts the Collector and resolves when it is healthy. Logs go to `logs` (a base URL) where Loki would be, spans to `traces` over
 * HTTP with the queue that Tempo's exporter has; `queues` is the folder of the queues, a new one unless given;
 * `configs` are added to the configuration.
 */
export async function startCollector(
  program,
  { traces, logs, queues = scratchFolder("queues"), configs = [], env = {} },
) {
  const port = await freePorts(5);
  const overlay = join(scratchFolder("collector"), "receivers-of-the-stage.yaml");
  const { endpoint: _endpoint, tls: _tls, ...tempo } = readCollectorConfig().exporters["otlp_grpc/tempo"];
  writeFileSync(
    overlay,
    stringify({
      exporters: { "otlp_http/traces": { ...tempo, endpoint: traces } },
      service: {
        pipelines: {
          "traces/kept": { exporters: ["otlp_http/traces"] },
          "traces/sampled": { exporters: ["otlp_http/traces"] },
        },
      },
    }),
  );
  const ports = { OTLP_GRPC_PORT: port, OTLP_HTTP_PORT: port + 1, PROMETHEUS_EXPORTER_PORT: port + 2 };
  const running = startProgram(
    program,
    [`--config=${CONFIG}`, `--config=${overlay}`, ...configs.map((path) => `--config=${path}`)],
    {
      env: {
        ...process.env,
        ...Object.fromEntries(Object.entries(ports).map(([name, value]) => [name, String(value)])),
        HEALTH_PORT: String(port + 3),
        COLLECTOR_METRICS_PORT: String(port + 4),
        LOKI_ENDPOINT: logs,
        QUEUE_DIR: queues,
        ...env,
      },
    },
  );
  const url = (at) => `http://127.0.0.1:${port + at}`;
  await running.until("the Collector is healthy", () => answers(url(3)));
  return {
    ...running,
    queues,
    otlpUrl: url(1),
    /** Where it shows the metrics of services, and its own. */
    exporterTarget: `127.0.0.1:${port + 2}`,
    ownTarget: `127.0.0.1:${port + 4}`,
    /** What it has warned of or complained about. */
    complaints: () =>
      running
        .stderr()
        .split("\n")
        .filter((line) => /\t(?:warn|error|fatal|panic)\t|deprecat/i.test(line)),
  };
}

/** True when a URL answers with success. */
export function answers(url) {
  return fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
}
