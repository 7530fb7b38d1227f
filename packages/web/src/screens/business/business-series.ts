// Figures of the business put together by what they are of: one bar for each period, exact.
import { addDecimals, formatDecimal, parseDecimal } from "@tracebook/decisions";
import type { Answer } from "../../api/client.ts";

/** A figure as it was recorded. */
export type BusinessMetric = Answer<"/api/telemetry/business-metrics">["metrics"][number];

/** What figures are of: those of another name, category, unit or currency are never added to them. */
export type MetricIdentity = Pick<BusinessMetric, "metric_name" | "metric_category" | "metric_unit" | "currency">;

/** A period with its value. */
export interface PeriodValue {
  readonly start: string;
  readonly end: string | null;
  readonly type: string | null;
  /** A decimal, exact: the sum of its records, or the one that was written last where a sum would say nothing. */
  readonly value: string;
  readonly records: number;
  readonly isSum: boolean;
}

/** A metric over its periods. */
export interface BusinessSeries {
  readonly key: string;
  readonly identity: MetricIdentity;
  /** Oldest first. */
  readonly periods: readonly PeriodValue[];
}

/** Ways of calculating after which values are not parts of a whole. */
const NO_SUM = /average|avg|mean|median|rate|ratio|percent|min|max|last|distinct/i;

/**
 * Series of the records, which come newest period first, in the order in which they are first seen. `isCut`: there are older records; the
 * last period that came may lack some of its own, and is left out.
 */
export function businessSeries(records: readonly BusinessMetric[], isCut = false): readonly BusinessSeries[] {
  const oldest = isCut ? records.at(-1)?.period_start : undefined;
  const whole = oldest === undefined ? records : records.filter(({ period_start: start }) => start !== oldest);
  const groups = Map.groupBy(whole, identityKey);
  return [...groups].map(([key, group]) => ({ key, identity: group[0] as MetricIdentity, periods: periodsOf(group) }));
}

/** What tells metrics apart, as the address has it. */
export function identityKey(identity: MetricIdentity): string {
  const { metric_name: name, metric_category: category, metric_unit: unit, currency } = identity;
  return [name, category ?? "", unit, currency ?? ""].join("|");
}

/** The unit that stands beside a value: the currency where there is one; nothing of a mere count. */
export function shownUnit({ metric_unit: unit, currency }: MetricIdentity): string {
  if (currency !== null && currency !== "") return currency;
  return unit.toLowerCase() === "count" || unit === "1" ? "" : unit.replaceAll(/[{}]/g, "");
}

/** `2026-11-20`, or of what is no whole day `2026-11-20 12:00`. */
export function periodText({ start }: Pick<PeriodValue, "start">): string {
  const clock = start.slice(11, 16);
  return clock === "00:00" || clock === "" ? start.slice(0, 10) : `${start.slice(0, 10)} ${clock}`;
}

function periodsOf(records: readonly BusinessMetric[]): readonly PeriodValue[] {
  const periods = Map.groupBy(records, ({ period_start: start, period_type: type }) => `${start} ${type}`);
  return [...periods.values()]
    .map((group): PeriodValue => {
      // The one that was written last comes first.
      const [first] = group as [BusinessMetric];
      const isSum = group.length > 1 && group.every(({ calculation_method: method }) => !NO_SUM.test(method ?? ""));
      return {
        start: first.period_start,
        end: first.period_end,
        type: first.period_type,
        value: isSum ? sumOf(group) : first.metric_value,
        records: group.length,
        isSum,
      };
    })
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

function sumOf(records: readonly BusinessMetric[]): string {
  try {
    return formatDecimal(
      records.map(({ metric_value: value }) => parseDecimal(value)).reduce((sum, value) => addDecimals(sum, value)),
    );
  } catch {
    // Beyond what an exact sum can be: better the newest than one that is not exact.
    return records[0]?.metric_value ?? "";
  }
}
