// The one line at start: what is on and where it goes, without secrets.
import type { OtlpTarget, TelemetryConfig } from "./config.ts";
import { maskUrl, toOneLine } from "./config-masking.ts";
import { SIGNALS } from "./config-table-otlp.ts";

/** What only the start itself could find out. */
export interface StartFacts {
  /** Where /metrics answers; undefined when it is off or could not be served. */
  readonly metricsUrl: string | undefined;
  /** The folder of the journal. Default: the configured one; undefined when it could not be opened. */
  readonly journalDir?: string | undefined;
  /** What was instrumented. */
  readonly instrumentations: readonly string[];
  /** The names of the destinations in the process. Default none. */
  readonly destinations?: readonly string[] | undefined;
  readonly instanceId: string;
  readonly runId: string;
  /** Lines that were printed before this one. Default 0. */
  readonly warningCount?: number | undefined;
}

const PART_UNITS = 120;

/**
 * Says in one printable line what telemetry does. Example: `tracebook: on | service basis-trader (production) |
 * traces+metrics+logs -> http://127.0.0.1:4318 (http/json) | /metrics http://127.0.0.1:9464/metrics | journal ./out |
 * keep 1 % + accepted, failed, slow (250 ms) | instrumented http, undici | run 7f3c... | instance 91ab...`.
 */
export function formatStartLine(config: TelemetryConfig, facts: StartFacts): string {
  const { enabled, prometheus } = config;
  if (!enabled && !prometheus.enabled) return `tracebook: off (${whyOff(config)})`;
  const warnings = facts.warningCount ?? 0;
  const parts = [
    enabled ? "on" : "metrics only",
    config.environment === undefined
      ? `service ${config.serviceName}`
      : `service ${config.serviceName} (${config.environment})`,
    ...(enabled ? describeOtlp(config) : []),
    ...(facts.destinations ?? []).map(describeDestination),
    describeMetrics(config, facts),
    ...(enabled ? [describeJournal(config, facts), describeKeeping(config), describeInstrumentations(facts)] : []),
    `run ${facts.runId}`,
    `instance ${facts.instanceId}`,
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? "warning" : "warnings"} above`]),
  ];
  return `tracebook: ${parts.map(fit).join(" | ")}`;
}

/** `traces+metrics+logs -> desk (in process)` */
export function describeDestination(name: string): string {
  return `${SIGNALS.join("+")} -> ${name} (in process)`;
}

function whyOff({ sources }: TelemetryConfig): string {
  if (sources.enabled === "default") return "set TELEMETRY_ENABLED=true";
  return sources.enabled === "option" ? "the option enabled is false" : `by ${sources.enabled}`;
}

/** `traces+logs -> A` for each place that signals go to, in the order of the signals. */
function describeOtlp({ otlp, sources }: TelemetryConfig): string[] {
  const places = new Map<string, string[]>();
  for (const signal of SIGNALS) {
    const target = otlp[signal];
    if (target === undefined) continue;
    const place = describePlace(target, signal);
    places.set(place, [...(places.get(place) ?? []), signal]);
  }
  if (places.size > 0) return [...places].map(([place, signals]) => `${signals.join("+")} -> ${place}`);
  return [sources.otlpEndpoint === "default" ? "OTLP off (set TELEMETRY_OTLP_ENDPOINT)" : "OTLP off"];
}

function describePlace({ url, protocol }: OtlpTarget, signal: string): string {
  const base = new URL(url);
  const suffix = `/v1/${signal}`;
  if (base.pathname.endsWith(suffix)) base.pathname = base.pathname.slice(0, -suffix.length);
  return `${maskUrl(base.href)} (${protocol})`;
}

function describeMetrics({ prometheus }: TelemetryConfig, { metricsUrl }: StartFacts): string {
  if (!prometheus.enabled) return "/metrics off";
  if (!prometheus.server) return "/metrics where the host mounts it";
  return metricsUrl === undefined
    ? `/metrics failed (${prometheus.host} port ${prometheus.port})`
    : `/metrics ${metricsUrl}`;
}

function describeJournal({ journal }: TelemetryConfig, facts: StartFacts): string {
  if (!journal.enabled) return "journal off";
  const dir = "journalDir" in facts ? facts.journalDir : journal.dir;
  return dir === undefined ? "journal failed" : `journal ${dir}`;
}

function describeKeeping({ sampleRatio, slowMs }: TelemetryConfig): string {
  if (sampleRatio === 1) return "keep 100 %";
  // Four digits, so that 0.07 * 100 is 7 and not 7.000000000000001.
  return `keep ${Number((sampleRatio * 100).toPrecision(4))} % + accepted, failed, slow (${slowMs} ms)`;
}

function describeInstrumentations({ instrumentations }: StartFacts): string {
  return instrumentations.length === 0 ? "nothing instrumented" : `instrumented ${instrumentations.join(", ")}`;
}

function fit(part: string): string {
  return toOneLine(part.length > PART_UNITS ? `${part.slice(0, PART_UNITS)}...` : part);
}
