// Percentiles in memory, by name.
import { describe, expect, it } from "vitest";
import { createMetricsCollector } from "./metrics-collector.ts";

describe("a metrics collector", () => {
  it("keeps a distribution for each name", () => {
    const collector = createMetricsCollector();
    for (let i = 1; i <= 100; i++) collector.record("book_to_signal_ms", i);
    collector.record("risk_to_send_ms", 7);
    expect(collector.summary("risk_to_send_ms")).toMatchObject({ count: 1, min: 7, avg: 7, p50: 7, p99: 7, max: 7 });
    expect(collector.summary("book_to_signal_ms")).toMatchObject({ count: 100, min: 1, avg: 50.5, max: 100 });
    expect(collector.summary("unknown")).toBeUndefined();
    expect(Object.keys(collector.summaries())).toEqual(["book_to_signal_ms", "risk_to_send_ms"]);
  });

  it("leaves out what is not a finite number of at least 0", () => {
    const collector = createMetricsCollector();
    for (const value of [Number.NaN, -1, Infinity, "3", 5]) collector.record("a", value as number);
    expect(collector.summary("a")).toMatchObject({ count: 1, sum: 5 });
  });

  it("counts values under names beyond two hundred as other", () => {
    const collector = createMetricsCollector();
    for (let i = 0; i < 500; i++) collector.record(`name_${i}`, 1);
    expect(Object.keys(collector.summaries())).toHaveLength(201);
    expect(collector.summary("other")?.count).toBe(300);
  });

  it("forgets everything when it is reset", () => {
    const collector = createMetricsCollector();
    collector.record("a", 1);
    collector.reset();
    expect(collector.summaries()).toEqual({});
    collector.record("b", 2);
    expect(collector.summary("b")?.count).toBe(1);
  });
});
