/**
 * Places orders over REST the way Binance wants them: `POST /api/v3/order` on spot, `POST /fapi/v1/order` on USD-M, signed with
 * HMAC-SHA256 over the parameters, the API key in a header. Nothing in it throws: every end is a typed outcome.
 */
import { createHmac } from "node:crypto";
import { parseFixed } from "../market/fixed-point.ts";
import type { Market } from "../market/market.ts";
import type { TraderClock } from "./clock.ts";
import { type HttpFetch, toHttpFailure } from "./http-fetch.ts";
import type { OrderOutcome, OrderRequest } from "./order.ts";
import { type AssumedCommission, parseOrderAnswer, transportFailure } from "./order-answer.ts";

/** What the client needs. */
export interface OrderClientOptions {
  readonly fetch: HttpFetch;
  /** Orders bear its `epochMs`, which has to be within the venue's window. */
  readonly clock: TraderClock;
  /** Without a path; where paper orders go. */
  readonly spotRestUrl: string;
  readonly usdmRestUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Taker fee in basis points per market, for answers that name no commission: `"2.3"`. */
  readonly takerFeeBps: Readonly<Record<Market, string>>;
  /** Asset such a commission is reckoned in: `USDT`. */
  readonly quoteAsset: string;
  /** Until the whole answer is there; default 3,000. */
  readonly timeoutMs?: number;
  /** How long after its timestamp the venue may still take an order, 1 to 60,000; default 3,000. */
  readonly recvWindowMs?: number;
}

/** Made by `createOrderClient`. */
export interface OrderClient {
  /** How long after `place` was called the venue may still take the order: until then "no such order" is no answer. */
  readonly recvWindowMs: number;
  /** Sends the order; the request leaves before the call returns to the event loop. */
  place(order: OrderRequest): Promise<OrderOutcome>;
  /** Asks what became of an order whose answer was lost; `NO_SUCH_ORDER` when the venue does not know it. */
  find(order: OrderRequest): Promise<OrderOutcome>;
}

const PATHS: Readonly<Record<Market, string>> = { spot: "/api/v3/order", usdm: "/fapi/v1/order" };
const NO_SUCH_ORDER = -2013;
const DEFAULT_TIMEOUT_MS = 3_000;
const DEFAULT_RECV_WINDOW_MS = 3_000;
const MAX_RECV_WINDOW_MS = 60_000;

/** A client for both markets; `RangeError` when an option is out of range. */
export function createOrderClient(options: OrderClientOptions): OrderClient {
  return new SigningOrderClient(options);
}

class SigningOrderClient implements OrderClient {
  readonly recvWindowMs: number;
  readonly #options: OrderClientOptions;
  readonly #timeoutMs: number;
  readonly #assumed: Readonly<Record<Market, AssumedCommission>>;

  constructor(options: OrderClientOptions) {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, recvWindowMs = DEFAULT_RECV_WINDOW_MS, quoteAsset, takerFeeBps } = options;
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be above 0, got ${timeoutMs}`);
    if (!(recvWindowMs >= 1 && recvWindowMs <= MAX_RECV_WINDOW_MS)) {
      throw new RangeError(`recvWindowMs must be from 1 to ${MAX_RECV_WINDOW_MS}, got ${recvWindowMs}`);
    }
    this.#options = { ...options };
    this.#timeoutMs = timeoutMs;
    this.recvWindowMs = Math.floor(recvWindowMs);
    this.#assumed = {
      spot: { feeBps: requireFee("spot", takerFeeBps.spot), asset: quoteAsset },
      usdm: { feeBps: requireFee("usdm", takerFeeBps.usdm), asset: quoteAsset },
    };
  }

  place(order: OrderRequest): Promise<OrderOutcome> {
    const parameters: [string, string][] = [
      ["symbol", order.symbol],
      ["side", order.side.toUpperCase()],
      ["type", order.type.toUpperCase()],
      ["quantity", order.quantity],
    ];
    if (order.type === "limit") parameters.push(["timeInForce", "IOC"], ["price", order.limitPrice ?? ""]);
    // USD-M answers ACK unless asked for more, which would not tell what was executed.
    parameters.push(
      ["newClientOrderId", order.clientOrderId],
      ["newOrderRespType", order.market === "spot" ? "FULL" : "RESULT"],
    );
    return this.#send("POST", order, parameters);
  }

  async find(order: OrderRequest): Promise<OrderOutcome> {
    const outcome = await this.#send("GET", order, [
      ["symbol", order.symbol],
      ["origClientOrderId", order.clientOrderId],
    ]);
    // A question that was refused leaves the order as unknown as before; only this one refusal is an answer.
    return outcome.ok || outcome.code === NO_SUCH_ORDER ? outcome : { ...outcome, outcome: "unknown" };
  }

  async #send(method: "GET" | "POST", order: OrderRequest, parameters: [string, string][]): Promise<OrderOutcome> {
    const { fetch, apiKey, spotRestUrl, usdmRestUrl } = this.#options;
    const url = (order.market === "spot" ? spotRestUrl : usdmRestUrl) + PATHS[order.market];
    const signed = this.#sign(parameters);
    const signal = AbortSignal.timeout(this.#timeoutMs);
    try {
      const headers = { "X-MBX-APIKEY": apiKey };
      const answer =
        method === "GET"
          ? await fetch(`${url}?${signed}`, { method, headers, signal })
          : await fetch(url, { method, headers: { ...headers, ...FORM }, body: signed, signal });
      return parseOrderAnswer(answer.status, await answer.text(), order, this.#assumed[order.market]);
    } catch (error) {
      const { kind, message, isUnsent } = toHttpFailure(error);
      const detail = kind === "timeout" ? `no answer within ${this.#timeoutMs} ms` : message;
      return transportFailure(kind, detail, isUnsent ? "not_executed" : "unknown");
    }
  }

  /** The parameters in Binance's form, the signature of all before it last. */
  #sign(parameters: [string, string][]): string {
    parameters.push(
      ["recvWindow", String(this.recvWindowMs)],
      ["timestamp", String(Math.floor(this.#options.clock.epochMs()))],
    );
    const query = new URLSearchParams(parameters).toString();
    return `${query}&signature=${createHmac("sha256", this.#options.apiSecret).update(query).digest("hex")}`;
  }
}

const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

/** Basis points times 1e8. */
function requireFee(market: Market, text: string): bigint {
  const value = parseFixed(text);
  if (value === undefined)
    throw new RangeError(`takerFeeBps.${market} must be a decimal such as "2.3", got ${JSON.stringify(text)}`);
  return value;
}
