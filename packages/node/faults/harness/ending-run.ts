// One end of one process: how long it takes, with which code, what it said.
import { botEnv } from "../bot/bot.ts";
import type { ObserverName } from "../bot/observer.ts";
import { startSink } from "./sink.ts";
import { until } from "./until.ts";
import { startWorker, type WorkerEnd } from "./worker.ts";

/** How a process is to end. */
export interface EndingPlan {
  /** `none`: without telemetry. */
  readonly observer: ObserverName | "none";
  readonly run: number;
  readonly ticks: number;
  /** What the program is told, see programs/ending.ts. */
  readonly how: string;
  /** Sent when it is ready. */
  readonly signal?: NodeJS.Signals | undefined;
  readonly endpoint: string;
  readonly dir: string;
  readonly execArgv?: readonly string[];
}

/** How it ended. */
export interface Ending {
  /** `SIGTERM`, `exit code 7`. */
  readonly by: string;
  /** Milliseconds from its last word, or its signal, to its end. */
  readonly afterMs: number;
  readonly stderr: string;
}

/** Longer than any end takes: the stock SDK's with a Collector that never answers are 20 s. */
const MAX_LIFE_MS = 40_000;

/** Lets it end. Rejects when it does not. */
export async function runEnding(plan: EndingPlan): Promise<Ending> {
  const { observer, run, ticks, how, signal, execArgv = [] } = plan;
  const name = `the bot (${observer}) that ends by ${signal ?? how}`;
  const worker = startWorker(new URL("../programs/ending.ts", import.meta.url), name, {
    args: [observer, String(run), String(ticks), how],
    env: observer === "none" ? {} : botEnv({ ...plan, observer }),
    execArgv,
  });
  let isKilled = false;
  const timer = setTimeout(() => {
    isKilled = true;
    worker.signal("SIGKILL");
  }, MAX_LIFE_MS);
  let end: WorkerEnd | undefined;
  void worker.exit.then((one) => {
    end = one;
  });
  try {
    const isReady = (): boolean => worker.stdout().includes("ready") || end !== undefined;
    await until(`${name} is ready`, isReady, { everyMs: 2, timeoutMs: MAX_LIFE_MS });
    const fromMs = performance.now();
    if (signal !== undefined) worker.signal(signal);
    const { code, signal: by, atMs } = await worker.exit;
    if (isKilled) throw new Error(`${name} had not ended after ${MAX_LIFE_MS / 1e3} s:\n${worker.stderr()}`);
    return { by: by ?? `exit code ${code}`, afterMs: Math.round(Math.max(0, atMs - fromMs)), stderr: worker.stderr() };
  } finally {
    clearTimeout(timer);
  }
}

/** A Collector in one of the states in which processes end. */
export interface EndingSink {
  readonly url: string;
  /** Makes it a good one, at the same address. */
  heal(): Promise<void>;
  state(): ReturnType<Awaited<ReturnType<typeof startSink>>["state"]>;
  close(): Promise<void>;
}

/** The states. */
export const SINK_STATES = ["fast", "refused", "black hole"] as const;

/** Starts one. */
export async function startEndingSink(state: (typeof SINK_STATES)[number]): Promise<EndingSink> {
  const sink = await startSink();
  if (state === "refused") await sink.refuse();
  if (state === "black hole") await sink.answer({ kind: "hang" });
  return {
    url: sink.url,
    async heal() {
      if (state === "refused") await sink.listen();
      await sink.answer({ kind: "take" });
    },
    state: () => sink.state(),
    close: () => sink.close(),
  };
}
