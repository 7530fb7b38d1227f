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

/** Lets it end. */
export async function runEnding(plan: EndingPlan): Promise<Ending> {
  const { observer, run, ticks, how, signal, execArgv = [] } = plan;
  const worker = startWorker(new URL("../programs/ending.ts", import.meta.url), `the ending bot (${observer})`, {
    args: [observer, String(run), String(ticks), how],
    env: observer === "none" ? {} : botEnv({ ...plan, observer }),
    execArgv,
  });
  let end: WorkerEnd | undefined;
  void worker.exit.then((one) => {
    end = one;
  });
  await until("it is ready", () => worker.stdout().includes("ready") || end !== undefined, { everyMs: 2 });
  const fromMs = performance.now();
  if (signal !== undefined) worker.signal(signal);
  const { code, signal: by, atMs } = await worker.exit;
  return { by: by ?? `exit code ${code}`, afterMs: Math.round(Math.max(0, atMs - fromMs)), stderr: worker.stderr() };
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
