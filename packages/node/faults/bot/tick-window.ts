// Figures of a stretch of a bot's life: time inside single ticks, delay of the event loop, memory, CPU.
import { createHistogram, monitorEventLoopDelay } from "node:perf_hooks";

/** What a stretch has come to. */
export interface WindowFigures {
  readonly name: string;
  readonly seconds: number;
  readonly ticks: number;
  /** Microseconds inside one tick. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
  /** Milliseconds by which the event loop came late. */
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly rssPeakMib: number;
  /** At the end of the stretch. */
  readonly rssMib: number;
  /** Of one core, in per cent. */
  readonly cpuPercent: number;
}

/** A stretch under way. */
export interface TickWindow {
  /** Milliseconds inside one tick. */
  took(ms: number): void;
  /** Ends it. */
  end(): WindowFigures;
}

const RESOLUTION_MS = 5;
const RSS_EVERY_MS = 100;
const MIB = 2 ** 20;

/** Opens a stretch. */
export function openTickWindow(name: string): TickWindow {
  const ticks = createHistogram({ lowest: 1, highest: 60e9, figures: 3 });
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loop.enable();
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  let rssPeak = process.memoryUsage.rss();
  const look = (): void => {
    rssPeak = Math.max(rssPeak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, RSS_EVERY_MS).unref();
  return {
    took: (ms) => ticks.record(Math.max(1, Math.round(ms * 1e6))),
    end() {
      clearInterval(timer);
      loop.disable();
      look();
      const seconds = (performance.now() - startedMs) / 1e3;
      const { user, system } = process.cpuUsage(cpu);
      const us = (percentile: number): number => round(ticks.percentile(percentile) / 1e3);
      // The monitor measures from one of its timers to the next: what is beyond their distance is delay.
      const late = (nanos: number): number => Math.max(0, round(nanos / 1e6 - RESOLUTION_MS));
      return {
        name,
        seconds: round(seconds),
        ticks: ticks.count,
        p50Us: us(50),
        p99Us: us(99),
        p999Us: us(99.9),
        maxUs: round(ticks.max / 1e3),
        loopP99Ms: late(loop.percentile(99)),
        loopMaxMs: late(loop.max),
        rssPeakMib: round(rssPeak / MIB),
        rssMib: round(process.memoryUsage.rss() / MIB),
        cpuPercent: round((user + system) / seconds / 1e4),
      };
    },
  };
}

/** The worst of several stretches, figure by figure. */
export function worstWindow(name: string, windows: readonly WindowFigures[]): WindowFigures {
  const most = (of: keyof Omit<WindowFigures, "name">): number => Math.max(...windows.map((one) => one[of]));
  const sum = (of: "seconds" | "ticks"): number => round(windows.reduce((total, one) => total + one[of], 0));
  return {
    name,
    seconds: sum("seconds"),
    ticks: sum("ticks"),
    p50Us: most("p50Us"),
    p99Us: most("p99Us"),
    p999Us: most("p999Us"),
    maxUs: most("maxUs"),
    loopP99Ms: most("loopP99Ms"),
    loopMaxMs: most("loopMaxMs"),
    rssPeakMib: most("rssPeakMib"),
    rssMib: most("rssMib"),
    cpuPercent: most("cpuPercent"),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
