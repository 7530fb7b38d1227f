// What an alert says in one line, and which alerts a silence is about.
import { expect, test } from "vitest";
import { parseAlertRule } from "../rules/parse-rule.ts";
import type { AlertSilence } from "./alert.ts";
import { createAlert } from "./new-alert.ts";
import { silenceOf } from "./silences.ts";
import { summaryOf } from "./summary.ts";

const CPU = {
  rule_name: "High CPU Usage",
  rule_type: "metric_threshold",
  severity: "warning",
  labels: { team: "desk" },
  condition_config: { metric: "cpu_usage", operator: ">", threshold: 80 },
};

test("an alert says what its rule measures, or what its author wrote", () => {
  expect(summaryOf(parseAlertRule(CPU), 85.4999999)).toBe("High CPU Usage: avg of cpu_usage over 5 min is 85.5 (> 80)");
  const summary = "{{ rule_name }} of {{labels.team}}: {{value}} > {{threshold}} {{unknown}} {{constructor}}";
  expect(summaryOf(parseAlertRule({ ...CPU, annotations: { summary } }), 0.1 + 0.2)).toBe(
    "High CPU Usage of desk: 0.3 > 80 {{unknown}} {{constructor}}",
  );
});

test("an alert of a group says which one, and bears an id and a fingerprint of its own; without groups they are as ever", () => {
  const condition_config = { ...CPU.condition_config, by: ["host", "constructor"] };
  const summary = "{{labels.host}}{{labels.constructor}}{{labels.toString}}";
  const labels = { ...CPU.labels, host: "h1", constructor: "" };
  const rule = { ...parseAlertRule({ ...CPU, condition_config }), labels };
  const alert = createAlert(rule, 1_000, { value: 85 }, "0123abcd");
  expect(alert.alert_id).toBe("high-cpu-usage-19700101T001640Z-0123abcd");
  expect(alert.labels).toEqual(labels);
  expect(alert.summary).toBe("High CPU Usage: avg of cpu_usage of host h1, constructor (none) over 5 min is 85 (> 80)");
  expect(summaryOf({ ...rule, annotations: { summary } }, 85)).toBe("h1{{labels.toString}}");
  const whole = createAlert(parseAlertRule(CPU), 1_000, { value: 85 });
  expect(whole.alert_id).toBe("high-cpu-usage-19700101T001640Z");
  expect(whole.fingerprint).toBe("9d56351b6d34674f");
  expect(alert.fingerprint).not.toBe(whole.fingerprint);
});

test.each([
  [{ team: "desk" }, true],
  [{ team: "desk", severity: "warning" }, true],
  [{ team: "desk", severity: "error" }, false],
  [{ rule_name: "High *" }, true],
  [{ rule_name: "*CPU*" }, true],
  [{ rule_name: "*CPU" }, false],
  [{ rule_name: "High*High*" }, false],
  [{ region: "*" }, false],
  [{}, false],
])("a silence of %j is about the alert: %s", (matchers, isAbout) => {
  const alert = createAlert(parseAlertRule(CPU), 1_000, { value: 1 });
  const times = { starts_at: "2026-11-20T12:00:00.000000Z", ends_at: "2026-11-20T13:00:00.000000Z" };
  const silence: AlertSilence = {
    silence_id: "s",
    matchers: matchers as Record<string, string>,
    ...times,
    created_by: "ada",
    reason: "drill",
    revision: 0,
  };
  expect(silenceOf(alert, [silence], "2026-11-20T12:30:00.000000Z") === silence).toBe(isAbout);
  expect(silenceOf(alert, [silence], times.ends_at)).toBeUndefined();
});
