// A paper exchange of the scanner's own, as a process beside it, for whoever has none running: the one of the flagship example.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SIMULATED_SYMBOLS } from "@tracebook-examples/basis-arbitrage/market";

/** A running exchange. */
export interface PaperExchange {
  readonly streamUrl: string;
  readonly restUrl: string;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

interface ExchangeMessage {
  readonly type?: unknown;
  readonly spotPort?: number;
  readonly message?: string;
}

const STOP_TIMEOUT_MS = 7_000;
/** Messages a second of the first symbol; the others have the exchange's default for symbols that are only watched. */
const FIRST_RATE = "100";

/**
 * Starts an exchange that simulates the symbols, as far as it can: those it cannot simulate it refuses as any venue refuses what it
 * does not list. Rejects with what the exchange says when it does not start.
 */
export async function startPaperExchange(symbols: readonly string[], seed: number): Promise<PaperExchange> {
  const [first = "BTCUSDT", ...others] = symbols.filter((symbol) => SIMULATED_SYMBOLS.includes(symbol));
  const child = fork(
    fileURLToPath(import.meta.resolve("@tracebook-examples/basis-arbitrage/exchange")),
    [
      "--seed",
      String(seed),
      "--symbol",
      first,
      "--rate",
      FIRST_RATE,
      ...others.flatMap((name) => ["--extra-symbol", name]),
    ],
    {
      // What is observed is the scanner; the exchange stands for the world outside.
      env: { ...process.env, TELEMETRY_ENABLED: "false" },
      stdio: ["ignore", 2, 2, "ipc"],
      // A terminal's Ctrl-C goes to the whole group: the exchange would be gone before the scanner has said goodbye.
      detached: true,
    },
  );
  const port = await readyPort(child);
  return {
    streamUrl: `ws://127.0.0.1:${port}`,
    restUrl: `http://127.0.0.1:${port}`,
    stop: () => stop(child),
  };
}

function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("message", ({ type, spotPort, message }: ExchangeMessage) => {
      if (type === "ready" && spotPort !== undefined) resolve(spotPort);
      if (type === "failed") reject(new Error(`the paper exchange did not start: ${message}`));
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`the paper exchange ended by itself (${code ?? signal})`)));
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.send({ type: "stop" }, () => {});
  });
}
