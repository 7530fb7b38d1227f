// Figures of cases that are not about delivery: the shape is the same, what they counted stands in fields of their own.
import type { FaultFigures } from "./fault-case.ts";

/** No items were counted; `more` is what was. */
export function figuresWithoutItems(more: Readonly<Record<string, unknown>>): FaultFigures {
  return {
    accepted: 0,
    delivered: 0,
    spooled: 0,
    dropped_by_reason: {},
    silent_loss: 0,
    duplicates: 0,
    p99_us: null,
    loop_p99_ms: null,
    rss_peak_mib: null,
    exit_ms: null,
    ...more,
  };
}
