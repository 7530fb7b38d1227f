// Rates for people.
import { countText } from "../../format/number-text.ts";

/** `1,234 /s`, below ten with a digit behind the point; `–` for what is not known yet. */
export function rateText(perSecond: number | undefined): string {
  if (perSecond === undefined) return "–";
  return perSecond > 0 && perSecond < 10 ? `${perSecond.toFixed(1)} /s` : `${countText(perSecond)} /s`;
}
