// The handle on a bot process, and the environment it is started in.
import type { TelemetryHealth } from "@tracebook/node";
import { startWorker, type WorkerEnd } from "../harness/worker.ts";
import type { BurstKind, ObserverName } from "./observer.ts";
import type { WindowFigures } from "./tick-window.ts";

/** What the process is started with. */
export interface BotPlan {
  readonly observer: ObserverName;
  /** In the trace id of all it makes. */
  readonly run: number;
  /** Spans that the stock SDK may queue; its default unless given. */
  readonly stockQueueSize?: number | undefined;
}

/** What a bot is told. */
export type BotOrder =
  | { readonly kind: "pace"; readonly ticksPerS: number }
  | { readonly kind: "window"; readonly name: string }
  | { readonly kind: "burst"; readonly what: BurstKind; readonly spans: number; readonly flush: boolean }
  | { readonly kind: "status" | "look" | "end" };

/** How a bot stands. */
export interface BotStatus {
  /** How many of each kind it has made: those with the numbers from 0 on. */
  readonly made: Readonly<Record<string, number>>;
  /** Undefined for the stock SDK, which does not tell. */
  readonly health: TelemetryHealth | undefined;
  readonly rssMib: number;
  readonly heapBytes: number;
  /** Of buffers and the like, outside the heap. */
  readonly externalBytes: number;
  readonly descriptors: number | undefined;
}

/** The end of a bot: after its shutdown. */
export interface BotReport extends BotStatus {
  readonly windows: readonly WindowFigures[];
  readonly shutdownMs: number;
}

/** A running bot. */
export interface Bot {
  readonly observer: ObserverName;
  readonly run: number;
  readonly pid: number;
  /** Ticks a second from now on; 0 stops them. A tick makes two spans and two events. */
  pace(ticksPerS: number): Promise<void>;
  /** Ends the stretch under way and begins another. */
  window(name: string): Promise<WindowFigures>;
  /** Makes so many spans in one turn of the event loop; flushes behind them if asked to. */
  burst(what: BurstKind, spans: number, flush?: boolean): Promise<{ readonly flushMs: number }>;
  status(): Promise<BotStatus>;
  /** The same after a collection of garbage, if the process may ask for one (`--expose-gc`): it holds the bot up. */
  look(): Promise<BotStatus>;
  /** Stops ticking, shuts telemetry down, tells, and ends the process. */
  end(): Promise<BotReport>;
  /** Ends the process at once. */
  kill(): Promise<WorkerEnd>;
  stderr(): string;
}

/** What a bot is started with. */
export interface BotOptions {
  readonly observer: ObserverName;
  /** Base URL for OTLP/HTTP. */
  readonly endpoint: string;
  /** A folder of its own for what it writes. */
  readonly dir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly execArgv?: readonly string[];
  /** What it makes bears this number; a new one unless given. */
  readonly run?: number;
  readonly stockQueueSize?: number | undefined;
}

let runs = 0;

/** Starts a bot, which does nothing yet. */
export async function startBot(options: BotOptions): Promise<Bot> {
  const { observer, env = {}, execArgv = [], run = ++runs, stockQueueSize } = options;
  const plan: BotPlan = { observer, run, stockQueueSize };
  const worker = startWorker<BotOrder>(new URL("./bot-process.ts", import.meta.url), `the bot (${observer})`, {
    args: [JSON.stringify(plan)],
    env: { ...botEnv(options), ...env },
    execArgv,
  });
  const bot: Bot = {
    observer,
    run,
    pid: worker.pid,
    pace: (ticksPerS) => worker.ask({ kind: "pace", ticksPerS }),
    window: (name) => worker.ask({ kind: "window", name }),
    burst: (what, spans, flush = false) => worker.ask({ kind: "burst", what, spans, flush }),
    status: () => worker.ask({ kind: "status" }),
    look: () => worker.ask({ kind: "look" }),
    async end() {
      const report = await worker.ask<BotReport>({ kind: "end" });
      await worker.stop();
      return report;
    },
    kill() {
      worker.signal("SIGKILL");
      return worker.exit;
    },
    stderr: () => worker.stderr(),
  };
  await bot.status();
  return bot;
}

/** The settings under which a bot of either observer sends everything it makes to `endpoint`. */
export function botEnv({ observer, endpoint, dir }: BotOptions): Record<string, string> {
  if (observer === "stock") return { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  return {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_SERVICE_NAME: "bot",
    TELEMETRY_OTLP_ENDPOINT: endpoint,
    TELEMETRY_DIR: dir,
    TELEMETRY_LOG_RECORDS: "all",
    TELEMETRY_SAMPLE_RATIO: "1",
    TELEMETRY_METRICS_INTERVAL_MS: "5000",
    // Hours of a soak would fill the disk of a small machine.
    TELEMETRY_JOURNAL_MAX_BYTES: "256MiB",
    BOT_METRICS_ENABLED: "false",
  };
}
