/** Reason codes of this trader that are not built in: how a tick can end before anything is judged. */

/** To be declared with `defineReasonCodes`: code and the sentence that describes it. */
export const TRADER_REASON_CODES = {
  malformed_frame: "The message was not what the exchange promises.",
  unknown_symbol: "The message was about a symbol that is not traded here.",
  no_book_change: "The message did not change the order book.",
  book_gap: "Depth updates were missing; the order book is being fetched again.",
  warming_up: "Too little of the market has been seen to know what is usual.",
} as const;

/** One of the codes. */
export type TraderReasonCode = keyof typeof TRADER_REASON_CODES;
