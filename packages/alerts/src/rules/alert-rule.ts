// A rule: what must hold for how long, how bad it is, and who is told.
import type { AlertSeverity, JsonValue } from "@tracebook/store";

/** How a value and the threshold are compared. */
export type AlertOperator = ">" | ">=" | "<" | "<=" | "==" | "!=";

/**
 * What becomes of the values of a window. Of a counter a value is what came since the last one; percentiles are nearest-rank. `last`: the newest
 * value of each series that was heard of within the window, made one by `across`. `rate`: the sum, a second.
 */
export type AlertAggregation =
  | "avg"
  | "sum"
  | "min"
  | "max"
  | "count"
  | "p50"
  | "p90"
  | "p95"
  | "p99"
  | "last"
  | "rate";

/** How the newest values of several series become one. */
export type AcrossSeries = "sum" | "max" | "min" | "avg";

/** Values of labels: one, or any of a list of 2 to 20. */
export interface LabelMatch {
  readonly [label: string]: string | readonly string[];
}

/** Which samples: of a metric, and with all of these labels. */
export interface MetricMatch {
  readonly metric: string;
  readonly labels: LabelMatch;
}

/** The value of a metric over a window compared with a threshold; without values it does not hold, but for `count`, which is 0. */
export interface MetricThreshold {
  /** As the metric is named in OTLP, or in the records of system and business metrics. */
  readonly metric: string;
  /** Only samples that have all of these. */
  readonly labels: LabelMatch;
  /** One alert for each set of values of these labels, at most 8; of a sample without the label the value is "". Default: none, one alert. */
  readonly by: readonly string[];
  /** The unit that the threshold is in; undefined: the metric's, whatever it is. Of a ratio it can only be "1". */
  readonly unit: string | undefined;
  readonly operator: AlertOperator;
  /** A number, or a decimal as text (`"1000.10"`), as it was given. Business metrics are compared with it as exact decimals. */
  readonly threshold: number | string;
  /** Default 5; a whole number of seconds, from 1 second to a day. */
  readonly time_window_minutes: number;
  /** Default `avg`. */
  readonly aggregation: AlertAggregation;
  /** Only of `last`; default `sum`. A series is a metric with all its labels. */
  readonly across: AcrossSeries;
  /** Only of `last`, and more than the window, at most a day: a group whose series have ended counts as 0 for so long after its last sample. */
  readonly remember_minutes: number | undefined;
  /**
   * The value is that of `metric` divided by that of this one, both over the same window. Where the divisor is absent or 0 there is none. An
   * absent dividend is 0 for `sum`, `rate` and `count`; of others there is no value.
   */
  readonly divided_by: MetricMatch | undefined;
}

/** How often events came in a window. */
export interface EventFrequency {
  readonly event_type: string;
  readonly symbol: string | undefined;
  /** Only events whose data have these values; `severity` (`info`, `warn`, `error` ... or `error+` for it and worse) is the event's own. */
  readonly fields: { readonly [field: string]: string };
  /** Default `>=`. */
  readonly operator: AlertOperator;
  readonly threshold: number;
  /** Default 5. */
  readonly time_window_minutes: number;
}

/** The stream whose absence is an alert: events of a type, or a metric. */
export type AlertStream =
  | {
      readonly event_type: string;
      readonly symbol: string | undefined;
      readonly fields: { readonly [field: string]: string };
    }
  | MetricMatch;

/** A weekday. */
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** When a stream is expected to flow. */
export type AlertCalendar =
  | { readonly kind: "always" }
  | {
      readonly kind: "sessions";
      /** As the IANA database names it: `America/New_York`. */
      readonly time_zone: string;
      readonly days: readonly Weekday[];
      /** `09:30`, on the clock of the time zone. */
      readonly open: string;
      /** `16:00`; not after `open`: on the next day. `24:00` is the end of the day. */
      readonly close: string;
      /** Days on which no session begins: `2026-12-25`. */
      readonly holidays: readonly string[];
    };

/** Nothing came for a time, while something should have. What is closed does not count. */
export interface DataAbsence {
  readonly stream: AlertStream;
  /** From 1 second to 7 days. */
  readonly absent_for_seconds: number;
  readonly calendar: AlertCalendar;
}

/** What all rules have. */
interface RuleFrame {
  /** Stays when the rule is changed; default: the name in lower case with hyphens. */
  readonly rule_id: string;
  readonly rule_name: string;
  /** How long the condition must hold; 0: not at all. At most a day. */
  readonly for_seconds: number;
  readonly severity: AlertSeverity;
  readonly labels: { readonly [label: string]: string };
  /** `summary` may hold `{{value}}`, `{{threshold}}`, `{{rule_name}}`, `{{severity}}` and `{{labels.NAME}}`. */
  readonly annotations: { readonly [name: string]: string };
  readonly notification_channels: readonly string[];
  readonly notification_config: { readonly [channel: string]: JsonValue };
  readonly license_id: string | null;
  readonly is_active: boolean;
}

/** A rule; `parseAlertRule` makes one out of anything. */
export type AlertRule = RuleFrame &
  (
    | {
        readonly rule_type: "metric_threshold";
        readonly source_type: "system_metric" | "business_metric";
        readonly condition_config: MetricThreshold;
      }
    | {
        readonly rule_type: "event_frequency";
        readonly source_type: "telemetry_event";
        readonly condition_config: EventFrequency;
      }
    | {
        readonly rule_type: "data_absence";
        readonly source_type: "telemetry_event" | "system_metric" | "business_metric";
        readonly condition_config: DataAbsence;
      }
  );
