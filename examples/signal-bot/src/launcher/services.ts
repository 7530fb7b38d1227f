// The processes of a run: the world outside, the backend, the bot. Started in this order, ended from the outside in.
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BackendReport } from "../backend/main.ts";
import type { BotReport } from "../bot/main.ts";
import type { WorldReport } from "../world/main.ts";
import type { DataServers } from "./data-servers.ts";
import type { LaunchOptions } from "./launch-options.ts";
import { serviceUrl } from "./service-url.ts";
import type { Reports } from "./summary.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

/** The processes, as far as they have been started. */
export interface Services {
  /**
   * Starts them. Resolves with the URL of the backend when all of them work; rejects when one of them does not, and when `signal` is
   * aborted, from when on none is started.
   */
  start(data: DataServers, signal: AbortSignal): Promise<string>;
  /** Resolves when one of them is gone, with the reason. */
  oneGone(): Promise<string>;
  /** The latest reports; undefined until each has sent one. */
  reports(): Reports | undefined;
  /** What the bot tells, before it has told anything undefined. */
  botReport(): BotReport | undefined;
  /** No new alerts and chat updates. */
  quiet(): void;
  /** The backend is unreachable for so long. */
  outage(durationMs: number): void;
  /** Ends all of them; resolves when they are gone. */
  stop(): Promise<void>;
}

/** The names of the processes. */
export type ServiceName = "world" | "backend" | "bot";
type Env = Readonly<Record<string, string>>;

const PATIENCE_MS = 12_000;
const SECRETS = ["WEBHOOK_SECRET", "BACKEND_TOKEN", "BINGX_API_KEY", "BINGX_API_SECRET"];

/** What the group is made of. */
export interface ServiceParts {
  readonly options: LaunchOptions;
  /** The user's environment, which the processes inherit. */
  readonly env: NodeJS.ProcessEnv;
  /** Where the main module of a process is. */
  readonly entryOf: (name: ServiceName) => URL;
}

/** Makes the group; nothing is started yet. */
export function createServices(parts: ServiceParts): Services {
  return new ServiceGroup(parts);
}

class ServiceGroup implements Services {
  readonly #options: LaunchOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #entryOf: ServiceParts["entryOf"];
  readonly #common: Env;
  /** One run for both observed processes: their records belong together. */
  readonly #runId: string;
  #world: WorkerProcess<WorldReport> | undefined;
  #backend: WorkerProcess<BackendReport> | undefined;
  #bot: WorkerProcess<BotReport> | undefined;

  constructor({ options, env, entryOf }: ServiceParts) {
    this.#options = options;
    this.#env = env;
    this.#entryOf = entryOf;
    this.#runId = env.TELEMETRY_RUN_ID ?? randomUUID();
    const secrets = SECRETS.map((name) => [name, env[name] || randomBytes(24).toString("hex")]);
    this.#common = { ...Object.fromEntries(secrets), SEED: String(options.seed) };
  }

  async start({ databaseUrl: DATABASE_URL, redisUrl: REDIS_URL }: DataServers, signal: AbortSignal): Promise<string> {
    const { host, backendPort, botPort, signalRate, updateRate, rejectPercent } = this.#options;
    const worldEnv = { SIGNAL_RATE: String(signalRate), REJECT_PERCENT: String(rejectPercent) };
    this.#world = this.#process<WorldReport>("world", worldEnv, signal);
    const { exchange } = await this.#world.ready;
    const backendEnv = {
      ...{ DATABASE_URL, REDIS_URL, EXCHANGE_URL: `http://127.0.0.1:${exchange}` },
      ...{ BACKEND_HOST: host, BACKEND_PORT: String(backendPort) },
      // Served on the backend's own port, where the outside looks for it.
      ...{ ...this.#telemetry("tvtelegrambingx-backend"), TELEMETRY_PROMETHEUS_SERVER: "false" },
    };
    this.#backend = this.#process<BackendReport>("backend", backendEnv, signal);
    const { backend = 0 } = await this.#backend.ready;
    const BACKEND_URL = serviceUrl(host, backend);
    const botEnv = {
      ...{ BACKEND_URL, UPDATE_RATE: String(updateRate) },
      ...{ ...this.#telemetry("tvtelegrambingx-bot"), TELEMETRY_PROMETHEUS_PORT: String(botPort) },
    };
    this.#bot = this.#process<BotReport>("bot", botEnv, signal);
    await this.#bot.ready;
    this.#world.send({ type: "begin", webhookUrl: `${BACKEND_URL}/webhook` });
    return BACKEND_URL;
  }

  oneGone(): Promise<string> {
    const all = [this.#world, this.#backend, this.#bot].filter((worker) => worker !== undefined);
    return Promise.race(all.map((worker) => worker.exited.then((why) => why ?? "a process ended by itself")));
  }

  reports(): Reports | undefined {
    const [world, backend, bot] = [this.#world?.report(), this.#backend?.report(), this.#bot?.report()];
    return world === undefined || backend === undefined || bot === undefined ? undefined : { world, backend, bot };
  }

  botReport(): BotReport | undefined {
    return this.#bot?.report();
  }

  quiet(): void {
    for (const worker of [this.#world, this.#bot]) worker?.send({ type: "quiet" });
  }

  outage(durationMs: number): void {
    this.#backend?.send({ type: "outage", durationMs });
  }

  async stop(): Promise<void> {
    // The world's exchange last: orders that are under way still need it.
    this.#world?.send({ type: "quiet" });
    await this.#bot?.stop(PATIENCE_MS);
    await this.#backend?.stop(PATIENCE_MS);
    await this.#world?.stop(PATIENCE_MS);
  }

  #process<Report>(name: ServiceName, env: Env, signal: AbortSignal): WorkerProcess<Report> {
    signal.throwIfAborted();
    const entry = fileURLToPath(this.#entryOf(name));
    return startWorkerProcess<Report>({ name, entry, env: { ...this.#common, ...env }, observed: name !== "world" });
  }

  /** On unless the user's environment says otherwise, and listening where the backend does; what a run decides for itself is fixed. */
  #telemetry(service: string): Env {
    const { TELEMETRY_ENABLED = "true", TELEMETRY_PROMETHEUS_HOST = this.#options.host } = this.#env;
    return {
      TELEMETRY_ENABLED,
      TELEMETRY_PROMETHEUS_HOST,
      TELEMETRY_SERVICE_NAME: service,
      TELEMETRY_DIR: this.#options.out,
      TELEMETRY_RUN_ID: this.#runId,
      SIGNAL_BOT_LOG_FILE: join(this.#options.out, "logs", `${service}.log`),
    };
  }
}
