import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ForeignSdk, startForeignSdk } from "../test/foreign-sdk.ts";
import { eventKindOf, tradingEvents } from "./event-catalogue.ts";

describe("the catalogue of events", () => {
  it("names each event once, and finds its kind by its name", () => {
    const all = Object.values(tradingEvents);
    expect(new Set(all.map((event) => event.eventType)).size).toBe(all.length);
    for (const event of all) expect(eventKindOf(event.eventType)).toBe(event.kind);
    expect(eventKindOf("no_such_event")).toBeUndefined();
  });
});

describe("metrics as records", () => {
  let sdk: ForeignSdk;
  beforeAll(() => {
    sdk = startForeignSdk();
  });
  afterEach(() => sdk.reset());
  afterAll(() => sdk.stop());

  it("S4's histogram is a log record whose attributes are its fields", () => {
    tradingEvents.systemMetric.emit({
      metric_name: "response_time",
      metric_type: "histogram",
      service_name: "api",
      metric_value: 245,
      percentile_95: 350,
      metric_unit: "milliseconds",
    });
    const [record] = sdk.logs();
    expect(record).toMatchObject({
      eventName: "trading.system_metric",
      attributes: {
        "trading.metric_name": "response_time",
        "trading.metric_type": "histogram",
        "trading.service_name": "api",
        "trading.metric_value": 245,
        "trading.percentile_95": 350,
        "trading.metric_unit": "milliseconds",
      },
    });
  });

  it("S4's revenue of a user has its value as text, since a number is not exact", () => {
    const revenue = {
      metric_name: "revenue_per_user",
      metric_category: "revenue",
      metric_unit: "usd",
      currency: "USD",
      period_start: "2024-01-01T00:00:00Z",
      period_end: "2024-01-31T23:59:00Z",
      period_type: "monthly",
      calculation_method: "average",
    };
    tradingEvents.businessMetric.emit({ ...revenue, metric_value: "49.99" });
    expect(sdk.logs()[0]).toMatchObject({
      eventName: "trading.business_metric",
      attributes: { "trading.metric_value": "49.99", "trading.currency": "USD" },
    });
    // @ts-expect-error money is text
    const refused: Parameters<typeof tradingEvents.businessMetric.emit>[0] = { ...revenue, metric_value: 49.99 };
    expect(refused.metric_value).toBe(49.99);
  });
});
