/**
 * The risk check: costs and limits of one basis trade, put to `judge`. Every number in the verdict is an exact decimal; what is
 * estimated is estimated against the trader.
 */
import { type GateInput, judge, type Verdict } from "@tracebook/decisions";
import { formatFixed } from "../market/fixed-point.ts";
import { formatBps, ratioBpsUp } from "./basis-points.ts";
import type { RiskState } from "./risk-state.ts";
import { createVetoes, type VetoLimits } from "./risk-veto.ts";
import type { Signal, SignalLeg } from "./signal.ts";

/** What a trade costs and how far the trader goes. Basis points times 1e4, quantities times 1e8. */
export interface RiskOptions extends VetoLimits {
  /** Taker fee of each market. */
  readonly spotFee: bigint;
  readonly perpFee: bigint;
  /** What the market may move away before the orders arrive. */
  readonly latencyBuffer: bigint;
  /** Least net edge to open a position. */
  readonly openThreshold: bigint;
  /** Least net edge to take one back, below `openThreshold`: being flat is worth the difference, and it keeps the two apart. */
  readonly closeThreshold: bigint;
  /** Widest spread on either market. */
  readonly maxSpread: bigint;
  /** How often the best level must hold the quantity, on the thinner side; `50` is half of it. In percent. */
  readonly minDepthPercent: number;
}

/** Spread of the market on either side of a signal, in basis points times 1e4. */
export interface Spreads {
  readonly spot: bigint;
  readonly perp: bigint;
}

/** Made by `createRiskCheck`. */
export interface RiskCheck {
  /** Judges a signal; never throws. */
  assess(signal: Signal, spreads: Spreads, state: RiskState): Verdict;
}

/** A risk check; `RangeError` when an option is out of range. */
export function createRiskCheck(options: RiskOptions): RiskCheck {
  for (const name of ["maxPosition", "maxNotional"] as const) {
    if (options[name] <= 0n) throw new RangeError(`${name} must be above 0, got ${formatFixed(options[name])}`);
  }
  if (options.closeThreshold > options.openThreshold) {
    throw new RangeError(
      `closeThreshold must not be above openThreshold, got ${formatBps(options.closeThreshold)} and ${formatBps(options.openThreshold)}`,
    );
  }
  const limits: RiskOptions = Object.freeze({ ...options });
  const findVeto = createVetoes(limits);
  // Whatever does not depend on the signal is written out once.
  const fees = formatBps(limits.spotFee + limits.perpFee);
  const latencyBuffer = formatBps(limits.latencyBuffer);
  const thresholds = { open: formatBps(limits.openThreshold), close: formatBps(limits.closeThreshold) };
  const maxSpread = formatBps(limits.maxSpread);
  const gatesOf = (signal: Signal, spreads: Spreads): GateInput[] => [
    {
      name: "min_depth",
      score: depthPercent(signal),
      threshold: limits.minDepthPercent,
      reasonCode: "insufficient_liquidity",
    },
    {
      name: "max_spread",
      score: formatBps(wider(spreads)),
      threshold: maxSpread,
      comparison: "<=",
      reasonCode: "spread_too_wide",
    },
  ];
  return {
    assess: (signal, spreads, state) =>
      judge({
        edge: {
          unit: "bps",
          gross: formatBps(signal.gross),
          fees,
          slippage: formatBps(signal.slippage),
          gas: "0",
          latencyBuffer,
          minThreshold: thresholds[signal.purpose],
        },
        gates: gatesOf(signal, spreads),
        vetoes: [findVeto(signal, state)],
      }),
  };
}

/** The spread of a quote in basis points times 1e4, rounded up. */
export function spreadOf(quote: { readonly bidPrice: bigint; readonly askPrice: bigint }): bigint {
  return ratioBpsUp(quote.askPrice - quote.bidPrice, quote.bidPrice);
}

/** How much of the quantity the thinner of the two best levels holds, in whole percent, at most 1,000,000. */
function depthPercent({ spot, perp, quantity }: Signal): number {
  const thinner: SignalLeg = spot.bestSize < perp.bestSize ? spot : perp;
  const percent = Number((thinner.bestSize * 100n) / quantity);
  return Math.min(percent, 1_000_000);
}

function wider({ spot, perp }: Spreads): bigint {
  if (spot > perp) return spot;
  return perp;
}
