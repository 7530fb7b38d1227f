// A bot that calls an address of its own, an exchange, and a host on the list, by every client there is: who got to see which headers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "./child.ts";
import { type OtlpSink, startOtlpSink } from "./otlp-sink.ts";
import { type Recorded, startRecordingServer } from "./recording-server.ts";

/** The clients that the fixture calls with; each call's path is its client's name. */
export const CLIENTS = [
  "http-get-url",
  "http-request-options",
  "https-request",
  "fetch",
  "ws-handshake",
  "websocket",
] as const;

/** The headers of trace context; undefined where there was none. */
export interface ContextHeaders {
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  readonly baggage: string | undefined;
}

/** What happened. */
export interface OutgoingCalls {
  /** Trace ids by `HOST CLIENT`, `redirect` and `proxy`. */
  readonly flows: Readonly<Record<string, string>>;
  readonly recorded: readonly Recorded[];
  readonly sink: Pick<OtlpSink, "spans">;
}

/** Settings under which nothing but a call keeps a flow. */
export function callSettings(sinkUrl: string, dir: string): Record<string, string> {
  return {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_OTLP_ENDPOINT: sinkUrl,
    TELEMETRY_SAMPLE_RATIO: "0",
    TELEMETRY_RECENT_FLOWS: "0",
    TELEMETRY_SLOW_MS: "60000",
    TELEMETRY_DIR: dir,
    BOT_METRICS_ENABLED: "false",
  };
}

/**
 * Makes all calls. `api.exchange.example` is an exchange, `feed.partner.example` is on the list. With `preload` another SDK has the
 * process, and no telemetry of Tracebook's.
 */
export async function makeOutgoingCalls(preload: readonly string[] = []): Promise<OutgoingCalls> {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-calls-"));
  const [sink, servers] = [await startOtlpSink(), await startRecordingServer()];
  try {
    const child = startChild("calls.ts", {
      args: [`${servers.port}`, `${servers.tlsPort}`],
      preload,
      register: preload.length === 0,
      env:
        preload.length === 0
          ? { ...callSettings(sink.url, dir), TELEMETRY_PROPAGATE_TO: "*.partner.example" }
          : { OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" },
    });
    const { flows } = await child.result<{ flows: Record<string, string> }>();
    return { flows, recorded: servers.recorded, sink };
  } finally {
    await Promise.all([sink.close(), servers.close()]);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The request to a host and path, if there was one. */
export function findCall({ recorded }: OutgoingCalls, host: string, path: string): Recorded | undefined {
  return recorded.find((request) => request.host === host && request.path === `/${path}`);
}

/** What a request told of traces; something that is no header when there was no such request. */
export function contextOf(request: Recorded | undefined): ContextHeaders {
  const { traceparent, tracestate, baggage } = request?.headers ?? { traceparent: "no such request" };
  return { traceparent, tracestate, baggage } as ContextHeaders;
}
