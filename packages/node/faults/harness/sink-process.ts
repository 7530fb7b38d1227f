// The receiving end of OTLP/HTTP, in a process of its own: counts by number, and misbehaves as it is told. Forked by sink.ts.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { ItemLedger } from "./item-ledger.ts";
import { readOtlpItems } from "./otlp-items.ts";
import type { SinkAnswer, SinkOrder, SinkState } from "./sink.ts";

const PROTOBUF = "application/x-protobuf";
const ledger = new ItemLedger();
/** Answers by the first part of the path; an empty one is for all paths without an own. */
const answers = new Map<string, SinkAnswer>();
const tries = new Map<string, number[]>();
let requests = 0;
let unreadable = 0;
let metricRequests = 0;

const server = createServer(take);
server.keepAliveTimeout = 60_000;
let port = 0;

function take(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    requests++;
    const [, route = ""] = /^\/([^/]+)\/v1\//.exec(request.url ?? "") ?? [];
    const atMs = performance.now();
    tries.set(route, [...(tries.get(route) ?? []), atMs].slice(-1_000));
    const answer = answers.get(route) ?? answers.get("") ?? { kind: "take" };
    if (answer.kind === "hang") return;
    // An answer may hold less than all of a request: `taken` says whether what is in it counts as arrived.
    if (answer.kind === "take" || answer.taken === true) count(request, Buffer.concat(chunks));
    reply(response, answer);
  });
}

function reply(response: ServerResponse, answer: Exclude<SinkAnswer, { kind: "hang" }>): void {
  if (answer.kind === "take") {
    // An empty protobuf message has no bytes: all was accepted (OTLP specification, "Full Success").
    response.writeHead(200, { "content-type": PROTOBUF }).end();
    return;
  }
  const { status, headers = {}, body = "", retryAfterDateMs } = answer;
  if (retryAfterDateMs !== undefined)
    response.setHeader("retry-after", new Date(Date.now() + retryAfterDateMs).toUTCString());
  response.writeHead(status, { "content-type": PROTOBUF, ...headers }).end(Buffer.from(body, "latin1"));
}

function count({ url = "", headers }: IncomingMessage, raw: Buffer): void {
  const signal = /\/v1\/(traces|logs)$/.exec(url)?.[1] as "traces" | "logs" | undefined;
  if (signal === undefined) {
    metricRequests++;
    return;
  }
  try {
    // A Collector compresses unless it is told otherwise.
    const body = headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
    readOtlpItems(signal, body, (item) => ledger.take(item));
  } catch {
    unreadable++;
  }
}

function state(): SinkState {
  const { items, negative } = ledger;
  const triesMs = Object.fromEntries([...tries].map(([route, times]) => [route, times.map(Math.round)]));
  return { items, negative, requests, metricRequests, unreadable, triesMs, arrivals: ledger.arrivals() };
}

async function obey(order: SinkOrder): Promise<unknown> {
  if (order.kind === "answer") answers.set(order.route, order.answer);
  else if (order.kind === "listen") await listen();
  else if (order.kind === "refuse")
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return order.kind === "state" ? state() : { port, items: ledger.items, requests };
}

function listen(): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // The same port each time: a Collector comes back where it was.
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      port = (server.address() as AddressInfo).port;
      resolve();
    });
  });
}

process.on("message", (message) => {
  const { id, order } = message as { id: number; order: SinkOrder };
  obey(order).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.once("disconnect", () => process.exit());
