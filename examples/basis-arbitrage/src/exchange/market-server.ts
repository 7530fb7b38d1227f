/** The HTTP and WebSocket server of one market on loopback: streams, depth, time, and new orders, at Binance's own paths. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import type { Market } from "../market/market.ts";
import type { Clock } from "./clock.ts";
import type { OrderAnswer, OrderRequest, PlaceOrder } from "./order-desk.ts";
import type { FindOrder } from "./order-query.ts";
import type { RateLimit } from "./rate-limit.ts";
import { type Rejection, rejections } from "./rejection.ts";
import { readBody } from "./request-body.ts";
import { parseParameters } from "./request-parameters.ts";
import type { SnapshotDesk } from "./snapshot-desk.ts";
import type { StreamFeed } from "./stream-feed.ts";
import type { VenueBooks } from "./venue-books.ts";

/** What a market's server puts before the world. */
export interface MarketServerOptions {
  readonly market: Market;
  /** 0 takes any free port. */
  readonly port: number;
  readonly feed: StreamFeed;
  readonly books: VenueBooks;
  readonly snapshots: SnapshotDesk;
  readonly placeOrder: PlaceOrder;
  readonly findOrder: FindOrder;
  readonly weightLimit: RateLimit;
  readonly orderLimit: RateLimit;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A market's server. Made by `createMarketServer`. */
export interface MarketServer {
  /** Listens on 127.0.0.1; resolves with the port, rejects when the port cannot be had. */
  listen(): Promise<number>;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Where the REST interface begins. */
const PREFIX: Readonly<Record<Market, string>> = { spot: "/api/v3", usdm: "/fapi/v1" };
/** Weight of a depth request up to a number of levels; more levels than the last are not given. */
const DEPTH_WEIGHTS: Readonly<Record<Market, readonly (readonly [levels: number, weight: number])[]>> = {
  spot: [
    [100, 5],
    [500, 25],
    [1_000, 50],
    [5_000, 250],
  ],
  usdm: [
    [50, 2],
    [100, 5],
    [500, 10],
    [1_000, 20],
  ],
};
const DEFAULT_DEPTH_LEVELS: Readonly<Record<Market, number>> = { spot: 100, usdm: 500 };
const ORDER_WEIGHT: Readonly<Record<Market, number>> = { spot: 1, usdm: 0 };
const ORDER_QUERY_WEIGHT: Readonly<Record<Market, number>> = { spot: 4, usdm: 1 };

/** The answer to what is not even HTTP. */
const BAD_REQUEST = badRequest();

/** A server that does not listen yet. */
export function createMarketServer(options: MarketServerOptions): MarketServer {
  const endpoints = new Endpoints(options);
  const server = createServer((request, response) => void endpoints.answer(request, response));
  server.on("upgrade", (request, socket, head) => options.feed.accept(request, socket, head));
  server.on("clientError", (_, socket) => {
    if (socket.writable) socket.end(BAD_REQUEST);
    else socket.destroy();
  });
  return { listen: () => listen(server, options.port), close: () => close(server) };
}

interface DepthRequest {
  readonly kind: "depth";
  readonly symbol: string;
  readonly limit: number;
  readonly weight: number;
}

class Endpoints {
  readonly #options: MarketServerOptions;

  constructor(options: MarketServerOptions) {
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      this.#options.logger.error({ err: error }, "a request could not be answered");
      this.#reject(response, rejections.internal);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? "" : url.slice(mark + 1);
    const { market, placeOrder, findOrder } = this.#options;
    const prefix = PREFIX[market];
    switch (`${request.method} ${path}`) {
      case `GET ${prefix}/depth`:
        this.#depth(query, response);
        break;
      case `POST ${prefix}/order`:
        await this.#signed(request, query, response, ORDER_WEIGHT[market], placeOrder);
        break;
      case `GET ${prefix}/order`:
        await this.#signed(request, query, response, ORDER_QUERY_WEIGHT[market], findOrder);
        break;
      case `GET ${prefix}/time`:
        if (this.#pays(response, 1)) send(response, 200, JSON.stringify({ serverTime: this.#options.clock.wallMs() }));
        break;
      case `GET ${prefix}/ping`:
        if (this.#pays(response, 1)) send(response, 200, "{}");
        break;
      default:
        this.#reject(response, rejections.noSuchPath(path.slice(0, 200), request.method ?? ""));
    }
  }

  #depth(query: string, response: ServerResponse): void {
    const asked = this.#parseDepth(query);
    if (!this.#pays(response, asked.kind === "depth" ? asked.weight : 1)) return;
    if (asked.kind === "rejection") {
      this.#reject(response, asked);
      return;
    }
    const { symbol, limit } = asked;
    const respond = (text: string | undefined) =>
      new Promise<void>((resolve) => {
        response.once("close", resolve);
        if (response.destroyed) resolve();
        else if (text === undefined) this.#reject(response, rejections.unavailable);
        else send(response, 200, text);
      });
    this.#options.snapshots.ask({ symbol, limit, respond });
  }

  #parseDepth(query: string): DepthRequest | Rejection {
    const { market, books } = this.#options;
    const parameters = parseParameters(query, "");
    if (parameters.kind === "rejection") return parameters;
    const symbol = parameters.values.get("symbol");
    if (symbol === undefined || symbol === "") return rejections.missing("symbol");
    if (books.book(symbol) === undefined) return rejections.badSymbol;
    const text = parameters.values.get("limit") ?? String(DEFAULT_DEPTH_LEVELS[market]);
    const limit = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN;
    const weight = DEPTH_WEIGHTS[market].find(([most]) => limit <= most)?.[1];
    return weight === undefined ? rejections.badValue("limit") : { kind: "depth", symbol, limit, weight };
  }

  async #signed(
    request: IncomingMessage,
    query: string,
    response: ServerResponse,
    weight: number,
    handle: (request: OrderRequest) => OrderAnswer | Rejection | Promise<OrderAnswer | Rejection>,
  ): Promise<void> {
    const { market, clock, orderLimit } = this.#options;
    const receivedMs = clock.wallMs();
    const body = await readBody(request);
    if (!this.#pays(response, weight)) return;
    // What is left of a body that is too long is not worth reading.
    if (body === undefined) response.setHeader("Connection", "close");
    const parameters = body === undefined ? rejections.malformedRequest : parseParameters(query, body);
    if (parameters.kind === "rejection") {
      this.#reject(response, parameters);
      return;
    }
    const header = request.headers["x-mbx-apikey"];
    const apiKey = typeof header === "string" ? header : undefined;
    const result = await handle({ market, parameters, apiKey, receivedMs, headers: request.headers });
    response.setHeader("X-MBX-ORDER-COUNT-10S", orderLimit.use(0).used);
    if (result.kind === "rejection") this.#reject(response, result);
    else send(response, 200, JSON.stringify(result.body));
  }

  /** Counts the request's weight; false, with the answer given, when that is more than the limit. */
  #pays(response: ServerResponse, weight: number): boolean {
    const { weightLimit } = this.#options;
    const { used, retryAfterS } = weightLimit.use(weight);
    response.setHeader("X-MBX-USED-WEIGHT-1M", used);
    if (retryAfterS === undefined) return true;
    this.#reject(response, rejections.tooMuchWeight(weightLimit.limit, retryAfterS));
    return false;
  }

  #reject(response: ServerResponse, { httpStatus, code, msg, retryAfterS }: Rejection): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (retryAfterS !== undefined) response.setHeader("Retry-After", retryAfterS);
    send(response, httpStatus, JSON.stringify({ code, msg }));
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "Content-Type": "application/json;charset=UTF-8",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

function badRequest(): string {
  const { code, msg } = rejections.malformedRequest;
  const body = JSON.stringify({ code, msg });
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
