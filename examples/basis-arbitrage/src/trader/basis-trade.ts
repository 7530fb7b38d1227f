/**
 * One basis trade on its way: both legs sent at once, lost answers asked for, and what one leg got more than the other evened out.
 * Whatever happens, what was executed is reported, and what could not be evened out or found out is said.
 */
import { FIXED_ONE, formatFixed } from "../market/fixed-point.ts";
import type { Market, Side } from "../market/market.ts";
import { backoffMs, pause, type StartTimer, type TraderClock } from "./clock.ts";
import { type Execution, executedOn, isUnknown, type OrderRole, type PlacedOrder, toExecution } from "./execution.ts";
import { type Instrument, toLimitPrice, toOrderQuantity } from "./instrument.ts";
import type { OrderOutcome, OrderRequest } from "./order.ts";
import type { OrderClient } from "./order-client.ts";
import type { Signal, SignalLeg } from "./signal.ts";

/** What trades are made with. */
export interface BasisTradeOptions {
  readonly orders: OrderClient;
  readonly instruments: Readonly<Record<Market, Instrument>>;
  readonly clock: TraderClock;
  readonly startTimer: StartTimer;
  /** A new client order id for each call. */
  readonly nextOrderId: (market: Market) => string;
  /** How far beyond the worst price of the signal an order may still be filled, in basis points times 1e4. */
  readonly limitTolerance: bigint;
  /** Called before each order leaves, in the same turn. */
  readonly onOrderRequest: (request: OrderRequest, role: OrderRole) => void;
  /** Called with each answer, and again when an unknown outcome has become known. */
  readonly onOrderOutcome: (request: OrderRequest, outcome: OrderOutcome, role: OrderRole) => void;
}

/** A trade. Made by `createBasisTrade`; neither method rejects. */
export interface BasisTrade {
  /** Sends both legs before it returns, and sees them through. To be called once. */
  run(): Promise<Execution>;
  /** Takes a trade that ended `unknown` up again: asks once more, and evens out if that is now possible. */
  resume(): Promise<Execution>;
}

const FIND_ATTEMPTS = 4;
const FIRST_FIND_MS = 200;
const MAX_FIND_MS = 2_000;
/** A ratio of 1 in basis points times 1e4. */
const WHOLE_BPS = 100_000_000n;

/** A trade for a signal that was accepted. */
export function createBasisTrade(signal: Signal, options: BasisTradeOptions): BasisTrade {
  return new TwoLeggedTrade(signal, options);
}

interface SentOrder extends PlacedOrder {
  readonly sentMs: number;
  outcome: OrderOutcome;
}

class TwoLeggedTrade implements BasisTrade {
  readonly #signal: Signal;
  readonly #options: BasisTradeOptions;
  readonly #orders: SentOrder[] = [];

  constructor(signal: Signal, options: BasisTradeOptions) {
    this.#signal = signal;
    this.#options = options;
  }

  async run(): Promise<Execution> {
    const { spot, perp } = this.#signal;
    await Promise.all([this.#enter(spot), this.#enter(perp)]);
    return this.resume();
  }

  async resume(): Promise<Execution> {
    await Promise.all(this.#orders.filter(isUnknown).map((order) => this.#findOut(order)));
    if (!this.#orders.some(isUnknown)) await this.#evenOut();
    return toExecution(this.#signal, this.#orders);
  }

  #enter(leg: SignalLeg): Promise<OrderOutcome> {
    const { instruments, limitTolerance } = this.#options;
    const room = (leg.worstPrice * limitTolerance) / WHOLE_BPS;
    const worst = leg.side === "buy" ? leg.worstPrice + room : leg.worstPrice - room;
    return this.#send(
      "leg",
      leg,
      leg.side,
      this.#signal.quantity,
      toLimitPrice(instruments[leg.market], leg.side, worst),
    );
  }

  async #send(
    role: OrderRole,
    leg: SignalLeg,
    side: Side,
    quantity: bigint,
    limitPrice?: bigint,
  ): Promise<OrderOutcome> {
    const { orders, instruments, clock, nextOrderId, onOrderRequest, onOrderOutcome } = this.#options;
    const { market } = leg;
    const common = {
      market,
      symbol: instruments[market].symbol,
      side,
      quantity: formatFixed(quantity),
      clientOrderId: nextOrderId(market),
    };
    const request: OrderRequest =
      limitPrice === undefined
        ? { ...common, type: "market" }
        : { ...common, type: "limit", limitPrice: formatFixed(limitPrice) };
    onOrderRequest(request, role);
    const sentMs = clock.monotonicMs();
    const outcome = await orders.place(request);
    this.#orders.push({ role, request, sentMs, outcome });
    onOrderOutcome(request, outcome, role);
    return outcome;
  }

  /** Asks for an order whose answer was lost until there is one, or the attempts are used up. */
  async #findOut(order: SentOrder): Promise<void> {
    const { orders, clock, startTimer, onOrderOutcome } = this.#options;
    for (let attempt = 0; attempt < FIND_ATTEMPTS; attempt++) {
      await pause(startTimer, backoffMs(attempt, FIRST_FIND_MS, MAX_FIND_MS));
      const found = await orders.find(order.request);
      // "No such order" is no answer as long as the order may still be on its way.
      const isTooLate = clock.monotonicMs() - order.sentMs > orders.recvWindowMs;
      if (!found.ok && (found.outcome === "unknown" || !isTooLate)) continue;
      order.outcome = found;
      onOrderOutcome(order.request, found, order.role);
      return;
    }
  }

  /**
   * First more of the leg that got less, if its venue takes orders at all; what is left then goes back on the other leg. The trade
   * was worth making, so making it whole comes before undoing it.
   */
  async #evenOut(): Promise<void> {
    const behind = this.#compare();
    if (behind === undefined) return;
    const isTaken = this.#orders.some(({ request, outcome }) => request.market === behind.less.market && outcome.ok);
    if (isTaken && !(await this.#trade("completion", behind.less, behind.less.side, behind.gap))) return;
    const ahead = this.#compare();
    if (ahead === undefined) return;
    await this.#trade("unwind", ahead.more, ahead.more.side === "buy" ? "sell" : "buy", ahead.gap);
  }

  /** Which leg got less and which more, and by how much; `undefined` when they are even. */
  #compare(): { less: SignalLeg; more: SignalLeg; gap: bigint } | undefined {
    const { spot, perp } = this.#signal;
    const gap =
      executedOn("spot", this.#signal, this.#orders).quantity - executedOn("usdm", this.#signal, this.#orders).quantity;
    if (gap === 0n) return undefined;
    return gap > 0n ? { less: perp, more: spot, gap } : { less: spot, more: perp, gap: -gap };
  }

  /** A market order for as much as the venue's rules allow; false when its fate is unknown, so that nothing may follow. */
  async #trade(role: OrderRole, leg: SignalLeg, side: Side, gap: bigint): Promise<boolean> {
    const instrument = this.#options.instruments[leg.market];
    const quantity = toOrderQuantity(instrument, gap);
    if (quantity === 0n || quantity * leg.bestPrice < instrument.minNotional * FIXED_ONE) return true;
    const outcome = await this.#send(role, leg, side, quantity);
    return outcome.ok || outcome.outcome === "not_executed";
  }
}
