// A cost under a what-if, as the page shows it beside the recorded one.
import { formatDecimal, parseDecimal } from "@tracebook/decisions";
import type { AmountSetting } from "./what-if-parameters.ts";

/** The cost after the change; undefined where nothing is changed, or where it cannot be said. */
export function changedCost(recorded: string | null, setting: AmountSetting | undefined): string | undefined {
  if (setting === undefined) return undefined;
  if (setting.mode === "set") return setting.text;
  try {
    const before = parseDecimal(recorded ?? "0");
    const factor = parseDecimal(setting.text);
    let coefficient = before.coefficient * factor.coefficient;
    let scale = before.scale + factor.scale;
    // 2.00 times 1.50 is 3.00, not 3.0000.
    for (; scale > before.scale && coefficient % 10n === 0n; scale--) coefficient /= 10n;
    return formatDecimal({ coefficient, scale });
  } catch {
    return undefined;
  }
}
