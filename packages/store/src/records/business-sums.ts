// What figures of the business add up to: exact, each unit and currency by itself.
import type { BusinessTotal } from "../stored-record.ts";
import { DecimalSum } from "./decimal-text.ts";
import { compareTexts } from "./performance-sums.ts";

/** A figure. */
export interface BusinessFigure {
  readonly metricName: string;
  readonly metricCategory: string | null;
  readonly metricUnit: string;
  readonly currency: string | null;
  readonly metricValue: string;
  readonly licenseId: string | null;
}

interface Group extends BusinessFigure {
  readonly sum: DecimalSum;
  readonly licenses: Set<string>;
  records: number;
}

/** Largest total first, then by name, category, unit and currency. */
export function toBusinessTotals(figures: Iterable<BusinessFigure>): readonly BusinessTotal[] {
  const groups = new Map<string, Group>();
  for (const figure of figures) {
    const key = JSON.stringify([figure.metricName, figure.metricCategory, figure.metricUnit, figure.currency]);
    const group = groups.get(key) ?? { ...figure, sum: new DecimalSum(), licenses: new Set<string>(), records: 0 };
    groups.set(key, group);
    group.sum.add(figure.metricValue);
    group.records++;
    if (figure.licenseId !== null) group.licenses.add(figure.licenseId);
  }
  return [...groups.values()].sort(byTotal).map((group) => ({
    metric_name: group.metricName,
    metric_category: group.metricCategory,
    metric_unit: group.metricUnit,
    currency: group.currency,
    total_value: group.sum.toText(),
    records: group.records,
    active_licenses: group.licenses.size,
  }));
}

function byTotal(a: Group, b: Group): number {
  return b.sum.compareTo(a.sum) || compareTexts(keysOf(a), keysOf(b));
}

function keysOf({ metricName, metricCategory, metricUnit, currency }: Group): readonly (string | null)[] {
  return [metricName, metricCategory, metricUnit, currency];
}
