// Rows of the configuration table: where OTLP goes and how, for all signals and for each.
import type { OtlpProtocol } from "./config-options.ts";
import { httpUrl, jsonHeadersKind, listedHeadersKind, type OtlpHeaders } from "./config-otlp-parsers.ts";
import { choice, choiceList, wholeNumber } from "./config-parsers.ts";
import { type Setting, setting } from "./config-setting.ts";

/** The signals of OpenTelemetry that leave over OTLP. */
export const SIGNALS = ["traces", "metrics", "logs"] as const;

/** One of {@link SIGNALS}. */
export type Signal = (typeof SIGNALS)[number];

const GROUP = "OTLP";
const AS_FOR_ALL = "what is set for all signals";

const protocol = choice(["http/json", "http/protobuf"], {
  grpc: "gRPC is not spoken: name the Collector's HTTP port, 4318 as a rule",
});
const timeoutMs = wholeNumber(1, 600_000, "milliseconds");
const compression = choice(["none", "gzip"]);
const signalEndpoint = httpUrl("an http:// or https:// URL without credentials");

/** OTLP for all signals, the URL of each, and which of them leave. */
export const OTLP_SETTINGS = {
  otlpEndpoint: setting<string | undefined>({
    group: GROUP,
    env: [
      "TELEMETRY_OTLP_ENDPOINT",
      { name: "OTEL_EXPORTER_OTLP_ENDPOINT", kind: httpUrl("an http:// or https:// URL without credentials") },
    ],
    kind: httpUrl("an http:// or https:// URL without credentials, or none", true),
    fallback: undefined,
    fallbackText: "no endpoint",
    doc: "Base URL that traces, metrics and logs go to; `/v1/traces` and so on is added. `none`, or an empty `TELEMETRY_OTLP_ENDPOINT`, switches OTLP off.",
  }),
  otlpTracesEndpoint: endpointOf("traces"),
  otlpMetricsEndpoint: endpointOf("metrics"),
  otlpLogsEndpoint: endpointOf("logs"),
  otlpHeaders: setting<OtlpHeaders>({
    group: GROUP,
    env: ["TELEMETRY_OTLP_HEADERS", { name: "OTEL_EXPORTER_OTLP_HEADERS", kind: listedHeadersKind }],
    kind: jsonHeadersKind,
    fallback: Object.freeze({}),
    doc: "Headers of every OTLP request, such as a token. Never printed. `OTEL_EXPORTER_OTLP_HEADERS` is a percent-encoded list of `name=value`.",
  }),
  otlpProtocol: setting<OtlpProtocol>({
    group: GROUP,
    env: ["OTEL_EXPORTER_OTLP_PROTOCOL"],
    kind: protocol,
    fallback: "http/protobuf",
    doc: "How OTLP bodies are written. `http/json` is for reading along; it takes three times the bytes and four times the CPU.",
  }),
  otlpTimeoutMs: setting<number>({
    group: GROUP,
    env: ["OTEL_EXPORTER_OTLP_TIMEOUT"],
    kind: timeoutMs,
    fallback: 10_000,
    doc: "How long an OTLP request may take.",
  }),
  otlpCompression: setting<"none" | "gzip">({
    group: GROUP,
    env: ["OTEL_EXPORTER_OTLP_COMPRESSION"],
    kind: compression,
    fallback: "none",
    doc: "Compression of OTLP bodies.",
  }),
  tracesExporters: exportersOf("traces"),
  metricsExporters: setting<readonly ("otlp" | "prometheus")[] | undefined>({
    group: GROUP,
    env: ["OTEL_METRICS_EXPORTER"],
    kind: choiceList(["otlp", "prometheus"]),
    fallback: undefined,
    fallbackText: "OTLP when an endpoint is set, /metrics as BOT_METRICS_ENABLED",
    doc: "Where metrics go. A list without `otlp` keeps them from OTLP; with `otlp` and no endpoint they go to localhost:4318; `none` switches off /metrics too, unless `BOT_METRICS_ENABLED` is true.",
  }),
  logsExporters: exportersOf("logs"),
};

/** What one signal may have of its own, from the environment only. */
export interface SignalSettings {
  readonly headers: Setting<OtlpHeaders | undefined>;
  readonly protocol: Setting<OtlpProtocol | undefined>;
  readonly timeoutMs: Setting<number | undefined>;
  readonly compression: Setting<"none" | "gzip" | undefined>;
}

/** The standard's variables for one signal. */
export const SIGNAL_SETTINGS: Readonly<Record<Signal, SignalSettings>> = {
  traces: settingsOf("traces"),
  metrics: settingsOf("metrics"),
  logs: settingsOf("logs"),
};

function settingsOf(signal: Signal): SignalSettings {
  const row = { group: GROUP, fallback: undefined, fallbackText: AS_FOR_ALL } as const;
  const prefix = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`;
  return {
    headers: setting<OtlpHeaders | undefined>({
      ...row,
      env: [`${prefix}_HEADERS`],
      kind: listedHeadersKind,
      doc: `The headers of ${signal}. Never printed.`,
    }),
    protocol: setting<OtlpProtocol | undefined>({
      ...row,
      env: [`${prefix}_PROTOCOL`],
      kind: protocol,
      doc: `How bodies of ${signal} are written.`,
    }),
    timeoutMs: setting<number | undefined>({
      ...row,
      env: [`${prefix}_TIMEOUT`],
      kind: timeoutMs,
      doc: `How long a request with ${signal} may take.`,
    }),
    compression: setting<"none" | "gzip" | undefined>({
      ...row,
      env: [`${prefix}_COMPRESSION`],
      kind: compression,
      doc: `Compression of ${signal}.`,
    }),
  };
}

function endpointOf(signal: Signal): Setting<string | undefined> {
  return setting<string | undefined>({
    group: GROUP,
    env: [`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`],
    kind: signalEndpoint,
    fallback: undefined,
    fallbackText: AS_FOR_ALL,
    doc: `Full URL for ${signal}, used as it is. \`TELEMETRY_OTLP_ENDPOINT\` wins over it.`,
  });
}

function exportersOf(signal: "traces" | "logs"): Setting<readonly "otlp"[] | undefined> {
  return setting<readonly "otlp"[] | undefined>({
    group: GROUP,
    env: [`OTEL_${signal.toUpperCase()}_EXPORTER`],
    kind: choiceList(["otlp"]),
    fallback: undefined,
    fallbackText: "OTLP when an endpoint is set",
    doc: `\`none\` keeps ${signal} from OTLP; with \`otlp\` and no endpoint they go to localhost:4318.`,
  });
}
