/** `npm start`: an exchange and a trader as two observed processes, what they do on the terminal, and a summary at the end. */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LaunchOptions, parseLaunchOptions, USAGE } from "./launcher/launch-options.ts";
import { createScreen, printSummary } from "./launcher/screen.ts";
import { type ExchangeReport, summarize } from "./launcher/summary.ts";
import { startWorkerProcess, type WorkerProcess } from "./launcher/worker-process.ts";
import type { TraderMessage } from "./trader/main.ts";
import type { TraderReport } from "./trader/report.ts";

const READY_MS = 30_000;
const PATIENCE_MS = 8_000;
/** Compiled or not, the processes are beside this file, with the same ending. */
const ENDING = import.meta.url.endsWith(".ts") ? "ts" : "js";

type ExchangeMessage =
  | { readonly type: "ready"; readonly spotPort: number; readonly usdmPort: number }
  | { readonly type: "ended"; readonly report: ExchangeReport }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "end" };

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
  readonly #screen: ReturnType<typeof createScreen>;
  /** One run for both processes: their records belong together. */
  readonly #runId = process.env.TELEMETRY_RUN_ID ?? randomUUID();
  #endRequested: () => void = () => {};
  readonly #ending = new Promise<void>((resolve) => {
    this.#endRequested = resolve;
  });
  #report: TraderReport | undefined;
  #exchangeReport: ExchangeReport | undefined;
  #failure: string | undefined;

  constructor(options: LaunchOptions) {
    this.#options = options;
    this.#screen = createScreen(options.json ? process.stderr : process.stdout, options.json);
  }

  end(): void {
    this.#endRequested();
  }

  async toTheEnd(): Promise<number> {
    const exchange = await this.#startExchange();
    if (exchange === undefined) return this.#fail();
    const trader = this.#startTrader(exchange.ports);
    const timer = setTimeout(() => this.end(), (this.#options.seconds ?? 2 ** 21) * 1000);
    if (this.#options.seconds === undefined) clearTimeout(timer);
    const unexpected = exchange.process.exited.then((code) => {
      this.#failure ??= `the exchange ended by itself (${code})`;
    });
    await Promise.race([trader.exited, unexpected, this.#ending]);
    clearTimeout(timer);
    await trader.stop(PATIENCE_MS);
    this.#failure = this.#report === undefined ? (this.#failure ?? "the trader ended without a report") : this.#failure;
    const failure = this.#failure;
    await exchange.process.stop(PATIENCE_MS);
    this.#failure = failure;
    return this.#failure === undefined ? this.#summarize() : this.#fail();
  }

  async #startExchange(): Promise<{ process: WorkerProcess; ports: { spot: number; usdm: number } } | undefined> {
    const { recordings, speed, seed, rate, exchangeArgs, out } = this.#options;
    let ready: (ports: { spot: number; usdm: number } | undefined) => void = () => {};
    const started = new Promise<{ spot: number; usdm: number } | undefined>((resolve) => {
      ready = resolve;
    });
    const process_ = startWorkerProcess({
      name: "exchange",
      entry: fileURLToPath(new URL(`./exchange/main.${ENDING}`, import.meta.url)),
      args: [
        ...recordings.flatMap((file) => ["--recording", file]),
        ...["--speed", speed, "--seed", seed, "--orders-log", join(out, "exchange-orders.jsonl")],
        ...(rate === undefined ? [] : ["--rate", rate]),
        ...exchangeArgs,
      ],
      env: this.#telemetry("basis-exchange", 1),
      onMessage: (given) => {
        const message = given as ExchangeMessage;
        if (message.type === "ready") ready({ spot: message.spotPort, usdm: message.usdmPort });
        if (message.type === "ended") this.#exchangeReport = message.report;
        if (message.type === "failed") this.#failure = `exchange: ${message.message}`;
      },
    });
    const timer = setTimeout(() => ready(undefined), READY_MS);
    void process_.exited.then(() => ready(undefined));
    const ports = await started;
    clearTimeout(timer);
    if (ports !== undefined) return { process: process_, ports };
    this.#failure ??= "the exchange did not start";
    await process_.stop(0);
    return undefined;
  }

  #startTrader(ports: { spot: number; usdm: number }): WorkerProcess {
    const { live, seed, traderArgs } = this.#options;
    const spot = `127.0.0.1:${ports.spot}`;
    const usdm = `127.0.0.1:${ports.usdm}`;
    const urls = live
      ? ["--live", "--spot-orders", `http://${spot}`, "--usdm-orders", `http://${usdm}`]
      : [
          "--spot-ws",
          `ws://${spot}`,
          "--spot-rest",
          `http://${spot}`,
          "--usdm-ws",
          `ws://${usdm}`,
          "--usdm-rest",
          `http://${usdm}`,
        ];
    return startWorkerProcess({
      name: "trader",
      entry: fileURLToPath(new URL(`./trader/main.${ENDING}`, import.meta.url)),
      args: [...urls, "--seed", seed, ...traderArgs],
      env: this.#telemetry("basis-trader", 0),
      onMessage: (given) => {
        const message = given as TraderMessage;
        if (message.type === "status") this.#screen.update(message.report, message.telemetry);
        if (message.type === "ended") this.#report = message.report;
        if (message.type === "failed") this.#failure = `trader: ${message.message}`;
      },
    });
  }

  /** What the environment of the user does not say already. */
  #telemetry(service: string, portOffset: number): Record<string, string> {
    const { env } = process;
    const port = Number(env.TELEMETRY_PROMETHEUS_PORT ?? env.OTEL_EXPORTER_PROMETHEUS_PORT ?? "9464");
    return {
      TELEMETRY_ENABLED: env.TELEMETRY_ENABLED ?? "true",
      TELEMETRY_SERVICE_NAME: service,
      TELEMETRY_DIR: this.#options.out,
      TELEMETRY_RUN_ID: this.#runId,
      BASIS_LOG_FILE: join(this.#options.out, "logs", `${service}.log`),
      TELEMETRY_PROMETHEUS_PORT: String(port === 0 || Number.isNaN(port) ? port || 0 : port + portOffset),
      TELEMETRY_METRIC_PREFIX: env.TELEMETRY_METRIC_PREFIX ?? "basis_",
    };
  }

  #summarize(): number {
    this.#screen.end();
    if (this.#report === undefined) return this.#fail();
    const summary = summarize(this.#report, this.#exchangeReport, this.#options.out);
    printSummary(this.#options.json ? process.stderr : process.stdout, summary);
    if (this.#options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    return 0;
  }

  #fail(): number {
    this.#screen.end();
    process.stderr.write(`basis-arbitrage: ${this.#failure ?? "it did not work"}\n`);
    return 1;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`basis-arbitrage: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
