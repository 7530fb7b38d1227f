// Figures of alerting, for whoever collects metrics of this process.
import { type BatchObservableResult, metrics } from "@opentelemetry/api";
import type { AlertEngineStats } from "@tracebook/alerts";

/** Reports them through the global meter until the function that is returned is called; without an SDK it costs nothing. */
export function reportAlertMetrics(stats: () => AlertEngineStats | undefined): () => void {
  const meter = metrics.getMeter("@tracebook/server");
  const evaluation = meter.createObservableGauge("tracebook_alert_evaluation_seconds", {
    description: "What the last evaluation of all rules took.",
    unit: "s",
  });
  const lag = meter.createObservableGauge("tracebook_alert_lag_seconds", {
    description: "From the end of the last second that was evaluated to when what came of it was written.",
    unit: "s",
  });
  const alerts = meter.createObservableGauge("tracebook_alerts", {
    description: "Alerts by state: of each rule the newest one.",
    unit: "{alert}",
  });
  const rules = meter.createObservableGauge("tracebook_alert_rules", {
    description: "Rules by state: active, broken.",
    unit: "{rule}",
  });
  const observe = (result: BatchObservableResult) => {
    const now = stats();
    if (now?.role !== "evaluator") return;
    result.observe(evaluation, now.evaluationSeconds);
    result.observe(lag, now.lagSeconds);
    for (const [state, count] of Object.entries(now.alerts)) result.observe(alerts, count, { state });
    result.observe(rules, now.rules - now.brokenRules, { state: "active" });
    result.observe(rules, now.brokenRules, { state: "broken" });
  };
  const observed = [evaluation, lag, alerts, rules];
  meter.addBatchObservableCallback(observe, observed);
  return () => meter.removeBatchObservableCallback(observe, observed);
}
