// The real Collector with the configuration that operators deploy, on free ports, sending to a sink; it can be stopped and killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import type { Receiver } from "./receiver.ts";
import { until } from "./until.ts";

const CONFIG = fileURLToPath(new URL("../../../../collector/otelcol.yaml", import.meta.url));
const MIB = 2 ** 20;

/** A Collector that is started, and can be again. */
export interface RealCollector extends Receiver {
  /** Starts it; resolves when it is healthy. */
  start(): Promise<void>;
  /** Ends it politely; resolves when it has ended. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

/** Where it sends, and where its queues lie. */
export interface RealCollectorOptions {
  readonly sinkUrl: string;
  /** For queues and configuration. */
  readonly folder: string;
}

/** Starts the program. Logs go to the sink where Loki would be, spans over HTTP with a queue like that of Tempo's exporter. */
export async function startRealCollector(program: string, options: RealCollectorOptions): Promise<RealCollector> {
  const { folder, sinkUrl } = options;
  const overlay = join(folder, "sink.yaml");
  writeFileSync(overlay, JSON.stringify(overlayFor(sinkUrl)));
  const ports: Record<string, string> = {};
  for (const name of PORTS) ports[name] = String(await freePort());
  const env = {
    ...process.env,
    ...ports,
    LOKI_ENDPOINT: sinkUrl,
    QUEUE_DIR: join(folder, "queues"),
    // Whoever sends without Tracebook is judged by the same measure.
    FOREIGN_SAMPLING_PERCENT: "100",
  };
  let child: ChildProcess | undefined;
  let said = "";
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
    child = undefined;
  };
  const collector: RealCollector = {
    isRelay: true,
    url: `http://127.0.0.1:${ports["OTLP_HTTP_PORT"]}`,
    async start() {
      child = spawn(program, [`--config=${CONFIG}`, `--config=${overlay}`], {
        env,
        stdio: ["ignore", "ignore", "pipe"],
      });
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-10_000);
      });
      const health = `http://127.0.0.1:${ports["HEALTH_PORT"]}`;
      await until("the Collector is healthy", () => {
        if (child?.exitCode !== null) throw new Error(`the Collector has ended (${child?.exitCode}):\n${said}`);
        return fetch(health).then(
          (answer) => answer.ok,
          () => false,
        );
      });
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    close: () => end("SIGKILL"),
  };
  await collector.start();
  return collector;
}

const PORTS = ["OTLP_GRPC_PORT", "OTLP_HTTP_PORT", "PROMETHEUS_EXPORTER_PORT", "HEALTH_PORT", "COLLECTOR_METRICS_PORT"];

/** JSON is YAML, too. */
function overlayFor(endpoint: string) {
  return {
    exporters: {
      "otlp_http/sink": {
        endpoint,
        retry_on_failure: { max_interval: "10s", max_elapsed_time: "0s" },
        sending_queue: {
          storage: "file_storage/queues",
          sizer: "bytes",
          queue_size: 1024 * MIB,
          batch: { flush_timeout: "200ms", min_size: MIB / 4, max_size: 4 * MIB },
        },
      },
    },
    service: {
      pipelines: {
        "traces/kept": { exporters: ["otlp_http/sink"] },
        "traces/sampled": { exporters: ["otlp_http/sink"] },
      },
    },
  };
}
