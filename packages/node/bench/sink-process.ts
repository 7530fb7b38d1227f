// The receiving end of OTLP/HTTP: reads, counts, forgets. Forked by sink.ts; told to count by a message of its parent.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { countItems, type OtlpCounts, SIGNAL_OF_PATH } from "./otlp-counts.ts";
import type { SinkTotals } from "./sink.ts";

const PROTOBUF = "application/x-protobuf";

const received: OtlpCounts = { spans: 0, logs: 0, metrics: 0 };
let requests = 0;
let bytes = 0;
let unreadable = 0;

function take(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    requests++;
    bytes += body.length;
    const isProtobuf = request.headers["content-type"] === PROTOBUF;
    const signal = SIGNAL_OF_PATH[request.url ?? ""];
    if (isProtobuf && signal !== undefined) count(signal, body);
    // An empty protobuf message has no bytes: all was accepted (OTLP specification, "Full Success").
    response.writeHead(200, { "content-type": isProtobuf ? PROTOBUF : "application/json" });
    response.end(isProtobuf ? undefined : "{}");
  });
}

function count(signal: keyof OtlpCounts, body: Uint8Array): void {
  try {
    received[signal] += countItems(body);
  } catch {
    unreadable++;
  }
}

function totals(): SinkTotals {
  return { ...received, requests, bytes, unreadable };
}

const server = createServer(take);
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("message", () => process.send?.(totals()));
process.once("disconnect", () => process.exit());
