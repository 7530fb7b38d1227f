import { expect, it } from "vitest";
import { durationUnit } from "./duration-unit.ts";

it.each([
  [0, "ms"],
  [1e9, "ms"],
  [0.1, "ms"],
  [0.0999, "µs"],
  [0.0001, "µs"],
  [0.00005, "ns"],
])("shows a stage of typically %d ms in %2$s", (typicalMs, unit) => {
  expect(durationUnit(typicalMs).name).toBe(unit);
});
