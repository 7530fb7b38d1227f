/** The resting orders of one simulated symbol on one market: a ladder of levels that follows a fair price, one tick wide. */
import { type BookSide, createBookSide } from "../market/book-side.ts";
import type { Level, Side } from "../market/market.ts";
import type { DepthSnapshot } from "../market/order-book.ts";
import type { DepthChange } from "./market-message.ts";
import type { Random } from "./random.ts";
import type { SymbolRules } from "./symbol-rules.ts";

/** A simulated ladder. Made by `createSimulatedBook`. Both sides always hold levels, and the best bid is below the best ask. */
export interface SimulatedBook {
  /** The update id of the latest change. */
  readonly updateId: number;
  bestBid(): Level;
  bestAsk(): Level;
  /** Brings the touch to the fair price and resizes it: what market makers do between trades. */
  quote(fairPrice: number): void;
  /** Somebody crosses the spread: takes part of the best level, and returns what was taken. */
  trade(taker: Side): Level;
  /** Changes some levels behind the touch: adds, cancels, resizes. */
  stir(changes: number): void;
  /** What has changed since the last call; `undefined` when nothing has. */
  takeChanges(): DepthChange | undefined;
  snapshot(): DepthSnapshot;
}

/** Levels a side is kept at: enough for any paper order, few enough to be cheap. */
const LEVELS = 400;
/** Mean gap between levels, as a part of the price: 0.05 basis points. */
const GAP = 5e-6;
/** No level is further from the best one than a fifth of its price: the far end, cut and regrown for hours, would come to 0. */
const REACH_PARTS = 5n;
/** Value resting on a level, in quote units, and its spread. */
const LEVEL_VALUE = 25_000;
const TOUCH_VALUE = 120_000;
const VALUE_SIGMA = 1;
const TRADE_VALUE = 1_500;
const TRADE_SIGMA = 1.6;

/** A full ladder around `fairPrice` (quote units). */
export function createSimulatedBook(rules: SymbolRules, random: Random, fairPrice: number): SimulatedBook {
  return new Ladder(rules, random, fairPrice);
}

class Ladder implements SimulatedBook {
  updateId: number;
  readonly #rules: SymbolRules;
  readonly #random: Random;
  readonly #sides: Readonly<Record<"bids" | "asks", BookSide>> = {
    bids: createBookSide("bids"),
    asks: createBookSide("asks"),
  };
  readonly #changed = { bids: new Map<bigint, bigint>(), asks: new Map<bigint, bigint>() };
  #firstChangeId = 0;
  #previousFinalId: number;

  constructor(rules: SymbolRules, random: Random, fairPrice: number) {
    this.#rules = rules;
    this.#random = random;
    this.updateId = 1_000_000_000 + random.below(1_000_000);
    this.quote(fairPrice);
    this.#refill("bids");
    this.#refill("asks");
    this.takeChanges();
    this.#previousFinalId = this.updateId;
  }

  bestBid(): Level {
    return this.#best("bids");
  }

  bestAsk(): Level {
    return this.#best("asks");
  }

  quote(fairPrice: number): void {
    const tick = this.#rules.priceTick;
    const bid = BigInt(Math.floor((fairPrice * 1e8) / Number(tick))) * tick;
    this.#clear("asks", (price) => price <= bid);
    this.#clear("bids", (price) => price > bid);
    this.#set("bids", bid, this.#size(TOUCH_VALUE, bid));
    this.#set("asks", bid + tick, this.#size(TOUCH_VALUE, bid));
  }

  trade(taker: Side): Level {
    const side = taker === "buy" ? "asks" : "bids";
    const [price, resting] = this.#best(side);
    let taken = this.#size(TRADE_VALUE, price, TRADE_SIGMA);
    if (taken > resting) taken = resting;
    this.#set(side, price, resting - taken);
    this.#refill(side);
    return [price, taken];
  }

  stir(changes: number): void {
    for (let count = 0; count < changes; count++) {
      const side = this.#random.chance(0.5) ? "bids" : "asks";
      const levels = this.#sides[side];
      // Most of what happens behind the touch happens close to it.
      const rank = 1 + Math.floor((levels.size - 1) * this.#random.next() ** 3);
      const level = levels.at(rank);
      if (level === undefined) continue;
      if (this.#random.chance(0.3)) this.#set(side, level[0], 0n);
      else this.#set(side, level[0], this.#size(LEVEL_VALUE, level[0]));
    }
    this.#refill("bids");
    this.#refill("asks");
  }

  takeChanges(): DepthChange | undefined {
    const { bids, asks } = this.#changed;
    if (bids.size + asks.size === 0) return undefined;
    const change: DepthChange = {
      firstUpdateId: this.#firstChangeId,
      finalUpdateId: this.updateId,
      previousFinalUpdateId: this.#previousFinalId,
      bids: [...bids],
      asks: [...asks],
    };
    bids.clear();
    asks.clear();
    this.#previousFinalId = this.updateId;
    return change;
  }

  snapshot(): DepthSnapshot {
    return { lastUpdateId: this.updateId, bids: this.#all("bids"), asks: this.#all("asks") };
  }

  #best(side: "bids" | "asks"): Level {
    const level = this.#sides[side].at(0);
    if (level === undefined) throw new Error(`the simulated ${side} of ${this.#rules.symbol} ran empty`);
    return level;
  }

  #all(side: "bids" | "asks"): Level[] {
    const levels = this.#sides[side];
    return Array.from({ length: levels.size }, (_, rank) => levels.at(rank) as Level);
  }

  /** Removes levels from the best one on, as long as they are in the way. */
  #clear(side: "bids" | "asks", isInTheWay: (price: bigint) => boolean): void {
    for (
      let best = this.#sides[side].at(0);
      best !== undefined && isInTheWay(best[0]);
      best = this.#sides[side].at(0)
    ) {
      this.#set(side, best[0], 0n);
    }
  }

  /** Cuts the far end off, or grows it, so that the side keeps its number of levels. */
  #refill(side: "bids" | "asks"): void {
    const levels = this.#sides[side];
    while (levels.size > LEVELS) this.#set(side, (levels.at(levels.size - 1) as Level)[0], 0n);
    while (levels.size < LEVELS) {
      const [far] = levels.at(levels.size - 1) ?? this.#best(side === "bids" ? "asks" : "bids");
      const price = this.#behind(side, far);
      if (!this.#isInReach(side, price)) return this.#thicken(side, LEVELS - levels.size);
      this.#set(side, price, this.#size(LEVEL_VALUE, far));
    }
  }

  /** Puts up to so many levels between others, wherever there is room: the side may stay a few short. */
  #thicken(side: "bids" | "asks", missing: number): void {
    const levels = this.#sides[side];
    for (let count = 0; count < missing; count++) {
      const rank = this.#random.below(levels.size - 1);
      const [near] = levels.at(rank) as Level;
      const [next] = levels.at(rank + 1) as Level;
      const price = this.#behind(side, near);
      if (side === "bids" ? price > next : price < next) this.#set(side, price, this.#size(LEVEL_VALUE, near));
    }
  }

  /** A price a random gap behind another. */
  #behind(side: "bids" | "asks", price: bigint): bigint {
    const gap = this.#gap(price);
    return side === "bids" ? price - gap : price + gap;
  }

  #isInReach(side: "bids" | "asks", price: bigint): boolean {
    const [best] = this.#sides[side].at(0) ?? [price];
    const distance = price > best ? price - best : best - price;
    return distance * REACH_PARTS <= best;
  }

  #gap(price: bigint): bigint {
    const ticks = (Number(price) * GAP * -Math.log(1 - this.#random.next())) / Number(this.#rules.priceTick);
    return BigInt(1 + Math.floor(ticks)) * this.#rules.priceTick;
  }

  /** A whole number of steps, at least one, worth about `value` quote units. */
  #size(value: number, price: bigint, sigma: number = VALUE_SIGMA): bigint {
    const step = this.#rules.quantityStep;
    const quantity = (this.#random.logNormal(value, sigma) / Number(price)) * 1e16;
    return BigInt(Math.max(1, Math.floor(quantity / Number(step)))) * step;
  }

  #set(side: "bids" | "asks", price: bigint, size: bigint): void {
    // USD-M ids are shared by all symbols of the real engine, so they jump; spot ids count this symbol's changes.
    this.updateId += this.#rules.market === "spot" ? 1 : 1 + this.#random.below(40);
    if (this.#changed.bids.size + this.#changed.asks.size === 0) this.#firstChangeId = this.updateId;
    this.#sides[side].set(price, size);
    this.#changed[side].set(price, size);
  }
}
