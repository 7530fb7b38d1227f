/** Takes the orders of one market: logs, checks, waits as long as an exchange takes, matches, and answers. */
import type { IncomingHttpHeaders } from "node:http";
import type { Logger } from "pino";
import { TAKER_FEE_BPS } from "../market/fee-schedule.ts";
import { parseFixed } from "../market/fixed-point.ts";
import type { Market } from "../market/market.ts";
import type { OrderBook } from "../market/order-book.ts";
import type { Clock } from "./clock.ts";
import { type Credentials, checkSigned } from "./credentials.ts";
import { execute } from "./execution.ts";
import { toAnswer } from "./order-answer.ts";
import type { OrderLedger } from "./order-ledger.ts";
import type { OrdersLog } from "./orders-log.ts";
import type { PaperAccount } from "./paper-account.ts";
import { checkNotional, type PaperOrder, parseOrder } from "./paper-order.ts";
import type { Random } from "./random.ts";
import type { RateLimit } from "./rate-limit.ts";
import { type Rejection, rejections } from "./rejection.ts";
import type { RequestParameters } from "./request-parameters.ts";
import { rulesOf } from "./symbol-rules.ts";
import type { VenueBooks } from "./venue-books.ts";

/** A new order as it came in over HTTP. */
export interface OrderRequest {
  readonly market: Market;
  readonly parameters: RequestParameters;
  /** The `X-MBX-APIKEY` header. */
  readonly apiKey: string | undefined;
  /** Milliseconds since 1970 on the exchange's clock. */
  readonly receivedMs: number;
  /** All headers: trace context, for those who follow an order through. */
  readonly headers: IncomingHttpHeaders;
}

/** What goes back: a Binance answer, or a Binance error. */
export interface OrderAnswer {
  readonly kind: "answer";
  readonly body: Readonly<Record<string, unknown>>;
}

/** The whole of order handling, in one function: easy to wrap in a flow. Never throws, never rejects its promise. */
export type PlaceOrder = (request: OrderRequest) => Promise<OrderAnswer | Rejection>;

/** What an order desk works with. */
export interface OrderDeskOptions {
  readonly books: VenueBooks;
  readonly account: PaperAccount;
  readonly ledger: OrderLedger;
  readonly credentials: Credentials;
  readonly ordersLog: OrdersLog;
  readonly orderLimit: RateLimit;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Median time an order takes, in milliseconds; log-normal around it. */
  readonly latencyMs: number;
  /** Part of the orders refused for no fault of theirs, 0 to 1. */
  readonly rejectRatio: number;
  /** Ends the waiting of orders under way. */
  readonly stopping: AbortSignal;
}

const LATENCY_SIGMA = 0.45;
/** How often somebody quicker takes part of the best level first, so that orders fill in part or in more steps. */
const OUTRUN_CHANCE = 0.15;

/** The order function of one market. */
export function createOrderDesk(options: OrderDeskOptions): PlaceOrder {
  const desk = new Desk(options);
  return (request) => desk.place(request);
}

class Desk {
  readonly #options: OrderDeskOptions;
  readonly #feeBps: bigint;
  #lastOrderId: number;
  #lastTradeId: number;

  constructor(options: OrderDeskOptions) {
    this.#options = options;
    this.#feeBps = parseFixed(TAKER_FEE_BPS[options.books.market]) ?? 0n;
    this.#lastOrderId = 10_000_000 + options.random.below(1_000_000);
    this.#lastTradeId = 50_000_000 + options.random.below(1_000_000);
  }

  async place(request: OrderRequest): Promise<OrderAnswer | Rejection> {
    const { clock, random, latencyMs, stopping, logger } = this.#options;
    try {
      this.#log(request);
      const order = this.#check(request);
      await clock.wait(random.logNormal(latencyMs, LATENCY_SIGMA), stopping);
      return order.kind === "order" ? this.#match(order) : order;
    } catch (error) {
      logger.error({ err: error }, "an order could not be handled");
      return rejections.internal;
    }
  }

  /** Before anything else: what is not in the log was never received. */
  #log({ parameters: { values }, market, receivedMs }: OrderRequest): void {
    this.#options.ordersLog.append({
      newClientOrderId: values.get("newClientOrderId") ?? null,
      market,
      symbol: values.get("symbol") ?? null,
      side: values.get("side") ?? null,
      quantity: values.get("quantity") ?? null,
      receivedMs,
    });
  }

  #check(request: OrderRequest): PaperOrder | Rejection {
    const { books, credentials, ledger, orderLimit, random, rejectRatio } = this.#options;
    const { values } = request.parameters;
    const refused = checkSigned(request, credentials);
    if (refused !== undefined) return refused;
    const { retryAfterS } = orderLimit.use(1);
    if (retryAfterS !== undefined) return rejections.tooManyOrders(orderLimit.limit, retryAfterS);
    const symbol = values.get("symbol");
    if (symbol === undefined || symbol === "") return rejections.missing("symbol");
    if (books.book(symbol) === undefined) return rejections.badSymbol;
    const order = parseOrder(values, rulesOf(books.market, symbol));
    if (order.kind === "rejection") return order;
    if (random.chance(rejectRatio)) {
      return random.chance(0.5) ? rejections.overloaded : rejections.newOrderRejected("Market is closed.");
    }
    const { clientOrderId } = order;
    return clientOrderId === undefined || ledger.reserve(clientOrderId) ? order : this.#duplicate();
  }

  #duplicate(): Rejection {
    return this.#options.books.market === "spot"
      ? rejections.newOrderRejected("Duplicate order sent.")
      : rejections.clientOrderIdTaken;
  }

  #match(order: PaperOrder): OrderAnswer | Rejection {
    const { account, books, clock, ledger } = this.#options;
    const book = books.book(order.rules.symbol);
    if (book?.state !== "live") return rejections.unavailable;
    const best = order.side === "buy" ? book.bestAsk() : book.bestBid();
    const tooSmall =
      best === undefined ? undefined : checkNotional(order.rules, order.quantity, order.limitPrice ?? best[0]);
    if (tooSmall !== undefined) return tooSmall;
    const ahead = this.#outrunBy(order, book);
    const execution = execute(order, book, ahead, this.#feeBps, () => ++this.#lastTradeId);
    const poor = account.check(order, execution.totals);
    if (poor !== undefined) return poor;
    account.apply(order, execution.totals);
    const orderId = ++this.#lastOrderId;
    const clientOrderId = order.clientOrderId ?? `paper-${orderId}`;
    const ids = { orderId, clientOrderId, transactTimeMs: clock.wallMs() };
    const placed = { order, execution, ids };
    ledger.enter(placed);
    return { kind: "answer", body: toAnswer(placed) };
  }

  #outrunBy(order: PaperOrder, book: OrderBook): bigint {
    const { random } = this.#options;
    const [chance, share] = [random.chance(OUTRUN_CHANCE), random.next()];
    const best = order.side === "buy" ? book.bestAsk() : book.bestBid();
    if (!chance || best === undefined) return 0n;
    const step = order.rules.quantityStep;
    const steps = (best[1] * BigInt(Math.floor(share * 1_000_000))) / 1_000_000n / step;
    return steps * step;
  }
}
