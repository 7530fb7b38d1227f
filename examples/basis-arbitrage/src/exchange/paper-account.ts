/** The one account of the paper exchange: spot balances, and a USD-M wallet with net positions. Exact, times 1e8. */
import { FIXED_ONE } from "../market/fixed-point.ts";
import type { PaperOrder } from "./paper-order.ts";
import { type Rejection, rejections } from "./rejection.ts";

/** What an order took, in total. */
export interface ExecutionTotals {
  /** Quantity, times 1e8. */
  readonly quantity: bigint;
  /** Sum of price times size, times 1e16. */
  readonly notional: bigint;
  /** Fee, times 1e8, in `commissionAsset`. */
  readonly commission: bigint;
  readonly commissionAsset: string;
}

/** The account. Made by `createPaperAccount`. */
export interface PaperAccount {
  /** Spot balance of an asset, times 1e8. */
  balance(asset: string): bigint;
  /** USD-M wallet in quote units, times 1e8: what fees and closed trades leave. */
  wallet(): bigint;
  /** USD-M net position of a symbol, times 1e8: negative is short. */
  position(symbol: string): bigint;
  /** What is wrong with taking this much; `undefined` when the account can pay for it. */
  check(order: PaperOrder, totals: ExecutionTotals): Rejection | undefined;
  /** Books what was taken. */
  apply(order: PaperOrder, totals: ExecutionTotals): void;
}

/** Margin is a twentieth of the position's value. */
const LEVERAGE = 20n;
const WALLET_ASSET = "USDT";

/** An account with these balances, times 1e8 by asset; `USDT` also fills the USD-M wallet. */
export function createPaperAccount(balances: Readonly<Record<string, bigint>>): PaperAccount {
  const spot = new Map(Object.entries(balances));
  const positions = new Map<string, bigint>();
  let walletBalance = balances[WALLET_ASSET] ?? 0n;
  const balance = (asset: string) => spot.get(asset) ?? 0n;
  const position = (symbol: string) => positions.get(symbol) ?? 0n;
  const add = (asset: string, amount: bigint) => spot.set(asset, balance(asset) + amount);
  const signed = (order: PaperOrder, quantity: bigint) => (order.side === "buy" ? quantity : -quantity);
  return {
    balance,
    wallet: () => walletBalance,
    position,
    check(order, totals) {
      const { market, base, quote, symbol } = order.rules;
      if (market === "spot") {
        const enough =
          order.side === "buy" ? balance(quote) * FIXED_ONE >= totals.notional : balance(base) >= totals.quantity;
        return enough
          ? undefined
          : rejections.newOrderRejected("Account has insufficient balance for requested action.");
      }
      if (totals.quantity === 0n) return undefined;
      const before = position(symbol);
      const after = before + signed(order, totals.quantity);
      // Closing a position frees margin, so it is never refused.
      if (magnitude(after) <= magnitude(before)) return undefined;
      const margin = (magnitude(after) * totals.notional) / totals.quantity / LEVERAGE;
      return margin <= walletBalance * FIXED_ONE ? undefined : rejections.marginInsufficient;
    },
    apply(order, totals) {
      const { market, base, quote, symbol } = order.rules;
      const { quantity, notional, commission, commissionAsset } = totals;
      if (market === "usdm") {
        positions.set(symbol, position(symbol) + signed(order, quantity));
        walletBalance -= commission;
        return;
      }
      add(base, signed(order, quantity));
      add(quote, -signed(order, notional) / FIXED_ONE);
      add(commissionAsset, -commission);
    },
  };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
