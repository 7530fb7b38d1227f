// The backend's HTTP: the webhook for alerts, what the chat bot asks for, /health and /metrics. Each request but the last two is an event.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { type RequestEventsOptions, requestEvents } from "@tracebook/node";
import type { Logger } from "pino";
import { factsOf } from "../shared/error-facts.ts";
import { parseObject, readBody } from "../shared/http-body.ts";
import { isSameSecret } from "../shared/secret-text.ts";
import { isInstrument } from "../shared/symbols.ts";
import type { Database } from "./database.ts";
import type { OrderCounts } from "./handling.ts";
import type { SignalSource } from "./signal.ts";
import type { IngestResult, SignalService } from "./signal-service.ts";

/** What the server hands requests to. */
export interface HttpServerParts {
  readonly signals: SignalService;
  readonly database: Pick<Database, "ordersOf">;
  readonly counts: OrderCounts;
  readonly depth: () => Promise<number>;
  /** Serves /metrics. */
  readonly metrics: RequestListener;
  readonly log: Logger;
}

/** Where it listens. */
export interface ListenAddress {
  /** An address of this machine: `127.0.0.1`, or `0.0.0.0` for all of them. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** Who may send what. */
export interface HttpSecrets {
  /** In the body of an alert. */
  readonly webhookSecret: string;
  /** As bearer of the bot's requests. */
  readonly backendToken: string;
}

/** A running server. */
export interface HttpServer {
  readonly port: number;
  /** Refuses connections for so long, as a backend does that is down. */
  outage(durationMs: number): void;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 16_384;
const SHOWN_ORDERS = 5;
/** Method and template of every route. */
const ROUTES: readonly (readonly [string, RegExp, string])[] = [
  ["POST", /^\/webhook$/, "/webhook"],
  ["POST", /^\/signals$/, "/signals"],
  ["GET", /^\/status$/, "/status"],
  ["GET", /^\/orders\/[^/]+$/, "/orders/:symbol"],
  ["GET", /^\/health$/, "/health"],
  ["GET", /^\/metrics$/, "/metrics"],
];

/** Listens. Rejects with what to do when it cannot. */
export async function startHttpServer(
  parts: HttpServerParts,
  secrets: HttpSecrets,
  { host, port }: ListenAddress,
): Promise<HttpServer> {
  const server = createServer(requestEvents(createListener(parts, secrets), eventOptions(secrets)));
  const listen = (on: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(on, host, () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(port).catch((error: unknown) => {
    throw explainListenError(error, { host, port });
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  let timer: NodeJS.Timeout | undefined;
  return {
    port: bound,
    outage(durationMs) {
      if (!server.listening) return;
      parts.log.warn({ duration_ms: durationMs }, "the backend is unreachable for a while, as it was asked to be");
      server.close();
      server.closeAllConnections();
      timer = setTimeout(() => {
        listen(bound).catch((error: unknown) => parts.log.error(factsOf(error), "the backend could not listen again"));
      }, durationMs);
    },
    close: () =>
      new Promise((resolve) => {
        clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function explainListenError(error: unknown, { host, port }: ListenAddress): Error {
  const { error_code: code = "", error_message: message } = factsOf(error);
  const explanations: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is taken: --backend-port 0 (BACKEND_PORT=0) takes any free one`,
    EACCES: `port ${port} needs rights that this user does not have: --backend-port (BACKEND_PORT) takes one from 1024 on`,
    EADDRNOTAVAIL: `${host} is no address of this machine: correct --host (BACKEND_HOST)`,
    ENOTFOUND: `${host} is no address of this machine: correct --host (BACKEND_HOST)`,
  };
  return new Error(explanations[code] ?? `it cannot listen on ${host}, port ${port}: ${message}`, { cause: error });
}

/** Which requests are events, and what of them. */
export function eventOptions(secrets: HttpSecrets): RequestEventsOptions {
  return {
    routeOf,
    // Who has no token may call himself what he likes.
    userIdOf: (request) => (hasToken(request, secrets) ? userIdOf(request) : undefined),
    ignore: (request) => ["/metrics", "/health"].includes(pathOf(request)),
    source: "backend",
  };
}

/** The template of a request's route; undefined where there is none. */
export function routeOf(request: Pick<IncomingMessage, "method" | "url">): string | undefined {
  const path = pathOf(request);
  return ROUTES.find(([method, pattern]) => method === request.method && pattern.test(path))?.[2];
}

function pathOf({ url = "" }: Pick<IncomingMessage, "url">): string {
  return url.split("?", 1)[0] ?? "";
}

function hasToken(request: IncomingMessage, { backendToken }: HttpSecrets): boolean {
  return isSameSecret(request.headers.authorization, `Bearer ${backendToken}`);
}

/** The chat user a request of the bot is made for. */
function userIdOf(request: IncomingMessage): string | undefined {
  const user = request.headers["x-chat-user"];
  return typeof user === "string" ? user : undefined;
}

function createListener(parts: HttpServerParts, secrets: HttpSecrets): RequestListener {
  return (request, response) => {
    handle(parts, secrets, request, response).catch((error: unknown) => {
      // Who has hung up is told nothing.
      if (request.socket.destroyed) return;
      parts.log.warn(factsOf(error), "a request could not be served");
      if (!response.headersSent) answer(response, 503, { error: "not now: come again" });
    });
  };
}

async function handle(
  parts: HttpServerParts,
  secrets: HttpSecrets,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const route = routeOf(request);
  if (route === "/metrics") return parts.metrics(request, response);
  if (route === "/health") return answer(response, 200, { status: "ok" });
  const isWebhook = route === "/webhook";
  if (route === undefined) return answer(response, 404, { error: "no such route" });
  if (!isWebhook && !hasToken(request, secrets)) return answer(response, 401, { error: "the token is wrong" });
  if (isWebhook || route === "/signals") {
    const text = await readBody(request, MAX_BODY_BYTES);
    if (text === undefined) return answer(response, 413, { error: "the body is too long" });
    const { secret, ...given } = parseObject(text) ?? {};
    if (isWebhook && !isSameSecret(secret, secrets.webhookSecret))
      return answer(response, 401, { error: "the secret is wrong" });
    return ingest(parts, given, isWebhook ? "webhook" : "bot", response);
  }
  if (route === "/status") return answer(response, 200, { ...parts.counts, queue_depth: await parts.depth() });
  const symbol = new URL(request.url ?? "", "http://backend").pathname.split("/")[2];
  if (!isInstrument(symbol)) return answer(response, 404, { error: "symbol is not traded here" });
  answer(response, 200, { symbol, orders: await parts.database.ordersOf(symbol, SHOWN_ORDERS) });
}

const STATUS: Readonly<Record<IngestResult["kind"], number>> = { queued: 202, duplicate: 200, malformed: 400 };

async function ingest(
  { signals }: HttpServerParts,
  given: Readonly<Record<string, unknown>>,
  source: SignalSource,
  response: ServerResponse,
): Promise<void> {
  const result = await signals.ingest(given, source);
  answer(response, STATUS[result.kind], result);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
