// What the panels of a metric have in common.
import type { ReactNode } from "react";
import type { TimeRange } from "../../url/time-range.ts";
import type { MetricAnswer } from "./metric-series.ts";

/** A metric and how its values are written. */
export interface MetricPanelProps {
  readonly title: string;
  readonly note: string;
  readonly actions: ReactNode;
  /** What narrows it, above the chart. */
  readonly filters: ReactNode;
  readonly data: MetricAnswer;
  readonly range: TimeRange;
  /** The unit as it was sent; charts begin anew when it becomes known. */
  readonly unit: string;
  /** A value with its unit. */
  readonly text: (value: number) => string;
  /** The same at an axis. */
  readonly axisText: (value: number) => string;
  /** What is counted, where the axis does not say it; else empty. */
  readonly what: string;
  /** The width of a slice in words. */
  readonly step: string;
}
