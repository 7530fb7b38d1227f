// The closed vocabulary of reason codes: labels of bounded number, each with a sentence for people.
import { quoteText } from "./describe.ts";
import { TracebookDecisionError } from "./errors.ts";

/**
 * The built-in reason codes and what they say. A reason code is a metric label, so the vocabulary is closed: whatever is not in
 * it counts as `other`, and its text is kept beside the reason.
 */
export const REASON_CODES = Object.freeze({
  accepted: "Net edge reached the threshold and every gate passed.",
  order_submitted: "The flow ended with an order on its way to the venue.",
  no_signal: "The strategy saw nothing to trade.",
  insufficient_edge: "Net edge was below the threshold.",
  gate_failed: "A gate did not pass.",
  invalid_edge: "The edge could not be read, or there was nothing to judge.",
  invalid_gate: "A gate or a veto could not be read.",
  risk_limit: "A risk limit of the strategy or the account was reached.",
  position_limit: "The position would have grown past its limit.",
  exposure_limit: "The exposure to a market, venue or currency would have grown past its limit.",
  insufficient_balance: "The balance did not cover the order.",
  insufficient_liquidity: "The book did not hold enough size at the price.",
  spread_too_wide: "The spread was wider than the strategy trades.",
  stale_data: "The market data was older than the strategy trusts.",
  book_not_ready: "The order book was not in step with the venue yet.",
  market_closed: "The market was closed, or trading in it was suspended.",
  venue_unavailable: "The venue was not reachable or in maintenance.",
  cooldown: "The strategy was waiting after an earlier order or loss.",
  order_in_flight: "An earlier order of the strategy was still open.",
  duplicate_order: "The same order had been sent already.",
  rate_limited: "The rate limit of the venue was used up.",
  size_too_small: "The order was smaller than the venue or the strategy allows.",
  order_rejected: "The venue rejected the order.",
  order_failed: "The order could not be sent, or its fate is unknown.",
  halted: "Trading was halted by an operator or a kill switch.",
  dry_run: "The strategy ran without sending orders.",
  error: "Something failed on the way.",
  no_reason: "No reason was given.",
  other: "The reason is not in the vocabulary; its text is kept beside it.",
});

/** A built-in reason code. */
export type ReasonCode = keyof typeof REASON_CODES;

/** A closed set of reason codes: the built-in ones and those a host declared. */
export interface ReasonCodes<Code extends string = ReasonCode> {
  /** Every code, the built-in ones first. */
  readonly codes: readonly Code[];
  /** Whether `value` is one of the codes. */
  has(value: unknown): value is Code;
  /** The sentence that describes a code; undefined for anything else. */
  describe(code: unknown): string | undefined;
}

/**
 * The codes a host may give to its vetoes and gates: all but those that only judging itself can find, so that a record never
 * claims an insufficient edge whose arithmetic says otherwise.
 */
export type HostReasonCode<Code extends string = ReasonCode> = Exclude<Code, JudgedReasonCode>;

type JudgedReasonCode = "accepted" | "insufficient_edge" | "invalid_edge" | "invalid_gate";
const JUDGED_CODES: ReadonlySet<unknown> = new Set<JudgedReasonCode>([
  "accepted",
  "insufficient_edge",
  "invalid_edge",
  "invalid_gate",
]);

/** How many codes one host may add: more is not a vocabulary but data, which belongs into the context. */
const MAX_OWN_CODES = 200;
const CODE_PATTERN = /^[a-z][a-z0-9_]{0,63}$/;

/** The vocabulary `judge()` uses unless it is given another. */
export const BUILT_IN_REASON_CODES: ReasonCodes = vocabulary<ReasonCode>({});

/** Whether `value` is a built-in reason code. */
export function isReasonCode(value: unknown): value is ReasonCode {
  return BUILT_IN_REASON_CODES.has(value);
}

/**
 * Declares a host's own reason codes beside the built-in ones, once at start:
 * `const codes = defineReasonCodes({ funding_unsettled: "The funding of the last period was not booked yet." })`, then
 * `judge(input, codes)`. Names match `^[a-z][a-z0-9_]{0,63}$`, at most 200, none of them built in.
 * Throws `reason_codes_malformed` naming the code.
 */
export function defineReasonCodes<const Own extends Readonly<Record<string, string>>>(
  own: Own,
): ReasonCodes<ReasonCode | Extract<keyof Own, string>> {
  if (typeof own !== "object" || own === null) throw wrong("reason codes are declared as an object of code: sentence");
  const names = Object.keys(own);
  if (names.length > MAX_OWN_CODES) throw wrong(`${names.length} reason codes are more than ${MAX_OWN_CODES}`);
  for (const name of names) requireCode(name, own[name]);
  return vocabulary<ReasonCode | Extract<keyof Own, string>>(own);
}

/**
 * The code a host gave, or `other` where it is not in the vocabulary or not the host's to give. The pattern is checked again:
 * a code goes into records and labels as it is, and a vocabulary may come from a host without types.
 */
export function hostReasonCode(given: unknown, codes: ReasonCodes): HostReasonCode {
  if (typeof given !== "string" || !CODE_PATTERN.test(given)) return "other";
  return codes.has(given) && !JUDGED_CODES.has(given) ? (given as HostReasonCode) : "other";
}

function requireCode(name: string, sentence: unknown): void {
  if (!CODE_PATTERN.test(name)) throw wrong(`reason code ${quoteText(name)} is not a name`);
  if (Object.hasOwn(REASON_CODES, name)) throw wrong(`reason code ${quoteText(name)} is built in`);
  if (typeof sentence === "string" && sentence.trim() !== "") return;
  throw wrong(`reason code ${quoteText(name)} has no sentence that describes it`);
}

function vocabulary<Code extends string>(own: Readonly<Record<string, string>>): ReasonCodes<Code> {
  // A map and not an object: "constructor" is no reason code.
  const sentences = new Map<unknown, string>(Object.entries({ ...REASON_CODES, ...own }));
  return Object.freeze({
    codes: Object.freeze([...sentences.keys()] as Code[]),
    has: (value: unknown): value is Code => sentences.has(value),
    describe: (code: unknown) => sentences.get(code),
  });
}

function wrong(problem: string): TracebookDecisionError {
  return new TracebookDecisionError("reason_codes_malformed", problem);
}
