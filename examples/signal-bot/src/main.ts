// `npm start`: PostgreSQL and Redis, the world outside, the backend and the bot; what they do, and a summary at the end.
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BackendReport } from "./backend/main.ts";
import type { BotReport } from "./bot/main.ts";
import { type DataServers, openDataServers } from "./launcher/data-servers.ts";
import { type LaunchOptions, parseLaunchOptions, USAGE } from "./launcher/launch-options.ts";
import { describeSummary, summarize } from "./launcher/summary.ts";
import { startWorkerProcess, type WorkerProcess } from "./launcher/worker-process.ts";
import type { WorldReport } from "./world/main.ts";

const START_MS = 60_000;
const PATIENCE_MS = 12_000;
const STATUS_EVERY_MS = 5_000;
/** Compiled or not, the processes are beside this file, with the same ending. */
const ENDING = import.meta.url.endsWith(".ts") ? "ts" : "js";

async function main(): Promise<void> {
  const options = parseLaunchOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (options === "help") {
    process.stdout.write(USAGE);
    return;
  }
  mkdirSync(options.out, { recursive: true });
  const run = new Run(options);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => run.end());
  process.exitCode = await run.toTheEnd();
}

class Run {
  readonly #options: LaunchOptions;
  readonly #secrets: Readonly<Record<string, string>>;
  /** One run for both observed processes: their records belong together. */
  readonly #runId = process.env.TELEMETRY_RUN_ID ?? randomUUID();
  #endRequested: () => void = () => {};
  readonly #ending = new Promise<void>((resolve) => {
    this.#endRequested = resolve;
  });
  #data: DataServers | undefined;
  #world: WorkerProcess<WorldReport> | undefined;
  #backend: WorkerProcess<BackendReport> | undefined;
  #bot: WorkerProcess<BotReport> | undefined;

  constructor(options: LaunchOptions) {
    this.#options = options;
    const names = ["WEBHOOK_SECRET", "BACKEND_TOKEN", "BINGX_API_KEY", "BINGX_API_SECRET"];
    this.#secrets = Object.fromEntries(
      names.map((name) => [name, process.env[name] || randomBytes(24).toString("hex")]),
    );
  }

  end(): void {
    this.#endRequested();
  }

  async toTheEnd(): Promise<number> {
    let failure: string | undefined;
    try {
      const isStarted = await Promise.race([this.#start().then(() => true), this.#ending.then(() => false), tooLate()]);
      if (!isStarted) throw new Error("it was ended before it had started");
      const stopClock = this.#startClock();
      const gone = [this.#world, this.#backend, this.#bot].map((worker) =>
        worker?.exited.then((why) => why ?? "a process ended by itself"),
      );
      failure = await Promise.race([...gone, this.#ending.then(() => undefined)]);
      stopClock();
    } catch (error) {
      failure = (error as Error).message;
    }
    // The world's exchange last: orders that are under way still need it.
    this.#world?.send({ type: "quiet" });
    await this.#bot?.stop(PATIENCE_MS);
    await this.#backend?.stop(PATIENCE_MS);
    await this.#world?.stop(PATIENCE_MS);
    await this.#data?.stop();
    return failure === undefined ? this.#summarize() : this.#fail(failure);
  }

  async #start(): Promise<void> {
    const { backendPort, botPort, seed, signalRate, updateRate, rejectPercent } = this.#options;
    this.#data = await openDataServers(process.env);
    const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = this.#data;
    const common = { ...this.#secrets, SEED: String(seed) };
    this.#world = this.#process("world", {
      ...common,
      SIGNAL_RATE: String(signalRate),
      REJECT_PERCENT: String(rejectPercent),
    });
    const { exchange } = await this.#world.ready;
    const EXCHANGE_URL = `http://127.0.0.1:${exchange}`;
    this.#backend = this.#process("backend", {
      ...{ ...common, DATABASE_URL, REDIS_URL, EXCHANGE_URL, BACKEND_PORT: String(backendPort) },
      // Served on the backend's own port as well, where the outside looks for it.
      ...this.#telemetry("tvtelegrambingx-backend", 0),
    });
    const { backend } = await this.#backend.ready;
    const BACKEND_URL = `http://127.0.0.1:${backend}`;
    this.#bot = this.#process("bot", {
      ...{ ...common, BACKEND_URL, UPDATE_RATE: String(updateRate) },
      ...this.#telemetry("tvtelegrambingx-bot", botPort),
    });
    await this.#bot.ready;
    this.#world.send({ type: "begin", webhookUrl: `${BACKEND_URL}/webhook` });
    this.#say(`data: ${this.#data.description}`);
    this.#say(`backend ${BACKEND_URL} (its metrics: ${BACKEND_URL}/metrics)`);
    await this.#sayWhereBotIs();
  }

  /** The bot's metrics may be on any port: it says so in its first report. */
  async #sayWhereBotIs(): Promise<void> {
    const deadlineMs = performance.now() + 5_000;
    while (this.#bot?.report() === undefined && performance.now() < deadlineMs)
      await new Promise((resolve) => setTimeout(resolve, 50));
    this.#say(`bot's metrics: ${this.#bot?.report()?.telemetry.metricsUrl ?? "off"}`);
  }

  #process<Report>(name: "world" | "backend" | "bot", env: Readonly<Record<string, string>>): WorkerProcess<Report> {
    const entry = fileURLToPath(new URL(`./${name}/main.${ENDING}`, import.meta.url));
    return startWorkerProcess<Report>({ name, entry, env, observed: name !== "world" });
  }

  /** What the environment of the user does not say already. */
  #telemetry(service: string, metricsPort: number): Record<string, string> {
    const { env } = process;
    return {
      TELEMETRY_ENABLED: env.TELEMETRY_ENABLED ?? "true",
      TELEMETRY_SERVICE_NAME: service,
      TELEMETRY_DIR: this.#options.out,
      TELEMETRY_RUN_ID: this.#runId,
      TELEMETRY_PROMETHEUS_PORT: String(metricsPort),
      SIGNAL_BOT_LOG_FILE: join(this.#options.out, "logs", `${service}.log`),
    };
  }

  /** The timers of a run: its end, the end of its load, outages, a line now and then. */
  #startClock(): () => void {
    const { seconds, loadSeconds, outageEverySeconds, outageSeconds } = this.#options;
    const timers = [setInterval(() => this.#sayStatus(), STATUS_EVERY_MS)];
    const after = (delaySeconds: number | undefined, run: () => void): void => {
      if (delaySeconds !== undefined && delaySeconds < 2_000_000) timers.push(setTimeout(run, delaySeconds * 1e3));
    };
    after(seconds, () => this.end());
    after(loadSeconds, () => {
      for (const worker of [this.#world, this.#bot]) worker?.send({ type: "quiet" });
      this.#say("no new alerts and chat updates from here on");
    });
    if (outageEverySeconds !== undefined)
      timers.push(
        setInterval(
          () => this.#backend?.send({ type: "outage", durationMs: outageSeconds * 1e3 }),
          outageEverySeconds * 1e3,
        ),
      );
    return () => {
      for (const timer of timers) clearTimeout(timer);
    };
  }

  #sayStatus(): void {
    const [world, backend, bot] = [this.#world?.report(), this.#backend?.report(), this.#bot?.report()];
    if (world === undefined || backend === undefined || bot === undefined) return;
    const { orders, accepted, rejected } = backend.counts;
    this.#say(
      `alerts ${world.alerts.sent} | accepted ${accepted} rejected ${rejected} | orders filled ${orders.filled} rejected ${orders.rejected}` +
        ` | queue ${backend.queueDepth ?? "?"} | chat ${bot.counts.updates.message + bot.counts.updates.callback_query}`,
    );
  }

  #summarize(): number {
    const [world, backend, bot] = [this.#world?.report(), this.#backend?.report(), this.#bot?.report()];
    if (world === undefined || backend === undefined || bot === undefined)
      return this.#fail("a process ended without a report");
    const summary = summarize({ world, backend, bot });
    this.#say(describeSummary(summary));
    if (this.#options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    return 0;
  }

  #say(line: string): void {
    (this.#options.json ? process.stderr : process.stdout).write(`${line}\n`);
  }

  #fail(failure: string): number {
    process.stderr.write(`signal-bot: ${failure}\n`);
    return 1;
  }
}

/** Rejects when a start takes longer than any start should. */
function tooLate(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error("it did not start in time")), START_MS).unref();
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`signal-bot: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
