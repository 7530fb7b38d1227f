import { type StoredBusinessMetric, StoreError } from "@tracebook/store";
import { expect, test } from "vitest";
import { recordStore } from "../../test/record-store.ts";
import { openTestDesk } from "../../test/test-desk.ts";

const METRIC: StoredBusinessMetric = {
  event_id: 7,
  metric_name: "revenue_per_user",
  metric_category: "revenue",
  metric_value: "12345678901234567890.010000000000000000001",
  metric_unit: "usd",
  currency: "USD",
  period_start: "2026-11-20T00:00:00.000000Z",
  period_end: "2026-11-20T23:59:00.000000Z",
  period_type: "daily",
  calculation_method: "average",
  user_id: null,
  license_id: "l-1",
  tags: { desk: "spot" },
  metric_timestamp: "2026-11-21T00:00:01.000000Z",
};

test("business metrics come by every filter and by pages, their amounts to the last digit", async () => {
  const { store, asked } = await recordStore({ businessMetrics: [{ ...METRIC, event_id: 8 }, METRIC] });
  const { get } = await openTestDesk({ store });
  const { json } = await get(
    "/api/telemetry/business-metrics?start_time=2026-11-01&metric_name=revenue_per_user&metric_category=revenue" +
      "&period_type=daily&currency=USD&license_id=l-1&user_id=u-1&limit=10&offset=1",
  );
  expect(json).toEqual({ metrics: [METRIC], count: 1 });
  expect(asked).toEqual([
    {
      startTime: "2026-11-01T00:00:00.000000Z",
      metricName: "revenue_per_user",
      metricCategory: "revenue",
      periodType: "daily",
      currency: "USD",
      licenseId: "l-1",
      userId: "u-1",
    },
  ]);
});

test("totals are of the periods that began in the last 30 days, unless told otherwise", async () => {
  const total = {
    metric_name: "fees_paid",
    metric_category: null,
    metric_unit: "USDT",
    currency: "USDT",
    total_value: "0.30",
    records: 3,
    active_licenses: 0,
  };
  const { store, asked } = await recordStore({ businessTotals: [total] });
  const { get } = await openTestDesk({ store });
  expect((await get("/api/telemetry/business-totals")).json).toEqual({ totals: [total] });
  const { startTime, endTime } = asked[0] as { startTime: string; endTime: string };
  expect(Date.parse(endTime) - Date.parse(startTime)).toBe(30 * 86_400_000);
  await get("/api/telemetry/business-totals?start_time=2026-11-01&end_time=2026-11-02");
  expect(asked[1]).toEqual({ startTime: "2026-11-01T00:00:00.000000Z", endTime: "2026-11-02T00:00:00.000000Z" });
});

test("user activity is by hour and category, events without a category included", async () => {
  const hours = [
    { hour: "2026-11-20T12:00:00.000000Z", event_category: "authentication", event_count: 5, unique_users: 2 },
    { hour: "2026-11-20T12:00:00.000000Z", event_category: null, event_count: 1, unique_users: 0 },
  ];
  const { store, asked } = await recordStore({ userActivity: hours });
  const { get } = await openTestDesk({ store });
  expect((await get("/api/telemetry/user-activity")).json).toEqual({ hours });
  const { startTime, endTime } = asked[0] as { startTime: string; endTime: string };
  expect(Date.parse(endTime) - Date.parse(startTime)).toBe(86_400_000);
});

test("a store that cannot answer now is a problem with what to do, and nothing of it is kept", async () => {
  const { store } = await recordStore({ businessTotals: [] });
  let isBusy = true;
  const busy = {
    ...store,
    businessTotals: () =>
      isBusy ? Promise.reject(new StoreError("database_busy", "the database is busy")) : Promise.resolve([]),
  };
  const { get } = await openTestDesk({ store: busy });
  const refused = await get("/api/telemetry/business-totals");
  expect([refused.status, refused.json.code]).toEqual([503, "store_busy"]);
  isBusy = false;
  expect((await get("/api/telemetry/business-totals")).json).toEqual({ totals: [] });
});
