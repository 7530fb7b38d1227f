/** The desk process: store, API and page; tells its address, and ends when it is asked to and everything it took is on disk. */
import { parseArgs } from "node:util";
import { openDesk } from "@tracebook/server";
import { ALERT_RULES } from "./alert-rules.ts";

/** What this process sends. */
export type DeskMessage =
  | { readonly type: "ready"; readonly url: string }
  | { readonly type: "ended"; readonly report: DeskReport }
  | { readonly type: "failed"; readonly message: string };

/** What the desk has taken, in events, spans and metric points. */
export interface DeskReport {
  readonly url: string;
  readonly database: string;
  readonly written: number;
  readonly rejected: number;
  readonly failed_writes: number;
}

function tell(message: DeskMessage): void {
  // Without a callback a parent that has just gone would be an uncaught error.
  process.send?.(message, () => {});
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { db: { type: "string" }, journal: { type: "string" }, port: { type: "string" } },
    strict: true,
  });
  const { db: path = "telemetry.db", journal, port } = values;
  const desk = await openDesk({
    path,
    journalDir: journal,
    title: "Trading floor",
    alertRules: ALERT_RULES,
    keepAlive: true,
    ...(port === undefined ? {} : { port: Number(port) }),
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      const { written, rejected, failedWrites } = desk.store.health();
      const { url } = desk;
      await desk.close();
      tell({ type: "ended", report: { url, database: path, written, rejected, failed_writes: failedWrites } });
      if (process.connected) process.disconnect();
    })();
    return stopping;
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop());
  process.on("message", (message) => {
    if (typeof message === "object" && message !== null && "type" in message && message.type === "stop") void stop();
  });
  tell({ type: "ready", url: desk.url });
}

run().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`desk: ${message}\n`);
  tell({ type: "failed", message });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
