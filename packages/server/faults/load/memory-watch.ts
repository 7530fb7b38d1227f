// The memory of a process as the system sees it, from outside: what a process says of itself comes late when it is busy.
import { readFileSync } from "node:fs";

/** A watch. */
export interface MemoryWatch {
  /** The most since the last call, in MiB to a tenth. */
  peak(): number;
}

const EVERY_MS = 20;

/** Watches a process of this machine until `over` aborts; Linux only. */
export function watchMemory(pid: number, over: AbortSignal): MemoryWatch {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, rssMib(pid));
  };
  const timer = setInterval(look, EVERY_MS);
  over.addEventListener("abort", () => clearInterval(timer), { once: true });
  return {
    peak() {
      look();
      const most = peak;
      peak = 0;
      return Math.round(10 * most) / 10;
    },
  };
}

/** 0 for a process that is gone. */
function rssMib(pid: number): number {
  try {
    const [, kib = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return Number(kib) / 1024;
  } catch {
    return 0;
  }
}
