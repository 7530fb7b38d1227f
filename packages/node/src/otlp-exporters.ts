// The OTLP/HTTP exporters, as the configuration asks for them. Loaded only when something is exported.
import type { Agent } from "node:http";
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { createOtlpBytesExporter, type OtlpBytesExporter, type OtlpEnvelope } from "@tracebook/exporters";
import { type OtlpConfig, type OtlpTarget, withoutOtlpHeaders } from "./config.ts";
import { createIdleAgent } from "./idle-agent.ts";

/** The exporters of one process and the sockets they use. */
export interface OtlpExporters {
  readonly spans: SpanExporter | undefined;
  readonly metrics: PushMetricExporter | undefined;
  readonly logs: LogRecordExporter | undefined;
  /** Makes the exporter of what is bytes already; undefined for a signal that leaves as JSON, or not at all. */
  readonly spanBytes: ((envelope: OtlpEnvelope) => OtlpBytesExporter) | undefined;
  readonly logBytes: ((envelope: OtlpEnvelope) => OtlpBytesExporter) | undefined;
  /** Closes all sockets at once, also those that wait for an answer, so that they cannot keep the process alive. */
  disconnect(): void;
}

const CONCURRENT_REQUESTS = 4;

/** Makes the exporters; signals without an address are undefined. No request takes longer than `longestMs` milliseconds. */
export async function createOtlpExporters(otlp: OtlpConfig, longestMs: number): Promise<OtlpExporters> {
  const agents: Agent[] = [];
  // Metrics have no pump that would try again.
  const optionsOf = (target: OtlpTarget, hasPump: boolean) => ({
    url: target.url,
    headers: { ...target.headers },
    // The exporter tries again by timers of its own, which hold the process: none may outlive the shutdown. What fails for good
    // within this time goes back to the pump, which tries again for as long as the process lives.
    timeoutMillis: Math.min(target.timeoutMs, longestMs),
    // The enumeration of the exporters' base package has these same values; importing it for a constant would load it.
    compression: target.compression as never,
    concurrencyLimit: CONCURRENT_REQUESTS,
    httpAgentOptions: (protocol: string) => {
      const agent = createIdleAgent(protocol, { maxSockets: CONCURRENT_REQUESTS, hidesErrorCodes: hasPump });
      agents.push(agent);
      return agent;
    },
  });
  const { traces, metrics, logs } = otlp;
  const Spans = traces && (await spanExporter(traces));
  const Metrics = metrics && (await metricExporter(metrics));
  const Logs = logs && (await logExporter(logs));
  const bytesExporter = (signal: "traces" | "logs", target: OtlpTarget | undefined) =>
    target?.protocol === "http/protobuf"
      ? (envelope: OtlpEnvelope) =>
          withoutOtlpHeaders(() => createOtlpBytesExporter(signal, envelope, optionsOf(target, true)))
      : undefined;
  return {
    // The exporters would add headers of the environment to the ones that precedence has settled: another backend's token.
    ...withoutOtlpHeaders(() => ({
      spans: Spans && new Spans(optionsOf(traces, true)),
      metrics: Metrics && new Metrics(optionsOf(metrics, false)),
      logs: Logs && new Logs(optionsOf(logs, true)),
    })),
    spanBytes: bytesExporter("traces", traces),
    logBytes: bytesExporter("logs", logs),
    disconnect() {
      for (const agent of agents) agent.destroy();
    },
  };
}

async function spanExporter({ protocol }: OtlpTarget) {
  return protocol === "http/protobuf"
    ? (await import("@opentelemetry/exporter-trace-otlp-proto")).OTLPTraceExporter
    : (await import("@opentelemetry/exporter-trace-otlp-http")).OTLPTraceExporter;
}

async function metricExporter({ protocol }: OtlpTarget) {
  return protocol === "http/protobuf"
    ? (await import("@opentelemetry/exporter-metrics-otlp-proto")).OTLPMetricExporter
    : (await import("@opentelemetry/exporter-metrics-otlp-http")).OTLPMetricExporter;
}

async function logExporter({ protocol }: OtlpTarget) {
  return protocol === "http/protobuf"
    ? (await import("@opentelemetry/exporter-logs-otlp-proto")).OTLPLogExporter
    : (await import("@opentelemetry/exporter-logs-otlp-http")).OTLPLogExporter;
}
