// The scanner process: options from the command line, reports to the parent, a clean end on request or when a recording is through.
import { startTelemetry, tradingMetrics } from "@tracebook/node";
import { connectMarketWatch } from "./market/market-watch.ts";
import { type PaperExchange, startPaperExchange } from "./paper-exchange.ts";
import { startScanLoop } from "./scan/scan-loop.ts";
import { createScanner } from "./scan/scanner.ts";
import type { ScannerMessage } from "./scanner-message.ts";
import { parseScannerOptions, type ScannerOptions, USAGE } from "./scanner-options.ts";
import { reportScanner, type ScannerReport, summaryLine } from "./scanner-report.ts";
import { createServiceLog } from "./service-log.ts";

/** To the parent if there is one; otherwise the words for people. */
function tell(message: ScannerMessage, words: string): void {
  if (process.send === undefined) process.stdout.write(`${words}\n`);
  // Without a callback a parent that has just gone would be an uncaught error.
  else process.send(message, () => {});
}

async function run(options: ScannerOptions): Promise<void> {
  const stopping = Promise.withResolvers<void>();
  listen(stopping.resolve);
  // Started before this file was loaded, by `--import @tracebook/node/register`; this gives the handle.
  const telemetry = await startTelemetry();
  const exchange = options.market === undefined ? await startPaperExchange(options.symbols, options.seed) : undefined;
  const { profile, symbols } = options;
  const logger = createServiceLog(process.env.LOG_LEVEL ?? "info", process.env.SCANNER_LOG_FILE);
  const watch = connectMarketWatch({ ...options, ...marketOf(options, exchange), logger });
  const session = Math.floor(Date.now() / 1_000).toString(36) + process.pid.toString(36);
  const scanner = createScanner({ watch, symbols, profile, runIdOf: (scan) => `scan-${session}-${scan}`, logger });
  const report = (): ScannerReport => reportScanner(profile.name, scanner.counts, watch.counts, telemetry);
  const scan = async (): Promise<void> => {
    const { symbols: scanned, generated, rejected, errors } = await scanner.scan();
    const { scans } = scanner.counts;
    const words = `scan ${scans}: ${scanned} symbols, ${generated} generated, ${rejected} rejected, ${errors} errors`;
    tell({ type: "status", report: report(), telemetry: telemetry.startLine }, words);
    if (scans === options.scans) stopping.resolve();
  };
  tradingMetrics.botsActive.set(1, { status: "running" });
  const loop = startScanLoop({ everyMs: options.everyMs, scan });
  tell(
    { type: "ready", profile: profile.name, symbols },
    `scanner: ${symbols.length} symbols, profile ${profile.name}`,
  );
  const isOver = await Promise.race([stopping.promise, watch.ended.then(() => true)]);
  await loop.stop();
  if (isOver === true) await scan();
  watch.close();
  tradingMetrics.botsActive.set(0, { status: "running" });
  tradingMetrics.botsActive.set(1, { status: "stopped" });
  await telemetry.shutdown();
  await exchange?.stop();
  tell({ type: "ended", report: report() }, summaryLine(report()));
  if (process.connected) process.disconnect();
}

/** Hears of every way to be told to end. */
function listen(stop: () => void): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
  process.on("disconnect", stop);
  process.on("message", (message) => {
    if (typeof message === "object" && message !== null && "type" in message && message.type === "stop") stop();
  });
}

function marketOf({ market }: ScannerOptions, exchange: PaperExchange | undefined) {
  const place = market ?? exchange;
  if (place === undefined) throw new Error("there is no market: give --spot-ws and --spot-rest, or --live");
  return { streamUrl: place.streamUrl, restUrl: place.restUrl };
}

async function main(): Promise<void> {
  const options = parseScannerOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(USAGE);
  else await run(options);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`scanner: ${message}\n`);
  if (process.send !== undefined) tell({ type: "failed", message }, "");
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
