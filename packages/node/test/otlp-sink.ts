// A real OTLP/HTTP receiver for tests: takes JSON and protobuf, keeps what arrived, and can be told to misbehave.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { readOtlpProtobuf } from "./otlp-protobuf.ts";

/** A received span, flattened to what tests look at. */
export interface SinkSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly service: string;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly statusCode: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly links: readonly { readonly spanId: string }[];
}

/** A received log record, flattened. */
export interface SinkLog {
  readonly eventName: string | undefined;
  readonly body: unknown;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A running receiver. */
export interface OtlpSink {
  /** The base URL to configure. */
  readonly url: string;
  readonly spans: SinkSpan[];
  readonly logs: SinkLog[];
  /** The raw metrics of each request, newest last. */
  readonly metrics: Record<string, unknown>[];
  /** Everything received, as text: for looking for what must not be there. */
  readonly bodies: string[];
  readonly headers: IncomingHttpHeaders[];
  /** How the next requests are answered: a status, or `hang` to never answer. */
  answer: number | "hang";
  /** Requests so far, whatever the answer. */
  requests: number;
  close(): Promise<void>;
}

/** Starts a receiver on a free port of the loopback interface. */
export async function startOtlpSink(): Promise<OtlpSink> {
  const sink: Omit<OtlpSink, "url" | "close"> = {
    spans: [],
    logs: [],
    metrics: [],
    bodies: [],
    headers: [],
    answer: 200,
    requests: 0,
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      sink.requests++;
      if (sink.answer === "hang") return;
      if (sink.answer === 200) {
        const raw = Buffer.concat(chunks);
        const bytes = request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
        const path = request.url ?? "";
        sink.headers.push(request.headers);
        sink.bodies.push(bytes.toString("utf8"));
        const isJson = request.headers["content-type"] === "application/json";
        take(sink, path, (isJson ? JSON.parse(bytes.toString("utf8")) : readOtlpProtobuf(path, bytes)) as OtlpBody);
      }
      const isProtobuf = request.headers["content-type"] === "application/x-protobuf";
      response.writeHead(sink.answer, { "content-type": request.headers["content-type"] ?? "application/json" });
      response.end(isProtobuf ? "" : "{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(sink, { url: `http://127.0.0.1:${port}`, close: () => close(server) });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

// The shape of OTLP/JSON as far as tests read it (opentelemetry-proto 1.x).
interface OtlpBody {
  readonly resourceSpans?: readonly { resource?: { attributes?: KeyValue[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
  readonly resourceLogs?: readonly { scopeLogs: { logRecords: OtlpLog[] }[] }[];
  readonly resourceMetrics?: readonly { scopeMetrics: { metrics: Record<string, unknown>[] }[] }[];
}

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { code?: number };
  readonly attributes?: KeyValue[];
  readonly events?: { name: string; attributes?: KeyValue[] }[];
  readonly links?: { spanId: string }[];
}

interface OtlpLog {
  readonly eventName?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: KeyValue[];
}

function take(sink: Omit<OtlpSink, "url" | "close">, path: string, body: OtlpBody): void {
  if (path.endsWith("/v1/traces"))
    for (const { resource, scopeSpans } of body.resourceSpans ?? []) {
      const service = String(toRecord(resource?.attributes)["service.name"] ?? "");
      for (const { spans } of scopeSpans) for (const span of spans) sink.spans.push(toSpan(span, service));
    }
  if (path.endsWith("/v1/logs"))
    for (const { scopeLogs } of body.resourceLogs ?? [])
      for (const { logRecords } of scopeLogs) for (const log of logRecords) sink.logs.push(toLog(log));
  if (path.endsWith("/v1/metrics"))
    for (const { scopeMetrics } of body.resourceMetrics ?? [])
      for (const { metrics } of scopeMetrics) sink.metrics.push(...metrics);
}

function toSpan(span: OtlpSpan, service: string): SinkSpan {
  return {
    name: span.name,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === "" ? undefined : span.parentSpanId,
    kind: span.kind,
    service,
    startNanos: BigInt(span.startTimeUnixNano),
    endNanos: BigInt(span.endTimeUnixNano),
    statusCode: span.status?.code ?? 0,
    attributes: toRecord(span.attributes),
    events: (span.events ?? []).map((event) => ({ name: event.name, attributes: toRecord(event.attributes) })),
    links: span.links ?? [],
  };
}

function toLog(log: OtlpLog): SinkLog {
  return {
    eventName: log.eventName,
    body: log.body === undefined ? undefined : toValue(log.body),
    traceId: log.traceId,
    spanId: log.spanId,
    attributes: toRecord(log.attributes),
  };
}

function toRecord(pairs: readonly KeyValue[] | undefined): Record<string, unknown> {
  return Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, toValue(value)]));
}

function toValue(value: Readonly<Record<string, unknown>>): unknown {
  return Object.values(value)[0];
}
