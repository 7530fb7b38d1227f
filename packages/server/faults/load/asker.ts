// One who asks the desk again and again, as an open page does, and notes how long answers take.
import { setTimeout as sleep } from "node:timers/promises";
import { ask, createAgent } from "./ask.ts";
import { createTimes, type Times } from "./times.ts";

/** An asker at work. */
export interface Asker {
  /** How long answers took since the last call. */
  times(): Times;
  /** Answers that were not 200, and questions without one, as `path: what`. */
  readonly failures: readonly string[];
  /** Ends it. */
  stop(): Promise<void>;
}

/** What an open page asks for. */
const PAGE_PATHS = [
  "/api/telemetry/recent?limit=100",
  "/api/telemetry/events?limit=50",
  "/api/telemetry/health",
] as const;
const PAUSE_MS = 20;

/** Starts asking for the paths by turns, with a pause between answer and question, until it is stopped or `over` aborts. */
export function startAsker(url: string, over: AbortSignal, paths: readonly string[] = PAGE_PATHS): Asker {
  const agent = createAgent(1);
  const failures: string[] = [];
  let times = createTimes();
  let isOver = false;
  const work = async () => {
    for (let i = 0; !isOver && !over.aborted; i++) {
      const path = paths[i % paths.length]!;
      try {
        const { status, tookMs } = await ask(url + path, { agent });
        times.took(tookMs);
        if (status !== 200) failures.push(`${path}: ${status}`);
      } catch (error) {
        failures.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      }
      await sleep(PAUSE_MS);
    }
    agent.destroy();
  };
  const working = work();
  return {
    times() {
      const taken = times;
      times = createTimes();
      return taken;
    },
    failures,
    stop() {
      isOver = true;
      return working;
    },
  };
}
