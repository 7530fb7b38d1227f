// Why a symbol is rejected: the codes, and the sentences under which people know them.
import { defineReasonCodes } from "@tracebook/node";

/** The vocabulary of the scanner: the built-in codes and its own. */
export const SCAN_REASON_CODES = defineReasonCodes({
  warming_up: "Too little of the market has been seen to judge it.",
  low_confluence: "Too little spoke for the trade.",
  risk_reward_too_low: "The trade would have won too little for what it risked.",
});

/** One of the codes. */
export type ScanReasonCode = (typeof SCAN_REASON_CODES.codes)[number];

const NO_DATA = "No data available";
const LOW_CONFLUENCE = "Below minimum confluence threshold";
const FAILED_RISK = "Failed risk validation";

const REASONS: Readonly<Partial<Record<ScanReasonCode, string>>> = {
  venue_unavailable: NO_DATA,
  book_not_ready: NO_DATA,
  stale_data: NO_DATA,
  warming_up: NO_DATA,
  low_confluence: LOW_CONFLUENCE,
  spread_too_wide: FAILED_RISK,
  insufficient_liquidity: FAILED_RISK,
  risk_reward_too_low: FAILED_RISK,
};

/** What people read: one of three sentences, under which rejections are counted; the code says it more exactly. */
export function reasonOf(code: ScanReasonCode): string {
  return REASONS[code] ?? SCAN_REASON_CODES.describe(code) ?? code;
}
