/** How things stand with the trader: what the risk check looks at beside the signal itself. */

/** How things stand when a signal is judged. Quantities times 1e8, money times 1e16. */
export interface RiskState {
  /** Monotonic milliseconds now, and of the older of the two quotes. */
  readonly nowMs: number;
  readonly oldestQuoteMs: number;
  /** Market time now, and when the last order left; minus infinity before the first. */
  readonly elapsedMs: number;
  readonly lastOrderElapsedMs: number;
  /** True while orders of the signal's direction are under way. */
  readonly isInFlight: boolean;
  /** Open quantity, signed as the strategy has it: positive when spot was sold. */
  readonly openQuantity: bigint;
  readonly spotHoldings: bigint;
  readonly cash: bigint;
  /** Why trading is halted; `undefined` when it is not. */
  readonly haltReason: string | undefined;
}
