import { expect, it } from "vitest";
import { machineRows } from "./machine-rows.ts";
import type { TimelineSeries } from "./use-timeline.ts";

function series(instance: string, value: number, at: string): TimelineSeries {
  return {
    service_name: "api",
    host_name: null,
    instance_id: instance,
    tags: {},
    metric_type: "gauge",
    metric_unit: "%",
    last_value: value,
    last_timestamp: at,
    slices: [],
  };
}

it("puts what an instance uses into one row, its newest record counting", () => {
  const rows = machineRows([
    [series("i-2", 70, "2026-11-20T12:01"), series("i-1", 40, "2026-11-20T12:00")],
    [series("i-1", 55, "2026-11-20T12:05")],
    [],
  ]);
  expect(
    rows.map(({ instance, usages, lastTimestamp }) => [instance, usages.map((one) => one?.last_value), lastTimestamp]),
  ).toEqual([
    ["i-1", [40, 55, undefined], "2026-11-20T12:05"],
    ["i-2", [70, undefined, undefined], "2026-11-20T12:01"],
  ]);
});

it("has of several file systems the fullest", () => {
  const [row] = machineRows([[series("i-1", 40, "a"), series("i-1", 91, "a"), series("i-1", 3, "a")]]);
  expect(row?.usages[0]?.last_value).toBe(91);
});
