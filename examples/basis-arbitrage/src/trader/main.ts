/** The trader process: options from the command line, reports to the parent, a clean end on request or when a recording is through. */

import { startTelemetry } from "@tracebook/node";
import { createServiceLog } from "../service-log.ts";
import { reportTrader, type TraderReport } from "./report.ts";
import { startTrader } from "./trader.ts";
import { parseTraderOptions } from "./trader-options.ts";

export type { TraderReport } from "./report.ts";

const REPORT_EVERY_MS = 500;

/** What this process sends. */
export type TraderMessage =
  | { readonly type: "status"; readonly report: TraderReport; readonly telemetry: string }
  | { readonly type: "ended"; readonly report: TraderReport }
  | { readonly type: "failed"; readonly message: string };

const logger = createServiceLog("trader", process.env.LOG_LEVEL ?? "info", process.env.BASIS_LOG_FILE);

function tell(message: TraderMessage): void {
  // Without a callback a parent that has just gone would be an uncaught error.
  process.send?.(message, () => {});
}

async function run(): Promise<void> {
  // Started before this file was loaded, by `--import @tracebook/node/register`; this gives the handle.
  const telemetry = await startTelemetry();
  const options = parseTraderOptions(process.argv.slice(2), process.env);
  const sessionId = Math.floor(Date.now() / 1000).toString(36) + process.pid.toString(36);
  const trader = startTrader(options, logger, sessionId);
  const status = setInterval(() => {
    trader.mark();
    tell({ type: "status", report: reportTrader(trader, telemetry), telemetry: telemetry.startLine });
  }, REPORT_EVERY_MS);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      clearInterval(status);
      await trader.stop();
      await telemetry.shutdown();
      tell({ type: "ended", report: reportTrader(trader, telemetry) });
      if (process.connected) process.disconnect();
    })();
    return stopping;
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop());
  process.on("message", (message) => {
    if (typeof message === "object" && message !== null && "type" in message && message.type === "stop") void stop();
  });
  await trader.ended;
  await stop();
}

run().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`trader: ${message}\n`);
  tell({ type: "failed", message });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
