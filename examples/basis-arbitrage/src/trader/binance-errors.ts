/**
 * What Binance's error codes mean to this trader: whether the order may have been executed, and whether the refusal is part of
 * normal trading. Codes: developers.binance.com, "Error codes" of spot and of USD-M futures.
 */

/** The entry of one code. */
export interface VenueError {
  /** Binance's own name for it. */
  readonly name: string;
  /** `unknown` when the order may have been executed all the same. */
  readonly outcome: "not_executed" | "unknown";
  /** True for what happens in good health: limits reached, markets that moved. False for what somebody must look at. */
  readonly expected: boolean;
  /** The reason code it counts under. */
  readonly reasonCode:
    | "order_rejected"
    | "order_failed"
    | "rate_limited"
    | "venue_unavailable"
    | "insufficient_balance"
    | "size_too_small"
    | "duplicate_order"
    | "insufficient_liquidity"
    | "position_limit";
}

const rejected = (name: string): VenueError => ({
  name,
  outcome: "not_executed",
  expected: false,
  reasonCode: "order_rejected",
});
const unclear = (name: string): VenueError => ({
  name,
  outcome: "unknown",
  expected: false,
  reasonCode: "order_failed",
});
const normal = (name: string, reasonCode: VenueError["reasonCode"]): VenueError => ({
  name,
  outcome: "not_executed",
  expected: true,
  reasonCode,
});

const VENUE_ERRORS: ReadonlyMap<number, VenueError> = new Map([
  [-1000, unclear("UNKNOWN")],
  // "Unable to process your request": Binance documents it as a failure for certain, unlike -1006 and -1007.
  [-1001, { ...rejected("DISCONNECTED"), reasonCode: "venue_unavailable" }],
  [-1002, rejected("UNAUTHORIZED")],
  [-1003, normal("TOO_MANY_REQUESTS", "rate_limited")],
  [-1006, unclear("UNEXPECTED_RESP")],
  [-1007, unclear("TIMEOUT")],
  [-1008, normal("SERVER_BUSY", "venue_unavailable")],
  [-1013, rejected("INVALID_MESSAGE")],
  [-1014, rejected("UNKNOWN_ORDER_COMPOSITION")],
  [-1015, normal("TOO_MANY_ORDERS", "rate_limited")],
  [-1016, normal("SERVICE_SHUTTING_DOWN", "venue_unavailable")],
  [-1020, rejected("UNSUPPORTED_OPERATION")],
  [-1021, rejected("INVALID_TIMESTAMP")],
  [-1022, rejected("INVALID_SIGNATURE")],
  [-1100, rejected("ILLEGAL_CHARS")],
  [-1101, rejected("TOO_MANY_PARAMETERS")],
  [-1102, rejected("MANDATORY_PARAM_EMPTY_OR_MALFORMED")],
  [-1103, rejected("UNKNOWN_PARAM")],
  [-1104, rejected("UNREAD_PARAMETERS")],
  [-1105, rejected("PARAM_EMPTY")],
  [-1106, rejected("PARAM_NOT_REQUIRED")],
  [-1111, rejected("BAD_PRECISION")],
  [-1115, rejected("INVALID_TIF")],
  [-1116, rejected("INVALID_ORDER_TYPE")],
  [-1117, rejected("INVALID_SIDE")],
  [-1118, rejected("EMPTY_NEW_CL_ORD_ID")],
  [-1121, rejected("BAD_SYMBOL")],
  [-1128, rejected("BAD_COMBINATION_OF_OPTIONAL_PARAMS")],
  [-1130, rejected("INVALID_PARAMETER")],
  [-1131, rejected("BAD_RECV_WINDOW")],
  [-2010, normal("NEW_ORDER_REJECTED", "order_rejected")],
  [-2011, normal("CANCEL_REJECTED", "order_rejected")],
  [-2013, normal("NO_SUCH_ORDER", "order_rejected")],
  [-2014, rejected("BAD_API_KEY_FMT")],
  [-2015, rejected("REJECTED_MBX_KEY")],
  [-2018, normal("BALANCE_NOT_SUFFICIENT", "insufficient_balance")],
  [-2019, normal("MARGIN_NOT_SUFFICIENT", "insufficient_balance")],
  [-2020, normal("UNABLE_TO_FILL", "insufficient_liquidity")],
  [-2021, normal("ORDER_WOULD_IMMEDIATELY_TRIGGER", "order_rejected")],
  [-2022, normal("REDUCE_ONLY_REJECT", "order_rejected")],
  [-2024, normal("POSITION_NOT_SUFFICIENT", "insufficient_balance")],
  [-2025, normal("MAX_OPEN_ORDER_EXCEEDED", "rate_limited")],
  [-2027, normal("MAX_LEVERAGE_RATIO", "position_limit")],
  [-4003, rejected("QTY_LESS_THAN_ZERO")],
  [-4004, { ...rejected("QTY_LESS_THAN_MIN_QTY"), reasonCode: "size_too_small" }],
  [-4005, rejected("QTY_GREATER_THAN_MAX_QTY")],
  [-4014, rejected("PRICE_NOT_INCREASED_BY_TICK_SIZE")],
  [-4015, rejected("INVALID_CL_ORD_ID_LEN")],
  [-4016, normal("PRICE_HIGHTER_THAN_MULTIPLIER_UP", "order_rejected")],
  [-4023, rejected("QTY_NOT_INCREASED_BY_STEP_SIZE")],
  [-4024, normal("PRICE_LOWER_THAN_MULTIPLIER_DOWN", "order_rejected")],
  [-4061, rejected("INVALID_POSITION_SIDE")],
  [-4116, { ...rejected("DUPLICATED_CLIENT_TRAN_ID"), reasonCode: "duplicate_order" }],
  [-4131, normal("MARKET_ORDER_REJECT", "insufficient_liquidity")],
  [-4164, { ...rejected("MIN_NOTIONAL"), reasonCode: "size_too_small" }],
  [-5021, normal("FOK_ORDER_REJECT", "insufficient_liquidity")],
  [-5022, normal("GTX_ORDER_REJECT", "order_rejected")],
]);

/** Messages by which -2010 and -1013, one code for many refusals, tell what was wrong. */
const VARIANTS: readonly { readonly code: number; readonly pattern: RegExp; readonly error: VenueError }[] = [
  { code: -2010, pattern: /insufficient balance/i, error: normal("NEW_ORDER_REJECTED", "insufficient_balance") },
  {
    code: -2010,
    pattern: /duplicate order/i,
    error: { ...rejected("NEW_ORDER_REJECTED"), reasonCode: "duplicate_order" },
  },
  {
    code: -1013,
    pattern: /NOTIONAL|LOT_SIZE/,
    error: { ...rejected("INVALID_MESSAGE"), reasonCode: "size_too_small" },
  },
];

/**
 * The meaning of a code, with the message telling variants apart. A code nobody listed here is unexpected; from a server error
 * (5xx) its outcome is unknown, since Binance executes orders behind those at times.
 */
export function venueError(code: number, message: string, httpStatus: number): VenueError {
  const variant = VARIANTS.find((candidate) => candidate.code === code && candidate.pattern.test(message));
  if (variant !== undefined) return variant.error;
  return VENUE_ERRORS.get(code) ?? (httpStatus >= 500 ? unclear("UNLISTED") : rejected("UNLISTED"));
}
