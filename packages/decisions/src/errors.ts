// The error table of this package: every error has a literal code, what it means and what to do about it.

/** What an error code means and what to do about it; the documentation page of errors is generated from this. */
export interface DecisionErrorEntry {
  /** What happened, one sentence. */
  readonly meaning: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
}

/** Every error this package can throw, by code. `judge()` throws none of them: it answers with a REJECT. */
export const DECISION_ERRORS = Object.freeze({
  decimal_malformed: {
    meaning: "A text is not a decimal.",
    remedy: 'write it with ASCII digits and a point, such as "4.10", "-0.5" or "1e-8"',
  },
  decimal_out_of_range: {
    meaning: "A decimal is longer than any amount of money: more than 400 digits before or 400 places after the point.",
    remedy: "check where it comes from, or give it in another unit",
  },
  decimal_unusable: {
    meaning: "A value is of a kind that holds no decimal, such as null, true, an array or NaN.",
    remedy: "give a decimal string, a finite number, a bigint or a decimal object",
  },
  edge_missing_field: {
    meaning: "A required part of an edge was not given.",
    remedy: "give at least unit, gross and minThreshold; costs left out count as 0",
  },
  edge_unit: {
    meaning: "The unit of an edge is not a short name.",
    remedy: 'give 1 to 32 printable ASCII characters without spaces, such as "bps" or "USD"',
  },
  edge_unreadable: {
    meaning: "An edge is not an object, or reading it threw.",
    remedy: "give a plain object with unit, gross, costs and minThreshold",
  },
  gate_malformed: {
    meaning: "A gate has no usable name, comparison or result.",
    remedy: "give a name and either score and threshold or passed",
  },
  reason_codes_malformed: {
    meaning: "A vocabulary of reason codes was declared wrongly.",
    remedy: "use names like funding_unsettled (a-z, 0-9, _; at most 64 characters), each with a sentence",
  },
  what_if_malformed: {
    meaning: "A what-if or a percentage is not one: a field it does not have, no unit, or two answers to one question.",
    remedy: 'give a change like { edgeUnit: "bps", minThreshold: "1.00", feesEst: { times: "0.8" } }',
  },
} as const satisfies Record<string, DecisionErrorEntry>);

/** The literal codes of the errors of this package: what callers test. */
export type DecisionErrorCode = keyof typeof DECISION_ERRORS;

/** An error of this package. Test `code`; the message names the field, the value, the place and the remedy. */
export class TracebookDecisionError extends Error {
  override readonly name = "TracebookDecisionError";
  /** The literal code, a key of `DECISION_ERRORS`. */
  readonly code: DecisionErrorCode;

  constructor(code: DecisionErrorCode, problem: string, options?: ErrorOptions) {
    super(`${problem}; ${DECISION_ERRORS[code].remedy}`, options);
    this.code = code;
  }
}
