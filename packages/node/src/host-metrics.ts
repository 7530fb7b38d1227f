// CPU, memory and disk of the machine and the process, once a minute and at every collection.
import { statfs } from "node:fs/promises";
import { cpus, freemem, totalmem } from "node:os";
import type { TradingMetrics } from "@tracebook/metrics";
import type { TelemetryConfig } from "./config.ts";

/** How often the disk is asked; the rest is read when metrics are collected. */
const DISK_EVERY_MS = 60_000;

/**
 * Feeds the host metrics of the catalogue (`cpu_usage`, `memory_usage`, `disk_usage`) into the catalogue's gauges, from Node.js
 * alone. Returns how to stop that.
 */
export async function startHostMetrics(
  metrics: TradingMetrics,
  config: TelemetryConfig,
  say: (line: string) => void,
): Promise<() => void> {
  let before = cpuTimes();
  const stopObserving = metrics.registry.onCollect(() => {
    const now = cpuTimes();
    const total = now.total - before.total;
    // Two collections within a clock tick of the machine say nothing new.
    if (total > 0) metrics.cpuUsage.set(((total - (now.idle - before.idle)) / total) * 100, {});
    before = now;
    metrics.memoryUsage.set((1 - freemem() / totalmem()) * 100, {});
  });
  const readDisk = async (): Promise<void> => {
    try {
      const { blocks, bavail } = await statfs(config.journal.dir === "" ? "." : config.journal.dir).catch(() =>
        statfs("."),
      );
      if (blocks > 0) metrics.diskUsage.set((1 - bavail / blocks) * 100, { mountpoint: "." });
    } catch (error) {
      say(`disk usage is not measured: ${(error as Error).message}`);
      clearInterval(timer);
    }
  };
  const timer = setInterval(() => void readDisk(), DISK_EVERY_MS);
  timer.unref();
  await readDisk();
  return () => {
    clearInterval(timer);
    stopObserving();
  };
}

function cpuTimes(): { total: number; idle: number } {
  let total = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { total, idle };
}
