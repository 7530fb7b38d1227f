// Exports a database, and says what that has cost. Forked by warehouse.ts.
import { exportTelemetryData } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { answerOrders } from "../child.ts";
import type { ExportFigures, ExportOrder } from "./warehouse.ts";

answerOrders<ExportOrder>(async ({ path, dir }): Promise<ExportFigures> => {
  const store = await openSqliteStore({ path });
  try {
    // So that questions have been asked once: what is measured is the export, not the first page of code.
    await store.facts();
    const startRssBytes = process.memoryUsage.rss();
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    const { rows, parts, bytes, isComplete } = await exportTelemetryData(store, {
      dir,
      tables: ["telemetry_events", "decisions"],
    });
    const seconds = (performance.now() - startMs) / 1e3;
    const { user, system } = process.cpuUsage(cpu);
    const maxRssBytes = process.resourceUsage().maxRSS * 1024;
    return { rows, parts, bytes, isComplete, seconds, cpuMicros: user + system, startRssBytes, maxRssBytes };
  } finally {
    await store.close();
  }
});
