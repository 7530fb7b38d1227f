// Metrics as records from the service that measures them to the store: S4's examples, and what the host is asked once a minute.
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { startTelemetry, type Telemetry, tradingEvents } from "@tracebook/node";
import type { Store } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

let dir = "";
let store: Store;
let telemetry: Telemetry;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-records-"));
  store = await openSqliteStore({ path: join(dir, "telemetry.db"), reserveBytes: 0 });
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  telemetry = await startTelemetry(
    {
      ...{ enabled: true, dir, prometheus: false, instrument: ["host"], spool: false },
      ...{ serviceName: "main", instanceId: "main-1" },
    },
    { destinations: [{ name: "desk", take: store.takeOtlp }] },
  );
});
afterEach(async () => {
  await telemetry.shutdown();
  await store.close();
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

it("S4's gauge and histogram arrive with what they say of themselves, and with host and instance of the process", async () => {
  tradingEvents.systemMetric.emit({
    ...{ metric_name: "cpu_usage", metric_type: "gauge", metric_value: 85.5, metric_unit: "percentage" },
    ...{ service_name: "api", host_name: "server-01", instance_id: "api-7", tags: { region: "eu" } },
  });
  tradingEvents.systemMetric.emit({
    ...{ metric_name: "response_time", metric_type: "histogram", metric_value: 245, metric_unit: "milliseconds" },
    ...{ percentile_50: 150, percentile_90: 280, percentile_95: 350, percentile_99: 450 },
  });
  await telemetry.flush();
  expect(await store.systemMetrics({ serviceName: "api" }, 10, 0)).toMatchObject([
    { metric_value: 85.5, metric_type: "gauge", host_name: "server-01", instance_id: "api-7", tags: { region: "eu" } },
  ]);
  expect(await store.systemMetrics({ metricName: "response_time" }, 10, 0)).toMatchObject([
    {
      ...{ metric_type: "histogram", metric_value: 245, percentile_50: 150, percentile_95: 350, percentile_99: 450 },
      ...{ service_name: "main", host_name: hostname(), instance_id: "main-1" },
    },
  ]);
  const { events } = await store.findEvents({ eventType: "system_metric" }, 10, 0);
  expect(events.map((event) => event.instance_id)).toEqual(["main-1", "main-1"]);
});

it("S4's users of a day and revenue of a user arrive exact, with their period and licence", async () => {
  tradingEvents.businessMetric.emit({
    ...{ metric_name: "daily_active_users", metric_category: "user_engagement", license_id: "license-1" },
    ...{ metric_value: "1250", metric_unit: "count", period_type: "daily" },
    ...{ period_start: "2024-01-01T00:00:00Z", period_end: "2024-01-01T23:59:00Z" },
  });
  tradingEvents.businessMetric.emit({
    ...{ metric_name: "revenue_per_user", metric_category: "revenue", metric_unit: "usd", currency: "USD" },
    ...{ metric_value: "0.1234567890123456789012345678", calculation_method: "average", user_id: "user-1" },
    ...{ period_start: "2024-01-01", period_end: "2024-01-31", period_type: "monthly" },
  });
  await telemetry.flush();
  expect(await store.businessMetrics({}, 10, 0)).toMatchObject([
    {
      ...{ metric_name: "revenue_per_user", metric_value: "0.1234567890123456789012345678", currency: "USD" },
      ...{ period_start: "2024-01-01T00:00:00.000000Z", user_id: "user-1", calculation_method: "average" },
    },
    { metric_name: "daily_active_users", metric_value: "1250", license_id: "license-1", period_type: "daily" },
  ]);
});

it("the host's CPU, memory and disk are records of service, host and instance", async () => {
  for (const metricName of ["cpu_usage", "memory_usage", "disk_usage"]) {
    const ask = async () => {
      await telemetry.flush();
      return store.systemMetrics({ metricName, hostName: hostname() }, 10, 0);
    };
    // The machine counts its time in hundredths of a second: within one there is nothing to say.
    await expect.poll(ask, { timeout: 10_000 }).not.toEqual([]);
    const found = await ask();
    for (const metric of found) {
      expect(metric).toMatchObject({ metric_type: "gauge", service_name: "main", instance_id: "main-1" });
      expect(metric.metric_value).toBeGreaterThanOrEqual(0);
      expect(metric.metric_value).toBeLessThanOrEqual(100);
    }
  }
  expect(await store.systemPerformance({ serviceName: "main" })).not.toEqual([]);
});
