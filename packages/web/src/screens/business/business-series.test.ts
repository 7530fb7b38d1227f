import { expect, it } from "vitest";
import { type BusinessMetric, businessSeries, periodText, shownUnit } from "./business-series.ts";

function metric(value: string, more: Partial<BusinessMetric> = {}): BusinessMetric {
  return {
    event_id: 1,
    metric_name: "realized_pnl",
    metric_category: "trading",
    metric_value: value,
    metric_unit: "USDT",
    currency: "USDT",
    period_start: "2026-11-20T00:00:00.000000Z",
    period_end: "2026-11-20T23:59:59.999999Z",
    period_type: "daily",
    calculation_method: "sum",
    user_id: null,
    license_id: null,
    tags: {},
    metric_timestamp: "2026-11-21T00:00:00.000000Z",
    ...more,
  };
}

const valuesOf = (records: readonly BusinessMetric[]) =>
  businessSeries(records).map(({ periods }) => periods.map(({ value }) => value));

it("adds up the records of a period exactly, however many digits they have", () => {
  const records = [metric("0.1"), metric("0.2"), metric("12345678901234567890.000000000000000001")];
  expect(valuesOf(records)).toEqual([["12345678901234567890.300000000000000001"]]);
});

it("has periods in their order, oldest first", () => {
  const records = [metric("3", { period_start: "2026-11-22T00:00:00.000000Z" }), metric("1"), metric("1")];
  expect(valuesOf(records)).toEqual([["2", "3"]]);
});

it("leaves out a period of which there may be more records than came", () => {
  const records = [metric("3", { period_start: "2026-11-22T00:00:00.000000Z" }), metric("1"), metric("1")];
  expect(businessSeries(records, true).map(({ periods }) => periods.map(({ value }) => value))).toEqual([["3"]]);
});

it("never adds up other units, currencies, categories or kinds of period", () => {
  const records = [metric("1"), metric("2", { currency: "EUR" }), metric("3", { metric_unit: "{trade}" })];
  expect(valuesOf(records)).toEqual([["1"], ["2"], ["3"]]);
  expect(valuesOf([metric("1"), metric("9", { period_type: "monthly" })])).toEqual([["1", "9"]]);
});

it("takes of averages the one that was written last instead of their sum", () => {
  const records = [metric("50", { calculation_method: "average" }), metric("40", { calculation_method: "average" })];
  expect(businessSeries(records)[0]?.periods).toMatchObject([{ value: "50", records: 2, isSum: false }]);
});

it("writes currencies and units, and no unit of a count", () => {
  expect(shownUnit(metric("1"))).toBe("USDT");
  expect(shownUnit(metric("1", { currency: null, metric_unit: "count" }))).toBe("");
  expect(shownUnit(metric("1", { currency: null, metric_unit: "{trade}" }))).toBe("trade");
  expect(periodText({ start: "2026-11-20T00:00:00.000000Z" })).toBe("2026-11-20");
  expect(periodText({ start: "2026-11-20T12:00:00.000000Z" })).toBe("2026-11-20 12:00");
});
