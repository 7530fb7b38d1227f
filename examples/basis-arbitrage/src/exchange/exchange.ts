/** The exchange put together: two venues, their servers, one account, and a market source, simulated or recorded. */
import type { Logger } from "pino";
import { MARKETS, type Market } from "../market/market.ts";
import { openRecordings, type Recordings } from "../market/recording.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import { createMarketServer, type MarketServer } from "./market-server.ts";
import { createOrderDesk, type PlaceOrder } from "./order-desk.ts";
import { createOrderLedger } from "./order-ledger.ts";
import { createOrderQuery } from "./order-query.ts";
import { type OrdersLog, openOrdersLog } from "./orders-log.ts";
import { createPaperAccount, type PaperAccount } from "./paper-account.ts";
import { createRandom } from "./random.ts";
import { createRateLimit } from "./rate-limit.ts";
import { type ReplayResult, replay } from "./replay.ts";
import { createSimulation, type Simulation } from "./simulation.ts";
import { createVenue, type Venue } from "./venue.ts";

/** Where the exchange listens, on 127.0.0.1. */
export interface ExchangeAddress {
  readonly spotPort: number;
  readonly usdmPort: number;
}

/** An exchange. Made by `createExchange`. */
export interface Exchange {
  /**
   * Opens recordings, listens, and starts the market. Rejects when a recording cannot be used (`RecordingError`), a port
   * cannot be had, or the orders log cannot be opened; then nothing is left open.
   */
  start(): Promise<ExchangeAddress>;
  /** Stops the market, closes clients with code 1001, and frees everything; safe to call at any time, and twice. */
  stop(): Promise<void>;
}

/** What the exchange is given from outside. */
export interface ExchangeDependencies {
  readonly logger: Logger;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Called once when a recording has been played to its end; orders are still taken then. */
  readonly onEnd?: (result: ReplayResult) => void;
  /** Wraps order handling, for whoever wants to observe it. */
  readonly wrapPlaceOrder?: (placeOrder: PlaceOrder) => PlaceOrder;
}

/** Binance's limits: request weight a minute, orders in ten seconds. */
const WEIGHT_PER_MINUTE: Readonly<Record<Market, number>> = { spot: 6_000, usdm: 2_400 };
const ORDERS_PER_10_S: Readonly<Record<Market, number>> = { spot: 100, usdm: 300 };

/** An exchange that is not running yet. */
export function createExchange(options: ExchangeOptions, dependencies: ExchangeDependencies): Exchange {
  return new RunningExchange(options, dependencies);
}

class RunningExchange implements Exchange {
  readonly #options: ExchangeOptions;
  readonly #dependencies: ExchangeDependencies;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  #opening: Promise<number[]> | undefined;
  #recordings: Recordings | undefined;
  #ordersLog: OrdersLog | undefined;
  #venues: readonly Venue[] = [];
  #servers: readonly MarketServer[] = [];
  #simulation: Simulation | undefined;
  #replay: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: ExchangeOptions, dependencies: ExchangeDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#clock = dependencies.clock ?? systemClock;
  }

  async start(): Promise<ExchangeAddress> {
    try {
      this.#opening = this.#open();
      const [spotPort = 0, usdmPort = 0] = await this.#opening;
      if (!this.#stopping.signal.aborted) this.#startMarket();
      return { spotPort, usdmPort };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #open(): Promise<number[]> {
    const { recordings, orders, symbols, extras } = this.#options;
    const simulated = [...symbols, ...(extras?.symbols ?? [])];
    const { logger } = this.#dependencies;
    if (recordings.length > 0) {
      this.#recordings = await openRecordings(recordings, (problem) =>
        logger.warn(problem, "unusable line in a recording"),
      );
    }
    this.#ordersLog = openOrdersLog(orders.log);
    this.#venues = MARKETS.map((market) => this.#createVenue(market, this.#symbolsOf(market) ?? simulated));
    this.#servers = this.#createServers(this.#ordersLog);
    const ports: number[] = [];
    for (const server of this.#servers) ports.push(await server.listen());
    return ports;
  }

  /** What was recorded of a market; `undefined` without recordings. */
  #symbolsOf(market: Market): readonly string[] | undefined {
    const sources = this.#recordings?.sources.filter((source) => source.market === market);
    return sources?.flatMap(({ symbol }) => symbol);
  }

  #createVenue(market: Market, symbols: readonly string[]): Venue {
    return createVenue({
      market,
      symbols,
      faults: this.#options.faults,
      replays: this.#recordings !== undefined,
      clock: this.#clock,
      logger: this.#dependencies.logger,
    });
  }

  #createServers(ordersLog: OrdersLog): MarketServer[] {
    const account = createPaperAccount(this.#options.orders.balances);
    return this.#venues.map((venue) => this.#createServer(venue, account, ordersLog));
  }

  #createServer({ market, books, feed, snapshots }: Venue, account: PaperAccount, ordersLog: OrdersLog): MarketServer {
    const { seed, spotPort, usdmPort, orders } = this.#options;
    const { logger, wrapPlaceOrder = (placeOrder) => placeOrder } = this.#dependencies;
    const { credentials, latencyMs, rejectRatio } = orders;
    const clock = this.#clock;
    const limit = (count: number, windowMs: number) =>
      createRateLimit(orders.unlimited ? Number.POSITIVE_INFINITY : count, windowMs, clock);
    const orderLimit = limit(ORDERS_PER_10_S[market], 10_000);
    const ledger = createOrderLedger();
    const desk = {
      ...{ books, account, ledger, credentials, ordersLog, orderLimit, clock, logger, latencyMs, rejectRatio },
      random: createRandom(seed, `${market} orders`),
      stopping: this.#stopping.signal,
    };
    return createMarketServer({
      ...{ market, feed, books, snapshots, orderLimit, clock, logger },
      port: market === "spot" ? spotPort : usdmPort,
      placeOrder: wrapPlaceOrder(createOrderDesk(desk)),
      findOrder: createOrderQuery(books, ledger, credentials),
      weightLimit: limit(WEIGHT_PER_MINUTE[market], 60_000),
    });
  }

  #startMarket(): void {
    const { seed, rate, symbols, extras } = this.#options;
    if (this.#recordings !== undefined) {
      this.#replay = this.#play(this.#recordings);
      return;
    }
    this.#simulation = createSimulation({ seed, symbols, messagesPerSecond: rate, extras }, this.#venues, this.#clock);
    this.#simulation.start();
  }

  async #play(recordings: Recordings): Promise<void> {
    const { logger, onEnd } = this.#dependencies;
    const [spot, usdm] = this.#venues as [Venue, Venue];
    const stopping = this.#stopping.signal;
    const venues = { spot, usdm };
    const { speed } = this.#options;
    try {
      const result = await replay({ recordings, speed, venues, clock: this.#clock, logger, stopping });
      if (!stopping.aborted) onEnd?.(result);
    } catch (error) {
      logger.error({ err: error }, "the replay failed");
      await Promise.all(this.#venues.map(({ feed }) => feed.close(1011, "replay failed")));
    }
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    // What is half open cannot be closed; if opening fails, `start` tells.
    await this.#opening?.catch(() => {});
    this.#simulation?.stop();
    for (const venue of this.#venues) venue.snapshots.close();
    // Before waiting for the replay: it may itself be waiting for a client.
    await Promise.all(this.#venues.map(({ feed }) => feed.close(1001, "exchange stopping")));
    await this.#replay;
    await this.#recordings?.close();
    await Promise.all(this.#servers.map((server) => server.close()));
    this.#ordersLog?.close();
  }
}
