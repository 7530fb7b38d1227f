/** The simulated market of one symbol: spot and perpetual, driven by one latent price, told in exchange messages. */

import { parseFrame } from "../market/frame.ts";
import type { Level, Market } from "../market/market.ts";
import { MARKETS } from "../market/market.ts";
import type { DepthSnapshot } from "../market/order-book.ts";
import { bookTickerText, depthText, type MarketMessage, tradeText } from "./market-message.ts";
import { createPriceProcess, type PriceProcess } from "./price-process.ts";
import { createRandom, type Random } from "./random.ts";
import { createSimulatedBook, type SimulatedBook } from "./simulated-book.ts";
import { rulesOf, type SymbolRules } from "./symbol-rules.ts";

/** What a simulated market is made of. */
export interface SimulatedMarketOptions {
  /** Same seed, same messages (but for their times). Any integer. */
  readonly seed: number;
  /** One of `SIMULATED_SYMBOLS`. */
  readonly symbol: string;
  /** Messages a second over both markets, 50 or more; 30 of them are depth updates. */
  readonly messagesPerSecond: number;
}

/** A market that moves in steps of simulated time. Made by `createSimulatedMarket`. */
export interface SimulatedMarket {
  readonly symbol: string;
  /** The book as it stands. */
  snapshot(market: Market): DepthSnapshot;
  /** Moves on by `STEP_MS` and returns what happened, stamped with the given time, in the order in which it happened. */
  step(eventTimeMs: number): readonly MarketMessage[];
}

/** Simulated time per step, in milliseconds. */
export const STEP_MS = 10;

/** Milliseconds between depth updates. */
const DEPTH_EVERY_MS: Readonly<Record<Market, number>> = { spot: 100, usdm: 50 };
/** Levels changed behind the touch before each depth update. */
const STIRRED: Readonly<Record<Market, number>> = { spot: 8, usdm: 12 };
const DEPTH_PER_SECOND = 1_000 / DEPTH_EVERY_MS.spot + 1_000 / DEPTH_EVERY_MS.usdm;
/** The perpetual is the busier of the two. */
const SHARE: Readonly<Record<Market, number>> = { spot: 0.4, usdm: 0.6 };
/** Of ten events at the touch one in four is a trade, which makes two messages: itself and the new best prices. */
const TRADE_CHANCE = 0.25;
const MESSAGES_PER_EVENT = 1 + TRADE_CHANCE;

/** A market at its first moment. Throws on a rate below 50 or a symbol that is not simulated. */
export function createSimulatedMarket(options: SimulatedMarketOptions): SimulatedMarket {
  const { seed, symbol, messagesPerSecond } = options;
  const prices = createPriceProcess(rulesOf("spot", symbol).startPrice, createRandom(seed, `${symbol} price`));
  const eventsPerStep = ((messagesPerSecond - DEPTH_PER_SECOND) / MESSAGES_PER_EVENT) * (STEP_MS / 1_000);
  const venues = MARKETS.map((market) => {
    const random = createRandom(seed, `${symbol} ${market}`);
    return new Venue(rulesOf(market, symbol), random, prices, eventsPerStep * SHARE[market]);
  });
  let timeMs = 0;
  return {
    symbol,
    snapshot: (market) => (venues[MARKETS.indexOf(market)] as Venue).book.snapshot(),
    step(eventTimeMs) {
      timeMs += STEP_MS;
      prices.advance(STEP_MS);
      const messages: MarketMessage[] = [];
      for (const venue of venues) venue.step(timeMs, eventTimeMs, messages);
      return messages;
    },
  };
}

/** One of the two markets: its ladder, and how often something happens on it. */
class Venue {
  readonly book: SimulatedBook;
  readonly #rules: SymbolRules;
  readonly #random: Random;
  readonly #prices: PriceProcess;
  readonly #eventsPerStep: number;
  #due = 0;
  #tradeId: number;
  #told = "";

  constructor(rules: SymbolRules, random: Random, prices: PriceProcess, eventsPerStep: number) {
    this.#rules = rules;
    this.#random = random;
    this.#prices = prices;
    this.#eventsPerStep = eventsPerStep;
    this.#tradeId = 1_000_000 + random.below(1_000_000);
    this.book = createSimulatedBook(rules, random, prices.fair(rules.market));
  }

  step(timeMs: number, eventTimeMs: number, messages: MarketMessage[]): void {
    const { market } = this.#rules;
    // Random bursts around the mean rate; what is left over counts for the next step.
    this.#due += this.#eventsPerStep * 2 * this.#random.next();
    for (; this.#due >= 1; this.#due--) this.#event(eventTimeMs, messages);
    if (timeMs % DEPTH_EVERY_MS[market] !== 0) return;
    this.book.stir(STIRRED[market]);
    const change = this.book.takeChanges();
    if (change !== undefined) this.#tell(depthText(this.#rules, eventTimeMs, change), messages);
  }

  #event(eventTimeMs: number, messages: MarketMessage[]): void {
    if (this.#random.chance(TRADE_CHANCE)) {
      const taker = this.#random.chance(0.5) ? "buy" : "sell";
      const traded = this.book.trade(taker);
      this.#tell(tradeText(this.#rules, eventTimeMs, ++this.#tradeId, traded, taker === "sell"), messages);
    } else {
      this.book.quote(this.#prices.fair(this.#rules.market));
    }
    const [bid, ask]: [Level, Level] = [this.book.bestBid(), this.book.bestAsk()];
    const top = `${bid} ${ask}`;
    if (top === this.#told) return;
    this.#told = top;
    this.#tell(bookTickerText(this.#rules, eventTimeMs, this.book.updateId, bid, ask), messages);
  }

  /** Parsed again from its own text: the exchange's books live on exactly what its clients read. */
  #tell(text: string, messages: MarketMessage[]): void {
    const frame = parseFrame(text, this.#rules.market);
    if (frame.kind === "malformed")
      throw new Error(`the simulated market made a malformed message (${frame.reason}): ${text}`);
    messages.push({ text, frame });
  }
}
