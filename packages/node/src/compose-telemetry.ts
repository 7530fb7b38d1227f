// Puts the parts to work and to rest: signal path, SDK, timers, the end of the process, and the handle the host gets.
import { tradingEvents } from "@tracebook/core";
import { installRuntime } from "@tracebook/core/extension";
import type { TelemetryConfig } from "./config.ts";
import type { TelemetryExtensions } from "./host-processors.ts";
import { followJournalDrops } from "./journal-drops.ts";
import { watchProcessEnd } from "./process-end.ts";
import { refuseScrape } from "./refuse-scrape.ts";
import { type RunningSdk, startSdk } from "./sdk.ts";
import { createSignalPath, type SignalPath } from "./signal-path.ts";
import { describeDestination, formatStartLine } from "./start-line.ts";
import type { Telemetry, TelemetryHealth } from "./telemetry.ts";
import { checkDestination, type TelemetryDestination } from "./telemetry-destination.ts";

const CLOCK_CHECK_MS = 1_000;
const REPORT_MS = 60_000;
/** The share of the shutdown timeout that the network may take; the rest is for closing files. */
const NETWORK_SHARE = 0.8;
/** What the delivery may take beyond the network's share to put on disk what did not get through. */
const CLOSING_MS = 300;

/** Starts everything that `config` asks for. `say` prints one line; `forget` is called when telemetry is off again. */
export async function composeTelemetry(
  config: TelemetryConfig,
  extensions: TelemetryExtensions,
  say: (line: string) => void,
  forget: () => void,
): Promise<Telemetry> {
  const networkMs = Math.round(config.shutdownTimeoutMs * NETWORK_SHARE);
  const path = createSignalPath(config, extensions, networkMs, say);
  const { engine, journal, ledger, outlets, destinations } = path;
  const { delivery } = path.otlp;
  for (const destination of extensions.destinations ?? []) addDestination(config, path, destination, say);
  // The runtime first: a flow in the meantime must not take our own SDK for someone else's.
  const uninstall = installRuntime(engine);
  const sdk = await startSdk({ config, say, ...path }).catch((error: unknown) => {
    uninstall();
    throw error;
  });
  const countJournalDrops = followJournalDrops(journal, ledger);
  const report = (): void => {
    countJournalDrops();
    ledger.report();
  };
  const lastReport = (): void => {
    report();
    const leftover = path.otlp.leftover();
    if (leftover !== undefined) say(leftover);
  };
  const stopTimers = startTimers(path, report);

  const flush = async (): Promise<void> => {
    path.drain();
    // The metrics first: what they come to leaves by the same way.
    await sdk.flush(networkMs);
    await Promise.all([journal?.flush(), path.flush(networkMs)]);
  };
  const end = async (): Promise<void> => {
    const endsAt = performance.now() + networkMs;
    stopTimers();
    engine.drain();
    // Evidence first: it is written before anything waits for a network.
    journal?.writeSync();
    path.drain();
    // Its last metrics leave by the same way as all else. They are collected, not sent: that takes milliseconds.
    await limited(sdk.shutdown(networkMs), networkMs / 2);
    outlets.close();
    const closingHost = path.host.shutdown();
    const leftMs = endsAt - performance.now();
    await limited(Promise.all([delivery.close(leftMs), destinations.close(leftMs)]), leftMs + CLOSING_MS);
    await limited(closingHost, Math.max(0, endsAt - performance.now()));
    uninstall();
    sdk.release();
    path.release();
    stopWatching();
    await limited(journal?.close() ?? Promise.resolve(), config.shutdownTimeoutMs - networkMs);
    lastReport();
    forget();
  };
  let ending: Promise<void> | undefined;
  const shutdown = (): Promise<void> => {
    ending ??= limited(end(), config.shutdownTimeoutMs);
    return ending;
  };
  const stopWatching = watchProcessEnd({
    shutdown,
    flush: () => limited(flush(), config.shutdownTimeoutMs),
    lastWrite(why) {
      if (why === "crash") engine.keepRecent("crash");
      engine.drain();
      journal?.writeSync();
      path.drain();
      if (why === "crash" && isHostGoingOn()) return;
      // What has not left yet leaves after the next start.
      delivery.saveSync();
      destinations.closeSync();
      if (ending !== undefined) return;
      const unwritten = journal?.stats().pending ?? 0;
      if (unwritten > 0) ledger.add("journal", "not_written", unwritten);
      lastReport();
    },
  });

  const startLine = formatStartLine(config, {
    metricsUrl: sdk.metricsUrl,
    instrumentations: sdk.instrumented,
    destinations: destinations.names,
    instanceId: engine.instanceId,
    runId: engine.runId,
  });
  if (!config.quiet) say(startLine);
  return {
    enabled: true,
    instanceId: engine.instanceId,
    runId: engine.runId,
    startLine,
    metricsHandler(request, response) {
      if (sdk.exposition === undefined) refuseScrape(response);
      else sdk.exposition.handle(request, response);
    },
    health: () => {
      engine.drain();
      countJournalDrops();
      return healthOf(path, sdk);
    },
    stagePercentiles(flow) {
      engine.drain();
      return path.flowMetrics.stagePercentiles(flow);
    },
    addDestination(destination) {
      const before = destinations.names;
      const remove = addDestination(config, path, destination, say);
      const added = config.quiet ? [] : destinations.names.slice(before.length);
      for (const name of added) say(`${describeDestination(name)}, from now on`);
      return remove;
    },
    flush: () => limited(flush(), config.shutdownTimeoutMs),
    shutdown,
  };
}

/** True when an exception that nobody caught is one that the host has a way to live with. */
function isHostGoingOn(): boolean {
  return process.listenerCount("uncaughtException") > 0 || process.hasUncaughtExceptionCaptureCallback();
}

/** Follows the wall clock and tells of losses; the timers do not keep the process alive. */
function startTimers({ clock }: SignalPath, report: () => void): () => void {
  const timers = [
    setInterval(() => {
      const step = clock.check();
      if (step !== 0) tradingEvents.clockStep.emit({ step_ms: step });
    }, CLOCK_CHECK_MS),
    setInterval(report, REPORT_MS),
  ];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

/** Where metrics are served and nothing else, there is nothing for it. */
function addDestination(
  config: TelemetryConfig,
  path: SignalPath,
  destination: TelemetryDestination,
  say: (line: string) => void,
): () => Promise<void> {
  if (config.enabled) return path.destinations.add(destination);
  say(`${checkDestination(destination).name} gets nothing: set TELEMETRY_ENABLED=true`);
  return () => Promise.resolve();
}

function healthOf({ destinations, engine, journal, ledger, outlets }: SignalPath, sdk: RunningSdk): TelemetryHealth {
  const flows = engine.stats();
  return {
    enabled: true,
    flows,
    ...outlets.health(),
    destinations: destinations.health(outlets.waiting()),
    metricsUrl: sdk.metricsUrl,
    metricsProblem: sdk.metricsProblem,
    journal: journal?.stats(),
    dropped: ledger.counts(),
    misuse: flows.misuse,
  };
}

/** Waits for `work`, but not longer than `ms` milliseconds; never rejects. */
async function limited(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.then(ignore, ignore), late]);
  clearTimeout(timer);
}

function ignore(): void {}
