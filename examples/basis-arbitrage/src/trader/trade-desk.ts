/** Runs trades: at most one under way in each direction, every fill booked, and nothing new while the fate of an order is unknown. */
import { type BasisTrade, type BasisTradeOptions, createBasisTrade } from "./basis-trade.ts";
import type { Execution, ExecutionStatus, OrderRole } from "./execution.ts";
import type { OrderOutcome, OrderRequest } from "./order.ts";
import type { Portfolio } from "./portfolio.ts";
import type { Direction, Signal } from "./signal.ts";

/** What the desk has done. */
export interface TradeCounts {
  ordersSent: number;
  /** Refused, or known never to have arrived. */
  ordersFailed: number;
  /** Orders whose fate is not known now. */
  ordersUnknown: number;
  fills: number;
  /** Fills whose numbers could not be booked: always 0, or something is wrong. */
  unbookedFills: number;
  /** Trades by how they ended; one that ended `unknown` moves on when it becomes known. */
  readonly executions: Record<ExecutionStatus, number>;
}

/** What a desk works with. Callbacks must not throw. */
export interface TradeDeskOptions extends Omit<BasisTradeOptions, "onOrderRequest" | "onOrderOutcome"> {
  readonly portfolio: Portfolio;
  /** Called before each order leaves, in the same turn: the place to write it down. */
  readonly onOrderRequest?: (request: OrderRequest, role: OrderRole) => void;
  /** Called with each answer, after its fills are booked; again when an unknown outcome has become known. */
  readonly onOrderOutcome?: (request: OrderRequest, outcome: OrderOutcome, role: OrderRole) => void;
}

/** Made by `createTradeDesk`. */
export interface TradeDesk {
  readonly counts: Readonly<TradeCounts>;
  /** Trades under way. */
  readonly inFlight: number;
  /** Why nothing may be traded for now; `undefined` in good order. */
  readonly haltReason: string | undefined;
  isInFlight(direction: Direction): boolean;
  /**
   * Trades a signal. The orders have left when the call returns; the promise resolves when the trade is over. Throws while a trade
   * in that direction is under way, which no verdict allows.
   */
  execute(signal: Signal): Promise<Execution>;
  /** Asks again for orders whose fate is unknown. Resolves with how many trades remain so. */
  reconcile(): Promise<number>;
  /** Resolves when no trade is under way. */
  settled(): Promise<void>;
}

/** A desk with nothing under way. */
export function createTradeDesk(options: TradeDeskOptions): TradeDesk {
  return new Desk(options);
}

class Desk implements TradeDesk {
  readonly counts: TradeCounts = {
    ordersSent: 0,
    ordersFailed: 0,
    ordersUnknown: 0,
    fills: 0,
    unbookedFills: 0,
    executions: { filled: 0, partial: 0, missed: 0, evened: 0, unhedged: 0, unknown: 0 },
  };
  readonly #portfolio: Portfolio;
  readonly #tradeOptions: BasisTradeOptions;
  readonly #running = new Map<Direction, Promise<Execution>>();
  readonly #unresolved = new Set<BasisTrade>();
  readonly #unknownOrders = new Set<string>();
  #reconciling: Promise<number> | undefined;

  constructor(options: TradeDeskOptions) {
    this.#portfolio = options.portfolio;
    this.#tradeOptions = {
      ...options,
      onOrderRequest: (request, role) => {
        this.counts.ordersSent++;
        options.onOrderRequest?.(request, role);
      },
      onOrderOutcome: (request, outcome, role) => {
        this.#book(request, outcome);
        options.onOrderOutcome?.(request, outcome, role);
      },
    };
  }

  get inFlight(): number {
    return this.#running.size;
  }

  get haltReason(): string | undefined {
    const { size } = this.#unresolved;
    if (size === 0) return undefined;
    return `the fate of orders of ${size} ${size === 1 ? "trade" : "trades"} is unknown, and with it the position`;
  }

  isInFlight(direction: Direction): boolean {
    return this.#running.has(direction);
  }

  execute(signal: Signal): Promise<Execution> {
    const { direction } = signal;
    if (this.#running.has(direction)) throw new Error(`a trade to ${direction} is under way already`);
    const trade = createBasisTrade(signal, this.#tradeOptions);
    const running = this.#see(trade, trade.run()).finally(() => this.#running.delete(direction));
    this.#running.set(direction, running);
    return running;
  }

  reconcile(): Promise<number> {
    // One at a time: two that ask about one order could both even it out.
    this.#reconciling ??= this.#resumeAll().finally(() => {
      this.#reconciling = undefined;
    });
    return this.#reconciling;
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #resumeAll(): Promise<number> {
    await Promise.all([...this.#unresolved].map((trade) => this.#see(trade, trade.resume())));
    return this.#unresolved.size;
  }

  /** Waits for a trade, counts how it ended, and remembers it when nobody knows. */
  async #see(trade: BasisTrade, outcome: Promise<Execution>): Promise<Execution> {
    const execution = await outcome;
    if (this.#unresolved.delete(trade)) this.counts.executions.unknown--;
    if (execution.status === "unknown") this.#unresolved.add(trade);
    this.counts.executions[execution.status]++;
    return execution;
  }

  /** Counts an order's outcome and books what it got. */
  #book(request: OrderRequest, outcome: OrderOutcome): void {
    this.#unknownOrders.delete(request.clientOrderId);
    if (!outcome.ok && outcome.outcome === "unknown") this.#unknownOrders.add(request.clientOrderId);
    else if (!outcome.ok) this.counts.ordersFailed++;
    this.counts.ordersUnknown = this.#unknownOrders.size;
    if (!outcome.ok) return;
    for (const fill of outcome.fills) {
      if (this.#portfolio.applyFill(request.market, request.side, fill)) this.counts.fills++;
      else this.counts.unbookedFills++;
    }
  }
}
