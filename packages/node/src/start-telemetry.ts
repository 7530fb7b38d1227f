// One call that starts everything the environment asks for, and nothing when it asks for nothing.
import { ProxyTracerProvider, trace } from "@opentelemetry/api";
import { tracebookSlot } from "@tracebook/core/extension";
import { resolveConfig, type TelemetryOptions } from "./config.ts";
import type { Telemetry } from "./telemetry.ts";

/** State of this process, shared by copies of this package through the slot: telemetry is started once. */
const SHARED_KEY = "node";

/**
 * Starts telemetry as the environment and `options` say, and resolves when the host may go on. Off by default
 * (`TELEMETRY_ENABLED=true` switches it on); while off, nothing is loaded and nothing happens.
 *
 * Call it before importing what is to be instrumented, or start the process with `node --import @tracebook/node/register`.
 * Starting twice gives the telemetry that runs. Throws `TracebookConfigError` for wrong options, and for wrong environment
 * values under `TELEMETRY_STRICT=true`; nothing else of it ever throws.
 *
 * @example
 * const telemetry = await startTelemetry({ serviceName: "basis-trader" });
 */
export async function startTelemetry(options: TelemetryOptions = {}): Promise<Telemetry> {
  const shared = tracebookSlot().shared;
  const running = shared.get(SHARED_KEY) as Promise<Telemetry> | undefined;
  if (running !== undefined) {
    // Without options it is the way to the handle of what `--import @tracebook/node/register` started.
    if (Object.keys(options).length > 0) say("telemetry is started already; the options of this start are ignored");
    return running;
  }
  const { config, problems } = resolveConfig(options);
  for (const problem of problems) say(problem.line);
  if (!config.enabled && !config.prometheus.enabled) return OFF;
  if (foreignSdkIsRegistered()) {
    say(
      "another OpenTelemetry SDK runs in this process: flows, events and decisions go through it, as spans, metrics and logs; " +
        "the journal, keeping and /metrics of Tracebook are off. Leave its start out to have them",
    );
    return OFF;
  }
  const { composeTelemetry } = await import("./compose-telemetry.ts");
  const started = composeTelemetry(config, say, () => shared.delete(SHARED_KEY));
  shared.set(SHARED_KEY, started);
  return started;
}

function foreignSdkIsRegistered(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== new ProxyTracerProvider().getDelegate()
  );
}

function say(line: string): void {
  process.stderr.write(`${line.startsWith("tracebook:") ? line : `tracebook: ${line}`}\n`);
}

/** The telemetry of a process that has none. */
const OFF: Telemetry = Object.freeze({
  enabled: false,
  instanceId: "",
  runId: "",
  startLine: "",
  health: () => ({
    enabled: false,
    flows: undefined,
    traces: undefined,
    logs: undefined,
    metricsUrl: undefined,
    journal: undefined,
    dropped: {},
    misuse: {},
  }),
  stagePercentiles: () => ({}),
  flush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});
