// One call that starts everything the environment asks for, and nothing when it asks for nothing.
import type { ServerResponse } from "node:http";
import { tracebookSlot } from "@tracebook/core/extension";
import { isSdkRegistered } from "./api-registration.ts";
import { resolveConfig, type TelemetryConfig, type TelemetryOptions } from "./config.ts";
import { toOneLine } from "./config-masking.ts";
import type { TelemetryExtensions } from "./host-processors.ts";
import { refuseScrape } from "./refuse-scrape.ts";
import type { Telemetry } from "./telemetry.ts";
import { checkDestinations } from "./telemetry-destination.ts";

/** State of this process, shared by copies of this package through the slot: telemetry is started once. */
const SHARED_KEY = "node";
/** The lines about the start that were printed; whoever asks for telemetry a second time need not read them again. */
const SAID_KEY = "node.said";

/**
 * Starts telemetry as the environment and `options` say, and resolves when the host may go on. Off by default
 * (`TELEMETRY_ENABLED=true` switches it on); while off, nothing is loaded and nothing happens.
 *
 * Call it before importing what is to be instrumented, or start the process with `node --import @tracebook/node/register`.
 * `extensions` are processors of your own, and destinations in this process, beside Tracebook's destinations. Starting twice gives the
 * telemetry that runs. Throws `TracebookConfigError` for wrong options, and for wrong environment values under `TELEMETRY_STRICT=true`;
 * nothing else of it ever throws.
 *
 * @example
 * const telemetry = await startTelemetry({ serviceName: "basis-trader" });
 */
export async function startTelemetry(
  options: TelemetryOptions = {},
  extensions: TelemetryExtensions = {},
): Promise<Telemetry> {
  const shared = tracebookSlot().shared;
  const running = shared.get(SHARED_KEY) as Promise<Telemetry> | undefined;
  if (running !== undefined) {
    // Without options it is the way to the handle of what `--import @tracebook/node/register` started.
    if (Object.keys(options).length + Object.keys(extensions).length > 0)
      say(
        `telemetry is started already; the options of this start are ignored${extensions.destinations === undefined ? "" : ": telemetry.addDestination adds destinations"}`,
      );
    return running;
  }
  const { config, problems } = resolveConfig(options);
  const destinations = checkDestinations(extensions.destinations);
  for (const problem of problems) sayOnce(problem.line);
  if (!config.enabled && !config.prometheus.enabled) return OFF;
  if (isSdkRegistered()) {
    sayOnce(
      "another OpenTelemetry SDK runs in this process: flows, events and decisions go through it, as spans, metrics and logs; " +
        "the journal, keeping and /metrics of Tracebook are off. Leave its start out to have them",
    );
    return OFF;
  }
  // Before anything is waited for: a second start in the meantime must find the first.
  const started = compose(config, { ...extensions, destinations }, () => shared.delete(SHARED_KEY));
  shared.set(SHARED_KEY, started);
  return started;
}

async function compose(
  config: TelemetryConfig,
  extensions: TelemetryExtensions,
  forget: () => void,
): Promise<Telemetry> {
  try {
    const { composeTelemetry } = await import("./compose-telemetry.ts");
    return await composeTelemetry(config, extensions, say, forget);
  } catch (error) {
    forget();
    say(`telemetry is off, since it could not be started: ${toOneLine(String((error as Error)?.message ?? error))}`);
    return OFF;
  }
}

function sayOnce(line: string): void {
  const { shared } = tracebookSlot();
  const said = (shared.get(SAID_KEY) as Set<string> | undefined) ?? new Set<string>();
  shared.set(SAID_KEY, said);
  if (said.has(line)) return;
  said.add(line);
  say(line);
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
    metrics: undefined,
    destinations: {},
    metricsUrl: undefined,
    metricsProblem: undefined,
    journal: undefined,
    dropped: {},
    misuse: {},
  }),
  stagePercentiles: () => ({}),
  metricsHandler: (_request: unknown, response: ServerResponse) => refuseScrape(response),
  addDestination: () => () => Promise.resolve(),
  flush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});
