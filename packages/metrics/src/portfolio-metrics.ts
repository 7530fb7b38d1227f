// The portfolio in one call: value, cash, positions.
import type { Gauge, GaugeValue } from "./gauge.ts";
import { OTHER } from "./label-dictionary.ts";

/** The portfolio at this moment; what is left out stays as it was. Money as a decimal string or a number, in USD. */
export interface PortfolioUpdate {
  readonly totalValueUsd?: GaugeValue | undefined;
  readonly cashBalanceUsd?: GaugeValue | undefined;
  /** Open positions by symbol, all of them: a symbol that was there before and is not any more becomes 0. */
  readonly positions?: Readonly<Record<string, number>> | undefined;
}

/** The instruments that the portfolio is recorded with. */
export interface PortfolioInstruments {
  readonly portfolioValue: Gauge<never>;
  readonly portfolioCash: Gauge<never>;
  readonly portfolioPositions: Gauge<"symbol">;
}

/** As many symbols as the gauge tells apart by default. */
const MAX_SYMBOLS = 200;

/** Records a portfolio. Never throws; values that are no numbers are refused and counted. */
export function updatePortfolio(instruments: PortfolioInstruments, update: PortfolioUpdate): void {
  try {
    if (update.totalValueUsd !== undefined) instruments.portfolioValue.set(update.totalValueUsd);
    if (update.cashBalanceUsd !== undefined) instruments.portfolioCash.set(update.cashBalanceUsd);
    if (update.positions !== undefined) updatePositions(instruments.portfolioPositions, update.positions);
  } catch {
    // A getter or Proxy of the host's threw: what was read so far is recorded.
  }
}

function updatePositions(gauge: Gauge<"symbol">, positions: Readonly<Record<string, number>>): void {
  const symbols = Object.keys(positions);
  const beyond = symbols.slice(MAX_SYMBOLS);
  for (const symbol of symbols.slice(0, MAX_SYMBOLS)) gauge.set(positions[symbol]!, { symbol });
  // Those beyond the limit share one series, which a gauge's `set` would leave at the last of them.
  if (beyond.length > 0) gauge.set(sumOf(beyond, positions), { symbol: OTHER });
  const open = new Set([...symbols, ...(beyond.length > 0 ? [OTHER] : [])]);
  for (const series of gauge.series()) {
    if (!open.has(series.labels.symbol ?? "") && series.value !== undefined) series.set(0);
  }
}

function sumOf(symbols: readonly string[], positions: Readonly<Record<string, number>>): number {
  return symbols.reduce((sum, symbol) => sum + (positions[symbol] ?? 0), 0);
}
