/**
 * The paper account, exact to 1e-16 of the quote asset. Spot is traded against an inventory held from the start, the perpetual on
 * margin; both positions begin flat and are kept at average cost. After any fills and at any prices
 * `equity - cash at start - inventory * spot price = realised P&L + unrealised P&L - fees`, exactly.
 */
import { FIXED_ONE, formatFixed, NOTIONAL_PLACES, parseFixed } from "../market/fixed-point.ts";
import { MARKETS, type Market, type Side } from "../market/market.ts";
import type { OrderFill } from "./order.ts";
import { createPosition, type Position } from "./position.ts";

/** An account as it starts. */
export interface PortfolioOptions {
  /** What is traded: `BTC`. */
  readonly baseAsset: string;
  /** What it is paid in: `USDT`. */
  readonly quoteAsset: string;
  /** Quote asset at the start, a decimal: `"150000"`. */
  readonly cash: string;
  /** Base asset held at the start, a decimal: `"2"`. It is what spot can be sold from, and no part of the P&L. */
  readonly inventory: string;
}

/** One market in a report; decimal strings. */
export interface PositionReport {
  readonly quantity: string;
  readonly averagePrice: string | undefined;
  readonly realisedPnl: string;
  readonly unrealisedPnl: string;
}

/** The account in decimal strings, in the quote asset where it is money. */
export interface PortfolioReport {
  readonly cash: string;
  readonly equity: string;
  readonly realisedPnl: string;
  readonly unrealisedPnl: string;
  readonly fees: string;
  /** `realised + unrealised - fees`: what trading made, whatever the price of the inventory did. */
  readonly tradingPnl: string;
  readonly spotHoldings: string;
  readonly positions: Readonly<Record<Market, PositionReport>>;
}

/** Made by `createPortfolio`. Money times 1e16, quantities and prices times 1e8. */
export interface Portfolio {
  /** What trading has added to or taken from a market's position; positive when long. */
  position(market: Market): Position;
  /** Base asset on the spot account: the inventory and the spot position. */
  readonly spotHoldings: bigint;
  /** Quote asset: spot payments, realised P&L of the perpetual, and commissions have passed through it. */
  readonly cash: bigint;
  readonly fees: bigint;
  /** Quantity times price of all executions: what was turned over, whichever way. */
  readonly notional: bigint;
  readonly realisedPnl: bigint;
  readonly unrealisedPnl: bigint;
  /** `cash + holdings * spot price + unrealised P&L of the perpetual`. */
  readonly equity: bigint;
  /** Commissions in assets that have no price here (BNB), by asset: not in `fees`, but not forgotten. */
  readonly unpricedCommissions: ReadonlyMap<string, bigint>;
  /** Books one execution; `false`, and nothing booked, when its numbers cannot be read. */
  applyFill(market: Market, side: Side, fill: OrderFill): boolean;
  /** The price a market's position is worth now. */
  mark(market: Market, price: bigint): void;
  report(): PortfolioReport;
}

/** A fresh account; `RangeError` for a cash or inventory that is no decimal or negative. */
export function createPortfolio(options: PortfolioOptions): Portfolio {
  return new PaperPortfolio(options);
}

class PaperPortfolio implements Portfolio {
  readonly #baseAsset: string;
  readonly #quoteAsset: string;
  readonly #inventory: bigint;
  readonly #positions: Readonly<Record<Market, Position>> = { spot: createPosition(), usdm: createPosition() };
  readonly #prices: Record<Market, bigint> = { spot: 0n, usdm: 0n };
  readonly #unpriced = new Map<string, bigint>();
  #spotCash: bigint;
  fees = 0n;
  notional = 0n;

  constructor(options: PortfolioOptions) {
    this.#baseAsset = options.baseAsset;
    this.#quoteAsset = options.quoteAsset;
    this.#inventory = amount("inventory", options.inventory);
    this.#spotCash = amount("cash", options.cash) * FIXED_ONE;
  }

  position(market: Market): Position {
    return this.#positions[market];
  }

  get spotHoldings(): bigint {
    return this.#inventory + this.#positions.spot.quantity;
  }

  get cash(): bigint {
    return this.#spotCash + this.#positions.usdm.realisedPnl - this.fees;
  }

  get realisedPnl(): bigint {
    return this.#positions.spot.realisedPnl + this.#positions.usdm.realisedPnl;
  }

  get unrealisedPnl(): bigint {
    return MARKETS.reduce((sum, market) => sum + this.#positions[market].unrealisedPnl(this.#prices[market]), 0n);
  }

  get equity(): bigint {
    return this.cash + this.spotHoldings * this.#prices.spot + this.#positions.usdm.unrealisedPnl(this.#prices.usdm);
  }

  get unpricedCommissions(): ReadonlyMap<string, bigint> {
    return this.#unpriced;
  }

  applyFill(market: Market, side: Side, fill: OrderFill): boolean {
    const price = parseFixed(fill.price);
    const quantity = parseFixed(fill.quantity);
    const commission = parseFixed(fill.commission);
    if (price === undefined || price <= 0n || quantity === undefined || quantity <= 0n || commission === undefined)
      return false;
    // Until a quote comes by, the last trade is the best price known.
    if (this.#prices[market] === 0n) this.#prices[market] = price;
    this.notional += quantity * price;
    this.#trade(market, side, quantity, price);
    this.#charge(market, commission, fill.commissionAsset, price);
    return true;
  }

  mark(market: Market, price: bigint): void {
    this.#prices[market] = price;
  }

  report(): PortfolioReport {
    const { realisedPnl, unrealisedPnl, fees } = this;
    return {
      cash: money(this.cash),
      equity: money(this.equity),
      realisedPnl: money(realisedPnl),
      unrealisedPnl: money(unrealisedPnl),
      fees: money(fees),
      tradingPnl: money(realisedPnl + unrealisedPnl - fees),
      spotHoldings: formatFixed(this.spotHoldings),
      positions: { spot: this.#reportOf("spot"), usdm: this.#reportOf("usdm") },
    };
  }

  #trade(market: Market, side: Side, quantity: bigint, price: bigint): void {
    this.#positions[market].trade(side, quantity, price);
    if (market === "spot") this.#spotCash += side === "sell" ? quantity * price : -(quantity * price);
  }

  /** A commission in the base asset is worth what was just paid for it: it counts as sold at that price to pay the fee. */
  #charge(market: Market, commission: bigint, asset: string, price: bigint): void {
    if (commission === 0n) return;
    if (asset === this.#quoteAsset) {
      this.fees += commission * FIXED_ONE;
    } else if (asset === this.#baseAsset && commission > 0n) {
      this.#trade(market, "sell", commission, price);
      this.fees += commission * price;
    } else {
      this.#unpriced.set(asset, (this.#unpriced.get(asset) ?? 0n) + commission);
    }
  }

  #reportOf(market: Market): PositionReport {
    const position = this.#positions[market];
    const { averagePrice } = position;
    return {
      quantity: formatFixed(position.quantity),
      averagePrice: averagePrice === undefined ? undefined : formatFixed(averagePrice),
      realisedPnl: money(position.realisedPnl),
      unrealisedPnl: money(position.unrealisedPnl(this.#prices[market])),
    };
  }
}

function money(value: bigint): string {
  return formatFixed(value, NOTIONAL_PLACES);
}

function amount(name: string, text: string): bigint {
  const value = parseFixed(text);
  if (value === undefined || value < 0n) {
    throw new RangeError(`${name} must be a decimal from 0 with at most 8 places, got ${JSON.stringify(text)}`);
  }
  return value;
}
