import { expect, it } from "vitest";
import { directionOf, orderOf, orderText, type Performance, sortRows } from "./performance-order.ts";

function row(service: string | null, metric: string, avg: number): Performance {
  return {
    service_name: service,
    metric_name: metric,
    metric_unit: "",
    samples: 1,
    avg_value: avg,
    max_value: avg,
    p95_value: avg,
  };
}

const ROWS = [row("bot", "b", 1), row("api", "b", 3), row(null, "a", 2)];
const shown = (sort: string | undefined) =>
  sortRows(ROWS, orderOf(sort)).map(({ service_name: service, metric_name: metric }) => `${metric}/${service}`);

it("sorts names up and numbers down, and turns round what is chosen again", () => {
  expect(shown(undefined)).toEqual(["a/null", "b/api", "b/bot"]);
  expect(shown("-metric_name")).toEqual(["b/api", "b/bot", "a/null"]);
  expect(shown("avg_value")).toEqual(["b/api", "a/null", "b/bot"]);
  expect(shown("-avg_value")).toEqual(["b/bot", "a/null", "b/api"]);
  expect(shown("nonsense")).toEqual(shown(undefined));
});

it("says to screen readers which way it goes", () => {
  expect(["metric_name", "-metric_name", "p95_value", "-p95_value"].map((text) => directionOf(orderOf(text)))).toEqual([
    "ascending",
    "descending",
    "descending",
    "ascending",
  ]);
  expect(orderText(orderOf("avg_value"), "avg_value")).toBe("-avg_value");
  expect(orderText(orderOf("-avg_value"), "avg_value")).toBe("avg_value");
  expect(orderText(orderOf("-avg_value"), "samples")).toBe("samples");
});
