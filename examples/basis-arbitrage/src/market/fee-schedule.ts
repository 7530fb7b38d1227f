/** The taker fees both sides of the example reckon with: what the exchange charges and the trader must put into its edge. */
import { FIXED_ONE } from "./fixed-point.ts";
import type { Market } from "./market.ts";

/** Taker fee in basis points of the notional, as exact decimals: Binance's published top-tier rates of 0.023 % and 0.017 %. */
export const TAKER_FEE_BPS: Readonly<Record<Market, string>> = {
  spot: "2.3",
  usdm: "1.7",
};

const BPS_OF_ONE = 10_000n;

/** The fee on an amount: both times 1e8, the rate in basis points times 1e8; what is left below 1e-8 is not charged. */
export function feeOn(amount: bigint, feeBps: bigint): bigint {
  return (amount * feeBps) / (FIXED_ONE * BPS_OF_ONE);
}
