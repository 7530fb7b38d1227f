/** One run: the processes started in their order, heard, ended in the opposite order, and summed up. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SIMULATED_SYMBOLS } from "@tracebook-examples/basis-arbitrage/market";
import type { TraderMessage, TraderReport } from "@tracebook-examples/basis-arbitrage/trader";
import { DEFAULT_WATCHLIST, type ScannerMessage, type ScannerReport } from "@tracebook-examples/scanner";
import type { DeskMessage, DeskReport } from "./desk/main.ts";
import type { LaunchOptions } from "./launch-options.ts";
import { createScreen, printSummary } from "./screen.ts";
import { type RunFacts, sendsElsewhere, serviceEnvironment } from "./service-environment.ts";
import { type ProcessReport, summarize } from "./summary.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

const READY_MS = 30_000;
const PATIENCE_MS = 8_000;
/** The desk writes what it has taken; a market that ran at full speed leaves it some. */
const DESK_PATIENCE_MS = 30_000;
/** Compiled or not, the desk is beside this file, with the same ending. */
const ENDING = import.meta.url.endsWith(".ts") ? "ts" : "js";

const FLAGSHIP_SYMBOL = "BTCUSDT";
/** What the scanner watches besides, of what the exchange can simulate; one of its list is unknown there, on purpose. */
const EXTRA_SYMBOLS = DEFAULT_WATCHLIST.filter(
  (symbol) => symbol !== FLAGSHIP_SYMBOL && SIMULATED_SYMBOLS.includes(symbol),
);

interface Ports {
  readonly spot: number;
  readonly usdm: number;
}

type ExchangeMessage =
  | { readonly type: "ready"; readonly spotPort: number; readonly usdmPort: number }
  | { readonly type: "ended"; readonly report: ProcessReport }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "end" };

/** A run of the whole floor. */
export class Run {
  readonly #options: LaunchOptions;
  readonly #screen: ReturnType<typeof createScreen>;
  readonly #runId = process.env.TELEMETRY_RUN_ID ?? randomUUID();
  #endRequested: () => void = () => {};
  readonly #ending = new Promise<void>((resolve) => {
    this.#endRequested = resolve;
  });
  #deskUrl: string | undefined;
  #trader: TraderReport | undefined;
  #exchange: ProcessReport | undefined;
  #scanner: ScannerReport | undefined;
  #desk: DeskReport | undefined;
  #failure: string | undefined;

  constructor(options: LaunchOptions) {
    this.#options = options;
    this.#screen = createScreen(options.json ? process.stderr : process.stdout, options.json);
  }

  /** Asks for the end. */
  end(): void {
    this.#endRequested();
  }

  /** Runs until it is through, or asked to end; resolves with the exit code. */
  async toTheEnd(): Promise<number> {
    const desk = this.#options.desk ? await this.#startDesk() : undefined;
    const exchange = await this.#startExchange();
    if (exchange === undefined) {
      await desk?.stop(PATIENCE_MS);
      return this.#fail();
    }
    const trader = this.#startTrader(exchange.ports);
    const scanner = this.#options.scanner ? this.#startScanner(exchange.ports) : undefined;
    const timer = setTimeout(() => this.end(), (this.#options.seconds ?? 2 ** 21) * 1000);
    if (this.#options.seconds === undefined) clearTimeout(timer);
    const unexpected = exchange.process.exited.then((code) => {
      this.#failure ??= `the exchange ended by itself (${code})`;
    });
    await Promise.race([trader.exited, unexpected, this.#ending]);
    clearTimeout(timer);
    await Promise.all([trader.stop(PATIENCE_MS), scanner?.stop(PATIENCE_MS)]);
    if (this.#trader === undefined) this.#failure ??= "the trader ended without a report";
    else this.#failure = undefined;
    const failure = this.#failure;
    await exchange.process.stop(PATIENCE_MS);
    await desk?.stop(DESK_PATIENCE_MS);
    this.#failure = failure;
    return this.#failure === undefined ? this.#summarize() : this.#fail();
  }

  /** A desk that cannot be had is no reason not to trade. */
  async #startDesk(): Promise<WorkerProcess | undefined> {
    const { out, deskPort } = this.#options;
    const { process: desk, first } = startAndWait<DeskMessage, string>((hear) => ({
      name: "desk",
      entry: fileURLToPath(new URL(`./desk/main.${ENDING}`, import.meta.url)),
      args: [
        ...["--db", join(out, "telemetry", "telemetry.db")],
        ...(sendsElsewhere(process.env) ? ["--journal", out] : []),
        ...(deskPort === undefined ? [] : ["--port", deskPort]),
      ],
      env: { TELEMETRY_ENABLED: "false", TELEMETRY_DIR: out },
      isObserved: false,
      onMessage: (message) => {
        if (message.type === "ready") hear(message.url);
        if (message.type === "ended") this.#desk = message.report;
        if (message.type === "failed") process.stderr.write(`trading-floor: no desk: ${message.message}\n`);
      },
    }));
    this.#deskUrl = await first;
    if (this.#deskUrl !== undefined) return desk;
    await desk.stop(0);
    return undefined;
  }

  async #startExchange(): Promise<{ process: WorkerProcess; ports: Ports } | undefined> {
    const { recordings, speed, seed, rate, exchangeArgs, out } = this.#options;
    const { process: exchange, first } = startAndWait<ExchangeMessage, Ports>((hear) => ({
      name: "exchange",
      entry: fileURLToPath(import.meta.resolve("@tracebook-examples/basis-arbitrage/exchange")),
      args: [
        ...recordings.flatMap((file) => ["--recording", file]),
        ...["--speed", speed, "--seed", seed, "--orders-log", join(out, "exchange-orders.jsonl")],
        ...(rate === undefined ? [] : ["--rate", rate]),
        ...(this.#isSimulated && this.#options.scanner
          ? EXTRA_SYMBOLS.flatMap((symbol) => ["--extra-symbol", symbol])
          : []),
        ...exchangeArgs,
      ],
      env: serviceEnvironment(this.#facts(), "basis-exchange", 1, process.env),
      onMessage: (message) => {
        if (message.type === "ready") hear({ spot: message.spotPort, usdm: message.usdmPort });
        if (message.type === "ended") this.#exchange = message.report;
        if (message.type === "failed") this.#failure = `exchange: ${message.message}`;
      },
    }));
    const ports = await first;
    if (ports !== undefined) return { process: exchange, ports };
    this.#failure ??= "the exchange did not start";
    await exchange.stop(0);
    return undefined;
  }

  #startTrader(ports: Ports): WorkerProcess {
    const { live, seed, traderArgs } = this.#options;
    const spot = `127.0.0.1:${ports.spot}`;
    const usdm = `127.0.0.1:${ports.usdm}`;
    const orders = ["--live", "--spot-orders", `http://${spot}`, "--usdm-orders", `http://${usdm}`];
    const market = ["--spot-ws", `ws://${spot}`, "--spot-rest", `http://${spot}`];
    const futures = ["--usdm-ws", `ws://${usdm}`, "--usdm-rest", `http://${usdm}`];
    return startWorkerProcess<TraderMessage>({
      name: "trader",
      entry: fileURLToPath(import.meta.resolve("@tracebook-examples/basis-arbitrage/trader")),
      args: [...(live ? orders : [...market, ...futures]), "--seed", seed, ...traderArgs],
      env: serviceEnvironment(this.#facts(), "basis-trader", 0, process.env),
      onMessage: (message) => {
        if (message.type === "status") this.#screen.update(message.report, message.telemetry, this.#deskUrl);
        if (message.type === "ended") this.#trader = message.report;
        if (message.type === "failed") this.#failure = `trader: ${message.message}`;
      },
    });
  }

  /** A scanner that fails is told of, and the rest goes on. */
  #startScanner(ports: Ports): WorkerProcess {
    const { live, recordings, scannerArgs } = this.#options;
    const spot = `127.0.0.1:${ports.spot}`;
    const market = live ? ["--live"] : ["--spot-ws", `ws://${spot}`, "--spot-rest", `http://${spot}`];
    return startWorkerProcess<ScannerMessage>({
      name: "scanner",
      entry: fileURLToPath(import.meta.resolve("@tracebook-examples/scanner/main")),
      // A recording has the flagship's symbol and no other.
      args: [...market, ...(recordings.length > 0 ? ["--symbol", FLAGSHIP_SYMBOL] : []), ...scannerArgs],
      env: {
        ...serviceEnvironment(this.#facts(), "scanner", 2, process.env),
        SCANNER_LOG_FILE: join(this.#options.out, "logs", "scanner.log"),
      },
      onMessage: (message) => {
        if (message.type === "ended") this.#scanner = message.report;
        if (message.type === "failed") process.stderr.write(`trading-floor: scanner: ${message.message}\n`);
      },
    });
  }

  get #isSimulated(): boolean {
    return !this.#options.live && this.#options.recordings.length === 0;
  }

  #facts(): RunFacts {
    return { out: this.#options.out, runId: this.#runId, deskUrl: this.#deskUrl };
  }

  #summarize(): number {
    this.#screen.end();
    if (this.#trader === undefined) return this.#fail();
    const reports = { trader: this.#trader, exchange: this.#exchange, scanner: this.#scanner, desk: this.#desk };
    const summary = summarize(reports, this.#options.out);
    printSummary(this.#options.json ? process.stderr : process.stdout, summary);
    if (this.#options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    return 0;
  }

  #fail(): number {
    this.#screen.end();
    process.stderr.write(`trading-floor: ${this.#failure ?? "it did not work"}\n`);
    return 1;
  }
}

/** Starts a process and waits for what it says first; undefined when it ends before, or takes too long. */
function startAndWait<Message, First>(
  optionsOf: (hear: (first: First) => void) => Parameters<typeof startWorkerProcess<Message>>[0],
): { process: WorkerProcess; first: Promise<First | undefined> } {
  let settle: (first: First | undefined) => void = () => {};
  const heard = new Promise<First | undefined>((resolve) => {
    settle = resolve;
  });
  const started = startWorkerProcess<Message>(optionsOf(settle));
  const timer = setTimeout(() => settle(undefined), READY_MS);
  void started.exited.then(() => settle(undefined));
  return { process: started, first: heard.finally(() => clearTimeout(timer)) };
}
