// Fills: notional value and realised P&L, exact until they become numbers on the wire.
import type { Counter } from "./counter.ts";
import { formatFixed, MONEY_DIGITS, parseFixed } from "./fixed-decimal.ts";
import type { Gauge } from "./gauge.ts";
import { LabelDictionary } from "./label-dictionary.ts";
import { createRealisedPnl, type Fill, type Position, type RealisedPnl } from "./realised-pnl.ts";

/** A fill, with what kind of action it belonged to. */
export interface FillInput extends Fill {
  /** The label of the notional counter. Default: the side in lower case. */
  readonly action?: string | undefined;
}

/** The instruments that fills are recorded with. */
export interface OrderInstruments {
  readonly orderNotional: Counter<"action">;
  readonly realisedPnl: Gauge<"symbol">;
  readonly realisedPnlTotal: Gauge<never>;
}

const MAX_ACTIONS = 20;

/** Records fills into the notional counter and the P&L gauges. */
export class OrderMetrics {
  readonly #instruments: OrderInstruments;
  readonly #pnl: RealisedPnl = createRealisedPnl();
  readonly #actions = new LabelDictionary(MAX_ACTIONS, () => undefined);
  /** The exact notional value by action; the counter follows it, so that a million fills do not add up rounding errors. */
  readonly #notional: bigint[] = [];

  constructor(instruments: OrderInstruments) {
    this.#instruments = instruments;
  }

  /** Returns false for a malformed fill, which is counted as an invalid value of the P&L and changes nothing. Never throws. */
  recordFill(fill: FillInput): boolean {
    try {
      if (this.#record(fill)) return true;
    } catch {
      // A getter or Proxy of the host's threw: malformed, like any other fill that cannot be read.
    }
    this.#instruments.realisedPnlTotal.set("malformed fill");
    return false;
  }

  position(symbol: string): Position | undefined {
    return this.#pnl.position(symbol);
  }

  #record(fill: FillInput): boolean {
    const { symbol, side, quantity, price, fee, action = side.toLowerCase() } = fill;
    const notional = this.#pnl.apply({ symbol, side, quantity, price, fee });
    const position = notional === undefined ? undefined : this.#pnl.position(symbol);
    if (notional === undefined || position === undefined) return false;
    this.#addNotional(action, notional);
    this.#instruments.realisedPnl.set(position.realisedPnl, { symbol });
    this.#instruments.realisedPnlTotal.set(this.#pnl.total());
    return true;
  }

  #addNotional(action: string, notional: string): void {
    const id = this.#actions.idOf(action);
    const sum = (this.#notional[id] ?? 0n) + (parseFixed(notional, MONEY_DIGITS) ?? 0n);
    this.#notional[id] = sum;
    const series = this.#instruments.orderNotional.bind({ action: this.#actions.values[id] });
    series.advanceTo(Number(formatFixed(sum, MONEY_DIGITS)));
  }
}
