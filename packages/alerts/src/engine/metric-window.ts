// The window that the condition of a metric needs.
import type { MetricThreshold } from "../rules/alert-rule.ts";
import { ExactWindow } from "./exact-window.ts";
import { LastWindow } from "./last-window.ts";
import { RatioWindow } from "./ratio-window.ts";
import type { ValueWindow } from "./rule-window.ts";
import { toSampleMatch } from "./sample-match.ts";
import { SampleWindow } from "./sample-window.ts";

/** Makes the window; `isExact`: values are decimals. */
export function createMetricWindow(condition: MetricThreshold, isExact: boolean): ValueWindow {
  const { aggregation, divided_by } = condition;
  const window = createPlainWindow(condition, isExact);
  if (divided_by === undefined) return window;
  return new RatioWindow(
    { match: toSampleMatch(condition), window },
    { match: toSampleMatch(divided_by), window: createPlainWindow(condition, isExact) },
    aggregation === "sum" || aggregation === "rate" || aggregation === "count",
  );
}

function createPlainWindow(condition: MetricThreshold, isExact: boolean): ValueWindow {
  const { aggregation, across, time_window_minutes, remember_minutes } = condition;
  const seconds = Math.round(time_window_minutes * 60);
  switch (aggregation) {
    case "last": {
      const rememberedSeconds = remember_minutes === undefined ? undefined : Math.round(remember_minutes * 60);
      return new LastWindow({ seconds, across, rememberedSeconds, isExact });
    }
    case "avg":
    case "sum":
    case "min":
    case "max":
    case "rate":
      return isExact ? new ExactWindow(seconds, aggregation) : new SampleWindow(seconds, aggregation);
    default:
      return new SampleWindow(seconds, aggregation);
  }
}
