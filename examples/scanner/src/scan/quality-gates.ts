// The quality gates: is there data, is the case good enough, is the risk bearable. Pure; a verdict says how each one was passed.
import { type JudgeInput, judge, type Verdict } from "@tracebook/node";
import { formatFixed, NOTIONAL_PLACES } from "@tracebook-examples/basis-arbitrage/market";
import type { Opportunity } from "../analysis/opportunity.ts";
import type { SymbolLook } from "../market/symbol-watch.ts";
import type { Profile } from "./profile.ts";
import { SCAN_REASON_CODES, type ScanReasonCode } from "./reason-codes.ts";

/** A verdict in the scanner's vocabulary. */
export type ScanVerdict = Verdict<ScanReasonCode>;

type Gate = NonNullable<JudgeInput<ScanReasonCode>["gates"]>[number];

/** Whether there is data to judge; where this rejects, nothing else can be said of the symbol. */
export function judgeData(look: SymbolLook, profile: Profile): ScanVerdict {
  return judge({ gates: dataGates(look, profile) }, SCAN_REASON_CODES);
}

/** The whole verdict on a symbol that has data: the gates of the data again, then those of the case and of the risk. */
export function judgeOpportunity(look: SymbolLook, opportunity: Opportunity, profile: Profile): ScanVerdict {
  return judge({ gates: [...dataGates(look, profile), ...tradeGates(opportunity, profile)] }, SCAN_REASON_CODES);
}

/** Hundredths as a decimal without zeros at its end: 6,250 is `"62.5"`. */
export function hundredths(value: number): string {
  return formatFixed(BigInt(value), 2);
}

function dataGates({ isConnected, market, quoteAgeMs, candleCount }: SymbolLook, profile: Profile): readonly Gate[] {
  return [
    {
      name: "venue_connected",
      passed: isConnected,
      details: isConnected ? "the venue's stream is open" : "no stream of the venue is open",
      reasonCode: "venue_unavailable",
    },
    {
      name: "order_book",
      passed: market !== undefined,
      details: market === undefined ? "not in step with the venue's yet" : "in step with the venue's",
      reasonCode: "book_not_ready",
    },
    {
      name: "min_candles",
      score: candleCount,
      threshold: profile.minCandles,
      reasonCode: "warming_up",
    },
    {
      name: "max_quote_age_ms",
      // Before the first quote there is none whose age could be told.
      ...(Number.isFinite(quoteAgeMs) ? { score: Math.ceil(quoteAgeMs) } : { passed: false }),
      threshold: profile.maxQuoteAgeMs,
      comparison: "<=",
      reasonCode: "stale_data",
    },
  ];
}

function tradeGates(opportunity: Opportunity, profile: Profile): readonly Gate[] {
  const { direction, setupType, score, factors, spread, depth, rewardPercent } = opportunity;
  const scores = Object.entries(factors).map(([name, value]) => [name, hundredths(value)]);
  return [
    {
      name: "min_confluence",
      score: hundredths(score),
      threshold: profile.minConfluence,
      reasonCode: "low_confluence",
      details: { direction, setup_type: setupType, ...Object.fromEntries(scores) },
    },
    {
      name: "max_spread_bps",
      score: formatFixed(spread, 4),
      threshold: profile.maxSpreadBps,
      comparison: "<=",
      reasonCode: "spread_too_wide",
    },
    {
      name: "min_depth",
      score: formatFixed(depth, NOTIONAL_PLACES),
      threshold: profile.minDepth,
      reasonCode: "insufficient_liquidity",
    },
    {
      name: "min_risk_reward",
      score: hundredths(rewardPercent),
      threshold: profile.minRiskReward,
      reasonCode: "risk_reward_too_low",
      details: planDetails(opportunity),
    },
  ];
}

function planDetails({ entry, stop, target }: Opportunity) {
  return { entry_price: formatFixed(entry), stop_price: formatFixed(stop), target_price: formatFixed(target) };
}
