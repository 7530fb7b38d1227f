/** Runs simulated markets in real time: as many steps as time has passed, handed on message by message. */
import { MARKETS } from "../market/market.ts";
import type { Clock } from "./clock.ts";
import type { ExtraSymbols } from "./exchange-options.ts";
import type { MarketMessage } from "./market-message.ts";
import { createSimulatedMarket, type SimulatedMarket, STEP_MS } from "./simulated-market.ts";
import type { Venue } from "./venue.ts";

/** What the simulation is made of. */
export interface SimulationOptions {
  readonly seed: number;
  readonly symbols: readonly string[];
  /** Messages a second over all symbols and both markets. */
  readonly messagesPerSecond: number;
  readonly extras: ExtraSymbols | undefined;
}

/** A market that runs until it is stopped. */
export interface Simulation {
  start(): void;
  stop(): void;
}

/** Behind by more than this (a suspended machine, a stopped process), the simulation goes on from now instead of catching up. */
const MAX_BEHIND_MS = 1_000;

/** Prepares the books of both venues and a simulation that keeps them moving. */
export function createSimulation(options: SimulationOptions, venues: readonly Venue[], clock: Clock): Simulation {
  const { seed, symbols, messagesPerSecond, extras = { symbols: [], messagesPerSecond: 0 } } = options;
  const simulate = (symbol: string, rate: number) => createSimulatedMarket({ seed, symbol, messagesPerSecond: rate });
  const markets = [
    ...symbols.map((symbol) => simulate(symbol, messagesPerSecond / symbols.length)),
    ...extras.symbols.map((symbol) => simulate(symbol, extras.messagesPerSecond)),
  ];
  for (const market of markets) open(market, venues);
  let timer: NodeJS.Timeout | undefined;
  let dueMs = 0;
  const advance = () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - dueMs > MAX_BEHIND_MS) dueMs = nowMs;
    for (; dueMs <= nowMs; dueMs += STEP_MS) {
      // Stamped with the moment it was due: a late timer shows as latency, as it would on the wire.
      const eventTimeMs = Math.floor(clock.wallMs() - (nowMs - dueMs));
      for (const market of markets) for (const message of market.step(eventTimeMs)) deliver(message, venues);
    }
  };
  return {
    start() {
      dueMs = clock.monotonicMs();
      timer = setInterval(advance, STEP_MS);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

function open(market: SimulatedMarket, venues: readonly Venue[]): void {
  for (const venue of venues) {
    venue.books.applySnapshot(market.symbol, market.snapshot(venue.market));
    venue.snapshots.open(market.symbol);
  }
}

function deliver(message: MarketMessage, venues: readonly Venue[]): void {
  venues[MARKETS.indexOf(message.frame.market)]?.deliver(message);
}
