// Alerts on business metrics: amounts are decimals from the record to the summary.
import type { MetricSample } from "@tracebook/store";
import { describe, expect, test } from "vitest";
import { START } from "../../test/alert-arbitraries.ts";
import { createLiveRun, play } from "../../test/live-run.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";

/** The summary of the alert that a rule gives of these amounts, all of one second; undefined: it does not fire. */
async function summaryOf(
  condition: object,
  amounts: readonly string[],
  source_type = "business_metric",
): Promise<string | undefined> {
  const rule = parseAlertRule({
    ...{ rule_name: "Fees", rule_type: "metric_threshold", source_type, severity: "info" },
    condition_config: { metric: "fees", aggregation: "sum", time_window_minutes: 1, ...condition },
  });
  const run = await createLiveRun([rule]);
  await play(run, amounts.map(sampleOf), 5);
  const [alert] = run.records.alertsById.values();
  return alert?.summary;
}

describe("a rule about a business metric", () => {
  test("adds what cannot be added in doubles, and is exactly its threshold", async () => {
    expect(await summaryOf({ operator: "==", threshold: "0.30" }, ["0.1", "0.2"])).toBe(
      "Fees: sum of fees over 1 min is 0.3 (== 0.30)",
    );
    expect(await summaryOf({ operator: ">", threshold: 0.3 }, ["0.1", "0.2"])).toBeUndefined();
    // Of a system metric the values are doubles: 0.1 + 0.2 is more than 0.3.
    expect(await summaryOf({ operator: ">", threshold: 0.3 }, ["0.1", "0.2"], "system_metric")).toBeDefined();
  });

  test("tells amounts apart that have the same double, and shows them whole", async () => {
    const balance = "12345678901234567890.000000000000000001";
    const condition = { operator: ">", threshold: "12345678901234567890", aggregation: "max" };
    expect(await summaryOf(condition, [balance])).toBe(
      `Fees: max of fees over 1 min is ${balance} (> 12345678901234567890)`,
    );
    expect(await summaryOf(condition, ["12345678901234567890.0"])).toBeUndefined();
  });

  test("compares an average that has no end by its sum", async () => {
    const thirds = ["0.1", "0.1", "0.2"];
    expect(
      await summaryOf({ operator: "==", threshold: 0.1333333333333333, aggregation: "avg" }, thirds),
    ).toBeUndefined();
    expect(await summaryOf({ operator: ">", threshold: 0.1333333333333333, aggregation: "avg" }, thirds)).toBe(
      "Fees: avg of fees over 1 min is 0.13333333333333333 (> 0.1333333333333333)",
    );
  });

  test("keeps the nearest double of the value in the alert", async () => {
    const rule = { operator: ">=", threshold: "1000.10" };
    const run = await createLiveRun([
      parseAlertRule({
        ...{ rule_name: "Fees", rule_type: "metric_threshold", source_type: "business_metric", severity: "info" },
        condition_config: { metric: "fees", aggregation: "sum", ...rule },
      }),
    ]);
    await play(run, ["1000.05", "0.05"].map(sampleOf), 5);
    const [alert] = run.records.alertsById.values();
    expect(alert).toMatchObject({ value: 1000.1, peak_value: 1000.1, threshold: 1000.1 });
    expect((await run.records.rule("fees"))?.condition_config["threshold"]).toBe("1000.10");
  });
});

function sampleOf(text: string): MetricSample {
  return {
    ...{ source: "otlp", metric: "fees", unit: "USD", labels: {}, second: START + 1 },
    ...{ value: Number(text), exact: text, buckets: null, percentiles: null },
  };
}
