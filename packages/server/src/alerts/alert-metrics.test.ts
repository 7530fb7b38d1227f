import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { expect, onTestFinished, test } from "vitest";
import { reportAlertMetrics } from "./alert-metrics.ts";

const STATS = {
  role: "evaluator",
  rules: 5,
  brokenRules: 2,
  alerts: { pending: 0, firing: 1, acknowledged: 0, resolved: 3 },
  lookSeconds: 0.5,
  evaluationSeconds: 0.25,
  evaluationSecondsTotal: 9,
  lagSeconds: 0.75,
  secondsEvaluated: 7,
  notifications: 0,
  failures: 0,
  lateItems: 0,
  earlyItems: 0,
  clockSteps: 0,
} as const;

test("figures are those of the evaluator, and end with it", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  onTestFinished(async () => {
    metrics.disable();
    await provider.shutdown();
  });
  let role: "evaluator" | "standby" = "evaluator";
  const end = reportAlertMetrics(() => ({ ...STATS, role }));
  const collect = async () => {
    exporter.reset();
    await provider.forceFlush();
    return exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap((scope) =>
          scope.metrics.flatMap(({ descriptor, dataPoints }) =>
            dataPoints.map(({ attributes, value }) => [descriptor.name, attributes["state"], value]),
          ),
        ),
      );
  };
  expect(await collect()).toEqual([
    ["tracebook_alert_evaluation_seconds", undefined, 0.25],
    ["tracebook_alert_lag_seconds", undefined, 0.75],
    ["tracebook_alerts", "pending", 0],
    ["tracebook_alerts", "firing", 1],
    ["tracebook_alerts", "acknowledged", 0],
    ["tracebook_alerts", "resolved", 3],
    ["tracebook_alert_rules", "active", 3],
    ["tracebook_alert_rules", "broken", 2],
  ]);
  role = "standby";
  expect(await collect()).toEqual([]);
  end();
});
