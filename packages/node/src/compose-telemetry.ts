// Puts the parts to work and to rest: signal path, SDK, timers, the end of the process, and the handle the host gets.
import { tradingEvents } from "@tracebook/core";
import { installRuntime } from "@tracebook/core/extension";
import type { TelemetryConfig } from "./config.ts";
import { followJournalDrops } from "./journal-drops.ts";
import { watchProcessEnd } from "./process-end.ts";
import { type RunningSdk, startSdk } from "./sdk.ts";
import { createSignalPath, type SignalPath } from "./signal-path.ts";
import { formatStartLine } from "./start-line.ts";
import type { Telemetry, TelemetryHealth } from "./telemetry.ts";

const CLOCK_CHECK_MS = 1_000;
const REPORT_MS = 60_000;
/** The share of the shutdown timeout that the network may take; the rest is for closing files. */
const NETWORK_SHARE = 0.8;

/** Starts everything that `config` asks for. `say` prints one line; `forget` is called when telemetry is off again. */
export async function composeTelemetry(
  config: TelemetryConfig,
  say: (line: string) => void,
  forget: () => void,
): Promise<Telemetry> {
  const networkMs = Math.round(config.shutdownTimeoutMs * NETWORK_SHARE);
  const path = await createSignalPath(config, networkMs, say);
  const { engine, journal, ledger, pumps, logSink } = path;
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
  const stopTimers = startTimers(path, report);

  const flush = async (): Promise<void> => {
    engine.drain();
    logSink.drain();
    await Promise.all([journal?.flush(), pumps.flush(networkMs), sdk.flush(networkMs)]);
  };
  const end = async (): Promise<void> => {
    stopTimers();
    engine.drain();
    logSink.drain();
    // Evidence first: it is written before anything waits for a network.
    journal?.writeSync();
    await limited(Promise.all([pumps.close(networkMs), sdk.shutdown(networkMs)]), networkMs);
    path.exporters.disconnect();
    uninstall();
    sdk.release();
    path.release();
    stopWatching();
    await limited(journal?.close() ?? Promise.resolve(), config.shutdownTimeoutMs - networkMs);
    report();
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
      if (ending !== undefined) return;
      const unwritten = journal?.stats().pending ?? 0;
      if (unwritten > 0) ledger.add("journal", "not_written", unwritten);
      report();
    },
  });

  const startLine = formatStartLine(config, {
    metricsUrl: sdk.metricsUrl,
    instrumentations: sdk.instrumented,
    instanceId: engine.instanceId,
    runId: engine.runId,
  });
  if (!config.quiet) say(startLine);
  return {
    enabled: true,
    instanceId: engine.instanceId,
    runId: engine.runId,
    startLine,
    health: () => {
      engine.drain();
      countJournalDrops();
      return healthOf(path, sdk);
    },
    stagePercentiles(flow) {
      engine.drain();
      return path.flowMetrics.stagePercentiles(flow);
    },
    flush: () => limited(flush(), config.shutdownTimeoutMs),
    shutdown,
  };
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

function healthOf({ engine, journal, ledger, pumps }: SignalPath, sdk: RunningSdk): TelemetryHealth {
  const flows = engine.stats();
  return {
    enabled: true,
    flows,
    ...pumps.health(),
    metricsUrl: sdk.metricsUrl,
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
