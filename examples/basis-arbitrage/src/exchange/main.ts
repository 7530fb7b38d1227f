/** The exchange process: options from the command line, readiness and the end of a recording to the parent, stop on request. */
import { startTelemetry } from "@tracebook/node";
import { createServiceLog } from "../service-log.ts";
import { createExchange } from "./exchange.ts";
import { parseExchangeOptions } from "./exchange-options.ts";
import { observePlaceOrder } from "./observed-order-desk.ts";

/** How long a stop may take before the process leaves anyway. */
const STOP_TIMEOUT_MS = 6_000;

const logger = createServiceLog("exchange", process.env.LOG_LEVEL ?? "info", process.env.BASIS_LOG_FILE);

/** To the parent if there is one, otherwise as a line on stdout. */
function tell(message: Readonly<Record<string, unknown>>): void {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  // Without a callback a parent that has just gone would be an uncaught error.
  else process.send(message, () => {});
}

async function run(): Promise<void> {
  const options = parseExchangeOptions(process.argv.slice(2), process.env);
  // Started before this file was loaded, by `--import @tracebook/node/register`; this gives the handle.
  const telemetry = await startTelemetry();
  const exchange = createExchange(options, {
    logger,
    onEnd: (result) => tell({ type: "end", ...result }),
    wrapPlaceOrder: observePlaceOrder,
  });
  const stop = async () => {
    setTimeout(() => process.exit(), STOP_TIMEOUT_MS).unref();
    await exchange.stop();
    await telemetry.shutdown();
    tell({ type: "ended", report: { instance_id: telemetry.instanceId, telemetry: telemetry.health() } });
    if (process.connected) process.disconnect();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop());
  process.on("message", (message) => {
    if (typeof message === "object" && message !== null && "type" in message && message.type === "stop") void stop();
  });
  const address = await exchange.start();
  tell({ type: "ready", ...address, source: options.recordings.length > 0 ? "recording" : "simulation" });
}

run().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`exchange: ${message}\n`);
  tell({ type: "failed", message });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
