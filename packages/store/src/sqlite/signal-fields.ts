// What of a signal's data is counted: the writer counts by it, and questions read the rows at the ends of a range by it.
import type { EventData, JsonValue } from "../store-input.ts";
import { toColumn } from "./column-text.ts";

/** A score of a generated signal, and the lower end of the tenth of the scale that it is counted in. */
export interface Confidence {
  readonly score: number;
  /** 0 to 9; scores outside of the scale are in the first and the last. */
  readonly bin: number;
}

/** Confidence is told apart in bins of this width, from 0 to {@link MAX_SCORE}. */
export const SCORE_BIN_WIDTH = 10;
export const MAX_SCORE = 100;
/** The code of what gives none. */
export const NO_REASON = "no_reason";

/** A text that a column can hold; a number as its text, since other languages send decimals as numbers. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return toColumn(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Why a signal was rejected: the code, and the sentence, which is the code where there is none. */
export function rejectionOf(data: EventData): { readonly reasonCode: string; readonly reason: string } {
  const reasonCode = textOf(data["reason_code"]) ?? NO_REASON;
  return { reasonCode, reason: textOf(data["reason"]) ?? reasonCode };
}

/** The confidence of a generated signal; undefined where it has no score. */
export function confidenceOf(data: EventData): Confidence | undefined {
  const score = Number(data["confidence_score"] ?? Number.NaN);
  if (!Number.isFinite(score)) return undefined;
  const bounded = Math.min(Math.max(score, 0), MAX_SCORE);
  return { score, bin: Math.min(Math.floor(bounded / SCORE_BIN_WIDTH), MAX_SCORE / SCORE_BIN_WIDTH - 1) };
}
