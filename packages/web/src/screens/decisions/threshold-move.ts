// How far a what-if moves the threshold of all decisions alike, for the line in the histogram.
import { formatDecimal, parseDecimal, subtractDecimals } from "@tracebook/decisions";
import { isSameAmount } from "./slider-scale.ts";
import type { AmountSetting } from "./what-if-parameters.ts";

/** The distance, exact; undefined where nothing is changed, and where recorded thresholds (rising) differ and one is set for all of them. */
export function thresholdMove(setting: AmountSetting | undefined, recorded: readonly string[]): string | undefined {
  if (setting === undefined) return undefined;
  if (setting.mode === "by") return setting.text;
  const [least, most] = [recorded[0], recorded.at(-1)];
  if (least === undefined || most === undefined || !isSameAmount(least, most)) return undefined;
  return formatDecimal(subtractDecimals(parseDecimal(setting.text), parseDecimal(least)));
}
