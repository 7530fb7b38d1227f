// The OTLP/HTTP exporters, as the configuration asks for them. Loaded only when something is exported.
import { type AgentOptions, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { type OtlpConfig, type OtlpTarget, withoutOtlpHeaders } from "./config.ts";

/** The exporters of one process and the sockets they use. */
export interface OtlpExporters {
  readonly spans: SpanExporter | undefined;
  readonly metrics: PushMetricExporter | undefined;
  readonly logs: LogRecordExporter | undefined;
  /** Closes all sockets at once, also those that wait for an answer, so that they cannot keep the process alive. */
  disconnect(): void;
}

const CONCURRENT_REQUESTS = 4;
const AGENT_OPTIONS: AgentOptions = { keepAlive: true, maxSockets: CONCURRENT_REQUESTS };

/** Makes the exporters; signals without an address are undefined. No request takes longer than `longestMs` milliseconds. */
export async function createOtlpExporters(otlp: OtlpConfig, longestMs: number): Promise<OtlpExporters> {
  const agents: (HttpAgent | HttpsAgent)[] = [];
  const optionsOf = (target: OtlpTarget) => ({
    url: target.url,
    headers: { ...target.headers },
    // The exporter tries again by timers of its own, which hold the process: none may outlive the shutdown. What fails for good
    // within this time goes back to the pump, which tries again for as long as the process lives.
    timeoutMillis: Math.min(target.timeoutMs, longestMs),
    // The enumeration of the exporters' base package has these same values; importing it for a constant would load it.
    compression: target.compression as never,
    concurrencyLimit: CONCURRENT_REQUESTS,
    httpAgentOptions: (protocol: string) => {
      const agent = protocol === "https:" ? new HttpsAgent(AGENT_OPTIONS) : new HttpAgent(AGENT_OPTIONS);
      agents.push(agent);
      return agent;
    },
  });
  const { traces, metrics, logs } = otlp;
  const Spans = traces && (await spanExporter(traces));
  const Metrics = metrics && (await metricExporter(metrics));
  const Logs = logs && (await logExporter(logs));
  return {
    // The exporters would add headers of the environment to the ones that precedence has settled: another backend's token.
    ...withoutOtlpHeaders(() => ({
      spans: Spans && new Spans(optionsOf(traces)),
      metrics: Metrics && new Metrics(optionsOf(metrics)),
      logs: Logs && new Logs(optionsOf(logs)),
    })),
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
